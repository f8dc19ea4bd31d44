// A long job: what is being done, a bar, and the way on when it is done. To stop it is a plain form.

for (const section of document.querySelectorAll("[data-job]")) follow(section);

function follow(section) {
  const events = new EventSource(section.dataset.job);
  const text = section.querySelector(".job-step");
  const bar = section.querySelector("progress");

  events.addEventListener("step", ({ data }) => {
    const [, value, max, rest] = data.match(/^(\d+)\/(\d+) (.*)$/s) ?? [];
    if (max) {
      bar.max = Number(max);
      bar.value = Number(value);
    }
    text.textContent = rest ?? data;
  });
  events.addEventListener("done", () => {
    events.close();
    location.replace(section.dataset.done);
  });
  addEventListener("pagehide", () => events.close());
  document.addEventListener("jisseki:ended", () => events.close());
}
