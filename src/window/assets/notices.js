// Banners and short reports that scripts give: what `banner` is in macros.html, and the live region of base.html.

const WORDS = { success: "成功", error: "エラー", warning: "警告" };

/** The token that stands in every form of this page. */
export function token() {
  return document.querySelector('meta[name="jisseki-token"]').content;
}

/** A banner of a kind (success, error, warning, info-1, info-2), with what else stands after its text. */
export function banner(kind, text, ...more) {
  const element = document.createElement("div");
  element.className = `banner banner-${kind}`;
  const word = document.createElement("p");
  word.className = "banner-word";
  word.textContent = WORDS[kind] ?? "お知らせ";
  const body = document.createElement("div");
  body.className = "banner-body";
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  body.append(paragraph, ...more);
  element.append(word, body);
  element.role = kind === "error" || kind === "warning" ? "alert" : "status";
  return element;
}

/** Puts a banner at the head of the page, in the place of an earlier one that said the same. */
export function notify(kind, text, ...more) {
  const notices = document.querySelector("#notices");
  for (const old of notices.children) {
    if (old.querySelector(".banner-body p")?.textContent === text) old.remove();
  }
  notices.prepend(banner(kind, text, ...more));
  notices.firstElementChild.scrollIntoView({ block: "nearest" });
}

/** Says a short text to those who listen instead of looking. */
export function say(text) {
  document.querySelector("#live").textContent = text;
}

/** Whether a key pressed there writes something. */
export function writes(element) {
  return element?.matches?.("input:not([type=checkbox], [type=radio], [type=file]), select, textarea") ?? false;
}
