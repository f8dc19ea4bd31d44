// Ticks: all or none of a group at once, and how many of the form are set. Without scripts, one by one.

for (const form of document.querySelectorAll("form:has([data-ticked])")) follow(form);

function follow(form) {
  const ticks = [...form.querySelectorAll("input[type=checkbox]")];
  const told = form.querySelector("[data-ticked]");
  const tell = () => {
    const set = ticks.filter((tick) => tick.checked).length;
    told.textContent = `${ticks.length.toLocaleString()}件のうち、${set.toLocaleString()}件を選んでいます。`;
  };

  for (const choice of form.querySelectorAll("[data-ticks]")) {
    choice.hidden = false;
    choice.addEventListener("click", ({ target }) => {
      const wanted = target.closest("[data-tick]")?.dataset.tick;
      if (!wanted) return;
      const own = choice.closest("details").querySelectorAll("input[type=checkbox]");
      for (const tick of own) tick.checked = wanted === "all";
      tell();
    });
  }
  form.addEventListener("change", tell);
  addEventListener("pageshow", tell);
  tell();
}
