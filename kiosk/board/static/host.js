// Keys, filter and marks of the hosts' page. Without it everything is there and works by forms.
"use strict";

(() => {
  const CHANGED_MS = 10000; // how long a changed row is marked
  const KEYS = "samverk-keys";
  const ROWS = "samverk-rows";

  const help = document.getElementById("help");
  const keys = document.getElementById("keys");
  const isOn = document.getElementById("keys-on");
  const filter = document.getElementById("filter");
  const pickAll = document.getElementById("pick-all");
  const changed = document.getElementById("live").dataset.changed;

  isOn.checked = localStorage.getItem(KEYS) !== "off";
  isOn.addEventListener("change", () => localStorage.setItem(KEYS, isOn.checked ? "on" : "off"));
  help.hidden = false;
  help.addEventListener("click", () => keys.showModal());

  const writes = (one) => one.isContentEditable || one.matches("input:not([type=checkbox]), select, textarea");

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && filter && filter.value) {
      filter.value = "";
      sieve();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || keys.open || !isOn.checked || writes(event.target)) return;
    const found = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!found || found.hidden) return;
    event.preventDefault();
    if (found.matches("input, select")) found.focus();
    else found.click();
  });

  const rows = () => [...document.querySelectorAll("tr[data-row]")];

  const sieve = () => {
    const wanted = filter.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows()) {
      const text = [...row.children].slice(1, 6).map((one) => one.textContent).join(" ").toLocaleLowerCase();
      row.hidden = !wanted.every((one) => text.includes(one));
      shown += !row.hidden;
    }
    const say = document.getElementById("say");
    if (!shown) say.textContent = filter.dataset.none;
  };

  if (filter) {
    filter.closest("label").hidden = false;
    filter.addEventListener("input", sieve);
  }

  if (pickAll) {
    pickAll.closest("label").hidden = false;
    pickAll.addEventListener("change", () => {
      for (const row of rows()) {
        const box = row.querySelector("input[form=picked]");
        if (box && !row.hidden) box.checked = pickAll.checked;
      }
    });
  }

  // Names do not stay on a page that nobody looks at. It is said beforehand, and one press keeps them.
  const hiding = document.getElementById("hiding");
  if (hiding) {
    const timers = [];
    const begin = () => {
      timers.splice(0).forEach(clearTimeout);
      hiding.hidden = true;
      const namesMs = hiding.dataset.namesS * 1000;
      timers.push(setTimeout(() => (hiding.hidden = false), namesMs - hiding.dataset.warningS * 1000));
      timers.push(setTimeout(() => location.assign(hiding.dataset.next), namesMs));
    };
    hiding.querySelector("button").addEventListener("click", begin);
    begin();
  }

  // What stands in a row is remembered without its name, and a row that stands otherwise than before is marked.
  const before = JSON.parse(sessionStorage.getItem(ROWS) ?? "{}");
  const now = {};
  for (const row of rows()) {
    now[row.dataset.row] = row.dataset.stands;
    if (Object.keys(before).length && before[row.dataset.row] !== row.dataset.stands) {
      const note = document.createElement("span");
      note.className = "note";
      note.textContent = ` ✦ ${changed}`;
      row.classList.add("changed");
      row.querySelector("th").append(note);
      setTimeout(() => {
        row.classList.remove("changed");
        note.remove();
      }, CHANGED_MS);
    }
  }
  if (rows().length) sessionStorage.setItem(ROWS, JSON.stringify(now));
})();
