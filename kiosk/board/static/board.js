// Keeps the live part of the page fresh: swaps in what the server has rendered. Renders nothing itself.
"use strict";

(() => {
  const SAY_MS = 10000; // a listener is told at most one thing in this time
  const CHANGED_MS = 10000; // how long a changed zone is marked
  const AGAIN_MS = 10000; // a refused stream is tried again after this long

  const live = document.getElementById("live");
  const lost = document.getElementById("lost");
  const say = document.getElementById("say");
  const pause = document.getElementById("pause");
  if (!live || !window.EventSource) return;

  let held = null;
  let isPaused = false;
  let saidAt = -Infinity;
  let saying = 0;
  const marks = new Map();

  const states = () =>
    new Map([...live.querySelectorAll("[data-zone]")].map((zone) => [zone.dataset.zone, zone.dataset.state]));

  const mark = () => {
    for (const zone of live.querySelectorAll("[data-zone]")) {
      const isMarked = (marks.get(zone.dataset.zone) ?? 0) > performance.now();
      zone.classList.toggle("changed", isMarked);
      const note = zone.querySelector(".note");
      if (isMarked && !note) {
        const fresh = document.createElement("span");
        fresh.className = "note";
        fresh.textContent = "✦ " + live.dataset.changed;
        zone.querySelector("h3").append(fresh);
      } else if (!isMarked && note) {
        note.remove();
      }
    }
  };

  const tell = () => {
    saying = 0;
    saidAt = performance.now();
    say.textContent = live.querySelector("[data-say]")?.dataset.say ?? "";
  };

  const show = (html) => {
    const before = states();
    live.innerHTML = html;
    // The board has been updated under an open page: load the page that belongs to it.
    const version = live.querySelector("[data-version]")?.dataset.version;
    if (version && version !== live.dataset.version) location.reload();
    let isNews = false;
    for (const [zone, state] of states()) {
      if (before.has(zone) && before.get(zone) !== state) {
        isNews = true;
        marks.set(zone, performance.now() + CHANGED_MS);
        setTimeout(mark, CHANGED_MS + 50);
      }
    }
    mark();
    if (isNews && !saying) saying = setTimeout(tell, Math.max(0, saidAt + SAY_MS - performance.now()));
  };

  const open = () => {
    const events = new EventSource(live.dataset.events);
    events.addEventListener("open", () => {
      lost.hidden = true;
    });
    events.addEventListener("error", () => {
      lost.hidden = false;
      if (events.readyState === EventSource.CLOSED) setTimeout(open, AGAIN_MS);
    });
    events.addEventListener("picture", (event) => {
      if (isPaused) held = event.data;
      else show(event.data);
    });
  };

  if (pause) {
    pause.hidden = false;
    pause.addEventListener("click", () => {
      isPaused = !isPaused;
      pause.textContent = isPaused ? pause.dataset.resume : pause.dataset.pause;
      pause.setAttribute("aria-pressed", String(isPaused));
      if (!isPaused && held !== null) show(held);
      held = null;
    });
  }
  open();
})();
