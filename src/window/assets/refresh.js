// A page that shows the master follows it: on `changed` it loads itself again, unless somebody is editing on it;
// then it asks. One page of all listens to the program (a browser keeps only six connections to one address) and
// tells the others.

import { button, notify, writes } from "./notices.js";

const STORED = "jisseki-focus";
const address = document.body.dataset.events;
let leaving = false;

if (address) {
  const others = new BroadcastChannel(address);
  others.addEventListener("message", changed);
  navigator.locks.request(address, () => listen(others));
  // Who goes to another page is not held back on this one.
  addEventListener("beforeunload", () => (leaving = true));
  refocus();
}

/** Holds the lock, and so the connection, until the page is left; when the program has ended, nobody is to ask it. */
function listen(others) {
  const events = new EventSource(address);
  events.addEventListener("changed", () => {
    others.postMessage("changed");
    changed();
  });
  document.addEventListener("jisseki:ended", () => events.close());
  return new Promise((release) => {
    addEventListener("pagehide", () => {
      events.close();
      release();
    });
  });
}

function changed() {
  if (leaving) return;
  if (!edited()) return reload();
  notify("info-1", "マスタが変わりました。入力中の内容は、読み直すと消えます。", button("読み直す", reload));
}

/** Whether something was entered or ticked on this page, or is about to be. */
function edited() {
  if (writes(document.activeElement) || document.querySelector("dialog[open], form[aria-busy]")) return true;
  return [...document.querySelectorAll("main :is(input, select, textarea)")].some((control) => {
    if (control.type === "file") return control.files.length > 0;
    if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
    if (control.options) return [...control.options].some((one) => one.defaultSelected && !one.selected);
    return control.value !== control.defaultValue;
  });
}

/** Without the reset some browsers put what was entered into the fields of the page that comes. */
function reload() {
  const element = document.activeElement;
  sessionStorage.setItem(STORED, JSON.stringify({ id: element?.id, href: element?.getAttribute("href") }));
  for (const form of document.forms) form.reset();
  location.reload();
}

/** The focus goes back to where it was before the page loaded itself again. */
function refocus() {
  const { id, href } = JSON.parse(sessionStorage.getItem(STORED) ?? "{}");
  sessionStorage.removeItem(STORED);
  const element = id ? document.getElementById(id) : href && document.querySelector(`a[href="${CSS.escape(href)}"]`);
  element?.focus({ preventScroll: true });
}
