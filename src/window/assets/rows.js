// Tables whose rows are walked by the arrow keys: the first link of the row that was last in use is the table's
// stop for the Tab key, Enter opens it as any link. With data-rows="follow" the row walked to is shown at once.

const FOLLOW_MS = 150;

for (const table of document.querySelectorAll("table[data-rows]")) walk(table);

function walk(table) {
  const rows = [...table.querySelectorAll("tbody > tr")];
  const links = rows.map((row) => row.querySelector("a[href]")).filter(Boolean);
  if (links.length === 0) return;
  let timer;

  const stop = (link) => links.forEach((other) => (other.tabIndex = other === link ? 0 : -1));
  stop(links.find((link) => link.ariaCurrent) ?? links[0]);

  table.addEventListener("focusin", (event) => {
    if (links.includes(event.target)) stop(event.target);
  });
  // Who opens a row himself need not have it shown once more.
  table.addEventListener("click", () => clearTimeout(timer));
  table.addEventListener("keydown", (event) => {
    const at = links.indexOf(event.target);
    if (at < 0 || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: links.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const link = links[Math.min(Math.max(to, 0), links.length - 1)];
    link.focus();
    if (table.dataset.rows !== "follow" || link === event.target) return;
    clearTimeout(timer);
    timer = setTimeout(() => link.matches("[data-page]") && link.click(), FOLLOW_MS);
  });
}
