// What every page does: it counts itself, so that the program ends with its last page, says so when the
// program is gone, and lets no form be sent twice. The other modules are loaded from here.

import "./keys.js";
import "./rows.js";
import "./refresh.js";
import "./job.js";
import "./copy.js";
import "./drop.js";
import "./page.js";
import "./ticks.js";
import { banner, notify, token } from "./notices.js";

/** An address of this window: all begin as that of this module does. */
const here = (path) => new URL(`../${path}`, import.meta.url);

const PING_MS = 20_000;
const RETRY_MS = 2_000;

const life = new URLSearchParams({ token: token(), page: crypto.randomUUID() });
const pages = new BroadcastChannel("jisseki");
let timer;
let failures = 0;
let ended = false;

async function ping() {
  clearTimeout(timer);
  if (ended) return;
  const answered = await fetch(here(`ping?${life}`), { method: "POST" }).then(
    (response) => response.ok,
    () => false,
  );
  failures = answered ? 0 : failures + 1;
  if (failures === 2) gone();
  else timer = setTimeout(ping, answered ? PING_MS : RETRY_MS);
}

/** The program does not answer any more: said once, at the head of the page. */
function gone() {
  if (ended) return;
  ended = true;
  clearTimeout(timer);
  document.dispatchEvent(new Event("jisseki:ended"));
  notify("error", "jisseki は終了しています。もう一度ダブルクリックしてください。");
}

/** Somebody ended the program: nothing on this page would work any more. */
function goodbye() {
  if (ended) return;
  ended = true;
  clearTimeout(timer);
  document.dispatchEvent(new Event("jisseki:ended"));
  const main = document.querySelector("main");
  const title = Object.assign(document.createElement("h1"), { textContent: "終了しました" });
  const text = "この画面は閉じてかまいません。もう一度使うときは、jisseki をダブルクリックしてください。";
  main.replaceChildren(title, banner("success", text));
  document.querySelectorAll(".site-header, .steps").forEach((element) => element.remove());
  main.focus();
}

async function quit(form) {
  const body = new URLSearchParams(new FormData(form));
  const response = await fetch(form.action, { method: "POST", headers: { "X-Fragment": "1" }, body }).catch(() => undefined);
  if (!response) return gone();
  if (!response.ok) return notify("warning", await response.text());
  pages.postMessage("ended");
  goodbye();
}

/** Opens something beside the page. */
async function stay(form) {
  const response = await fetch(form.action, { method: "POST", headers: { "X-Fragment": "1" } }).catch(() => undefined);
  if (!response) return gone();
  if (!response.ok) notify("warning", await response.text());
}

pages.addEventListener("message", (event) => event.data === "ended" && goodbye());
addEventListener("pageshow", (event) => {
  // A page that the browser kept shows what was true once.
  if (event.persisted) location.reload();
  else ping();
});
addEventListener("pagehide", () => navigator.sendBeacon(here(`bye?${life}`)));
// A page that holds a lock is not put to sleep by the browser.
navigator.locks?.request("jisseki", { mode: "shared" }, () => new Promise(() => {}));

addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.matches("[data-quit]")) {
    event.preventDefault();
    quit(form);
  } else if (form.matches("[data-stay]")) {
    event.preventDefault();
    stay(form);
  } else if (form.ariaBusy === "true") {
    event.preventDefault();
  } else {
    form.ariaBusy = "true";
  }
});

// A region that has nothing to scroll is no stop for the Tab key.
const regions = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const scrolls = target.scrollWidth > target.clientWidth || target.scrollHeight > target.clientHeight;
    if (scrolls) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
document.querySelectorAll(".scroll").forEach((region) => regions.observe(region));
