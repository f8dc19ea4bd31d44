// Banners and short reports that scripts give: what `banner` is in macros.html, and the live region of base.html.

const WORDS = { success: "成功", error: "エラー", warning: "警告" };

/** The token that stands in every form of this page. */
export function token() {
  return document.querySelector('meta[name="jisseki-token"]').content;
}

/** A small button; its look is the class without `button-`. */
export function button(text, onClick, look = "secondary") {
  const element = document.createElement("button");
  element.type = "button";
  element.className = `button button-${look} button-small`;
  element.textContent = text;
  element.addEventListener("click", onClick);
  return element;
}

/** A banner of a kind (success, error, warning, info-1, info-2), with buttons after its text. */
export function banner(kind, text, ...buttons) {
  const element = document.createElement("div");
  element.className = `banner banner-${kind}`;
  element.role = kind === "error" || kind === "warning" ? "alert" : "status";
  const word = document.createElement("p");
  word.className = "banner-word";
  word.textContent = WORDS[kind] ?? "お知らせ";
  const body = document.createElement("div");
  body.className = "banner-body";
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  const actions = document.createElement("div");
  actions.className = "actions";
  actions.append(...buttons);
  body.append(paragraph, ...(buttons.length ? [actions] : []));
  element.append(word, body);
  return element;
}

/** Shows a banner at the upper edge of the window until it is closed, in the place of the last one. An error stays. */
export function notify(kind, text, ...buttons) {
  const alerts = document.querySelector("#alerts");
  const close = button("閉じる", () => alerts.replaceChildren(), "tertiary");
  alerts.replaceChildren(banner(kind, text, ...buttons, ...(kind === "error" ? [] : [close])));
}

/** Says a short text to those who listen instead of looking. */
export function say(text) {
  document.querySelector("#live").textContent = text;
}

/** Whether a key pressed there writes something. */
export function writes(element) {
  return element?.matches?.("input:not([type=checkbox], [type=radio], [type=file]), select, textarea") ?? false;
}
