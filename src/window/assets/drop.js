// <jisseki-drop>: files and whole folders, dropped or chosen, sent together by the form inside, with a bar. Names
// are paths relative to what was dropped. Without scripts the form sends what was chosen in its fields.

import { banner, button, say } from "./notices.js";

const MAX_BYTES = 200 * 1024 * 1024;
const BY_NAME = new Intl.Collator("ja", { numeric: true });

class Drop extends HTMLElement {
  #files = new Map();

  connectedCallback() {
    this.form = this.querySelector("form");
    this.chosen = this.querySelector(".drop-chosen");
    this.max = Number(this.dataset.max) || MAX_BYTES;
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.form.addEventListener("change", (event) => {
      if (event.target.type !== "file") return;
      this.#add([...event.target.files].map((file) => [file.webkitRelativePath || file.name, file]));
      event.target.value = "";
    });
    // The whole window is the target: a file dropped beside it would replace the page.
    addEventListener("dragover", (event) => {
      event.preventDefault();
      this.toggleAttribute("data-over", true);
    });
    addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) this.toggleAttribute("data-over", false);
    });
    addEventListener("drop", async (event) => {
      event.preventDefault();
      this.toggleAttribute("data-over", false);
      const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
      try {
        // The items live only until the first wait: all entries are taken before.
        this.#add((await Promise.all(items.map(dropped))).flat());
      } catch {
        this.#say("error", "読めないファイルがありました。開いているファイルを閉じて、もう一度入れてください。");
      }
    });
    this.#show();
  }

  #add(named) {
    for (const [name, file] of named) this.#files.set(this.#free(name, file), file);
    this.#show();
  }

  /** The name itself, or with a number where another file has it: two folders may hold 「回答.xlsx」. */
  #free(name, file) {
    const [, stem, extension] = name.match(/^(.*?)(\.[^./]*)?$/s);
    let free = name;
    for (let at = 2; this.#files.has(free) && !isSame(this.#files.get(free), file); at++) {
      free = `${stem}（${at}）${extension ?? ""}`;
    }
    return free;
  }

  get #bytes() {
    return [...this.#files.values()].reduce((sum, file) => sum + file.size, 0);
  }

  #show() {
    const count = this.#files.size;
    if (count === 0) return this.chosen.replaceChildren();
    const total = document.createElement("p");
    total.textContent = `${count} 個のファイル、合わせて ${size(this.#bytes)}`;
    const list = document.createElement("ul");
    list.className = "drop-list";
    list.tabIndex = 0;
    list.ariaLabel = "選んだファイル";
    for (const name of [...this.#files.keys()].sort(BY_NAME.compare)) {
      list.append(Object.assign(document.createElement("li"), { textContent: name }));
    }
    const clear = button("選び直す", () => this.#clear(), "tertiary");
    this.chosen.replaceChildren(total, list, clear);
    say(total.textContent);
    this.#tooLarge();
  }

  #clear() {
    this.#files.clear();
    this.#show();
    this.form.querySelector("[type=file]").focus();
  }

  #tooLarge() {
    if (this.#bytes <= this.max) return false;
    const text = `一度に入れられるのは ${size(this.max)} までです。いまは ${size(this.#bytes)} あります。`;
    this.#say("error", `${text}分けて入れてください。`);
    return true;
  }

  #say(kind, text) {
    this.chosen.querySelector(".banner")?.remove();
    this.chosen.append(banner(kind, text));
  }

  #submit(event) {
    event.preventDefault();
    if (this.#files.size === 0) return this.#say("warning", "ファイルがまだ選ばれていません。");
    if (this.request || this.#tooLarge()) return;
    const data = new FormData(this.form);
    data.delete("files");
    for (const [name, file] of this.#files) data.append("files", file, name);
    this.#send(data);
  }

  #send(data) {
    const bar = document.createElement("progress");
    bar.ariaLabel = "送った割合";
    this.chosen.append(bar);
    const end = (text) => {
      this.request = undefined;
      this.form.ariaBusy = null;
      bar.remove();
      this.#say("error", text);
    };
    const request = (this.request = new XMLHttpRequest());
    this.form.ariaBusy = "true";
    request.upload.onprogress = (event) => {
      if (!event.lengthComputable) return;
      bar.max = event.total;
      bar.value = event.loaded;
    };
    request.onload = () => {
      if (request.status < 400) location.assign(request.responseURL);
      else end(sentence(request));
    };
    request.onerror = () => end("送れませんでした。ファイルが開かれていないか、確かめてください。");
    request.open("POST", this.form.action);
    request.send(data);
  }
}

/** Whether a file was chosen twice. */
function isSame(one, other) {
  return one.size === other.size && one.lastModified === other.lastModified;
}

/** The files of one dropped item; one that no folder is behind gives itself. */
function dropped(item) {
  const entry = item.webkitGetAsEntry();
  if (entry) return filesIn(entry);
  const file = item.getAsFile();
  return [[file.name, file]];
}

/** The files in a dropped file or folder, with their paths. `readEntries` gives a hundred at a time, then none. */
async function filesIn(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [[entry.fullPath.replace(/^\//, ""), file]];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    for (const inner of some) found.push(...(await filesIn(inner)));
  }
}

/** What the program answered, if it is a sentence and not a page. */
function sentence(request) {
  const plain = request.getResponseHeader("Content-Type")?.startsWith("text/plain");
  return plain && request.responseText ? request.responseText : "受け取れませんでした。もう一度入れてください。";
}

function size(bytes) {
  const megabytes = bytes / 1024 / 1024;
  return megabytes < 1 ? `${Math.ceil(bytes / 1024)} KB` : `${megabytes.toFixed(1).replace(/\.0$/, "")} MB`;
}

customElements.define("jisseki-drop", Drop);
