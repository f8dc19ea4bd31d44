// Keys: `?` lists them, `g` and a figure goes to a step. Single keys act only outside of fields, and can be
// switched off (WCAG 2.1.4), which this browser remembers.

import { writes } from "./notices.js";

const STORED = "jisseki-keys";
const AFTER_G_MS = 1_500;

const dialog = document.querySelector("#keys");
const opener = document.querySelector("[data-keys]");
const choice = dialog.querySelector("[data-keys-on]");
let afterG = 0;

opener.hidden = false;
opener.addEventListener("click", () => dialog.showModal());
choice.checked = localStorage.getItem(STORED) !== "off";
choice.addEventListener("change", () => localStorage.setItem(STORED, choice.checked ? "on" : "off"));

document.addEventListener("keydown", (event) => {
  const modified = event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
  if (!choice.checked || modified || event.defaultPrevented || writes(event.target) || dialog.open) return;
  if (event.key === "?") {
    event.preventDefault();
    dialog.showModal();
  } else if (event.key === "g") {
    afterG = event.timeStamp;
  } else if (/^[1-9]$/.test(event.key) && afterG && event.timeStamp - afterG < AFTER_G_MS) {
    document.querySelector(`.steps li:nth-child(${event.key}) a`)?.click();
    afterG = 0;
  }
});
