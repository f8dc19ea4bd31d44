// Buttons that copy a text. Where the browser does not allow it, the text is selected instead.

import { say } from "./notices.js";

const SHOWN_MS = 2_000;

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy], [data-copy-text]");
  if (!button) return;
  const source = button.dataset.copy ? document.querySelector(button.dataset.copy) : undefined;
  const text = button.dataset.copyText ?? source.value ?? source.textContent;
  try {
    await navigator.clipboard.writeText(text);
    said(button, "コピーしました");
  } catch {
    select(source ?? placed(button, text));
    said(button, "Ctrl と C でコピーできます");
  }
});

/** Says so on the button and aloud, and puts the button's own words back. */
function said(button, text) {
  button.dataset.label ??= button.textContent;
  button.textContent = text;
  say(text);
  setTimeout(() => (button.textContent = button.dataset.label), SHOWN_MS);
}

function select(element) {
  if (element.select) return element.select();
  getSelection().selectAllChildren(element);
}

/** The text beside its button, where it stood nowhere on the page. */
function placed(button, text) {
  const shown = document.createElement("span");
  shown.className = "text-block";
  shown.textContent = text;
  button.after(shown);
  return shown;
}
