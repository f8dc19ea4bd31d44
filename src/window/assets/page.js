// The drawn page beside its table: a link with data-page, or a cell of the drawing that leads to the same page, fetches
// what stands in [data-page-view] and leaves the rest of the page, and the focus, where they are. Each is a page to go
// back to, but those that the arrow keys only pass by.

import { notify, say } from "./notices.js";

let request;
let shown = here();

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-page], [data-page-view] svg a");
  const view = document.querySelector("[data-page-view]");
  const elsewhere = event.button !== 0 || event.ctrlKey || event.shiftKey || event.altKey || event.metaKey;
  if (!link || !view || elsewhere || event.defaultPrevented) return;
  // In a drawing `href` is an object: the attribute is the same in both.
  const href = link.getAttribute("href");
  if (!link.matches("[data-page]") && !isHere(href)) return;
  event.preventDefault();
  if (!mayLeave(view)) return;
  // The arrow keys click by a script.
  const passesBy = !event.isTrusted || href === here();
  show(view, href, () => history[passesBy ? "replaceState" : "pushState"](null, "", href));
});

addEventListener("popstate", () => {
  const view = document.querySelector("[data-page-view]");
  // A link to a place of this page comes here too.
  if (!view || here() === shown) return;
  if (mayLeave(view)) show(view, here(), () => {});
  else history.pushState(null, "", shown);
});

/** The address that is open, without the place in it. */
function here() {
  return location.pathname + location.search;
}

/** Whether something was typed and not written. */
function hasUnwritten(view) {
  const isUnwritten = (field) => field.value !== field.defaultValue || field.ariaInvalid === "true";
  return [...view.querySelectorAll("textarea")].some(isUnwritten);
}

/** What was typed and not written is lost with the page it was typed on: whoever typed it is asked. */
function mayLeave(view) {
  return !hasUnwritten(view) || confirm("入力した内容は、まだマスタに書き込まれていません。この内容を捨てて、ほかの場所を表示しますか。");
}

/** Whether an address is the page that is open, at another place of it. */
function isHere(href) {
  return !href.startsWith("#") && new URL(href, location).pathname === location.pathname;
}

async function show(view, href, remember) {
  request?.abort();
  const mine = (request = new AbortController());
  // What is typed from here on, while the page is on its way, nobody was asked about.
  const mayLose = hasUnwritten(view);
  view.ariaBusy = "true";
  try {
    const response = await fetch(href, { headers: { "X-Fragment": "1" }, signal: mine.signal });
    if (!response.ok) throw new Error(response.statusText);
    const html = await response.text();
    if (!mayLose && hasUnwritten(view)) return;
    put(view, html);
    remember();
    shown = here();
    mark(href);
  } catch {
    if (mine === request && !mine.signal.aborted) notify("warning", "ページを表示できませんでした。もう一度選んでください。");
  } finally {
    if (mine === request) view.ariaBusy = null;
  }
}

function put(view, html) {
  const inside = view.contains(document.activeElement);
  view.innerHTML = html;
  const paper = view.querySelector(".paper");
  if (inside) paper?.focus();
  centre(paper);
  say(view.querySelector("[data-page-title]")?.textContent ?? "ページを表示しました");
}

/** Brings the marked place into the middle of the paper, and moves nothing but the paper. */
function centre(paper) {
  const marked = paper?.querySelector(".marked")?.getBoundingClientRect();
  if (!marked) return;
  const box = paper.getBoundingClientRect();
  paper.scrollTop += marked.top + marked.height / 2 - (box.top + box.height / 2);
  paper.scrollLeft += marked.left + marked.width / 2 - (box.left + box.width / 2);
}

/** The row whose page is shown. */
function mark(href) {
  for (const link of document.querySelectorAll("table a[data-page]")) {
    link.ariaCurrent = link.getAttribute("href") === href ? "true" : null;
  }
}

centre(document.querySelector("[data-page-view] .paper"));
