// A roll call that goes on without the server: ticks are kept on this device and merged with all others' when it can be
// reached. A tick is never lost and never counted twice: each has an id of its own, and taking back names that id.
"use strict";

(() => {
  const SYNC_MS = 2000;
  const SAY_MS = 10000; // a listener is told at most one thing in this time
  const SENT_MAX = 100; // as many as the server takes at once
  const PAGES = "samverk-roll-call";

  const lists = document.getElementById("lists");
  if (!lists) return;
  const kept = `samverk-roll-call-${lists.dataset.call}`;
  const by = (name) => document.getElementById(name);

  by("print").hidden = false;
  by("print").addEventListener("click", () => window.print());

  const forget = async () => {
    localStorage.removeItem(kept);
    if (window.caches) await caches.delete(PAGES);
  };
  const isEnded = lists.hasAttribute("data-ended");

  const state = JSON.parse(localStorage.getItem(kept) ?? "null") ?? { ticks: {}, unsent: [] };
  const people = [...lists.querySelectorAll("[data-person]")];
  const order = new Map(people.map((one, at) => [one, at]));
  const home = new Map(people.map((one) => [one, one.closest("#uncertain") ? "uncertain" : "missing"]));
  let saidAt = -Infinity;
  let saying = 0;

  const keep = () => localStorage.setItem(kept, JSON.stringify(state));
  const standing = (person) =>
    Object.values(state.ticks).filter((one) => one.person === person && !one.is_taken_back);

  const put = (row, list) => {
    if (row.parentElement === list) return;
    const next = [...list.children].find((one) => order.get(one) > order.get(row));
    list.insertBefore(row, next ?? null);
  };

  const draw = () => {
    if (isEnded) return;
    let found = 0;
    for (const row of people) {
      const isFound = standing(row.dataset.person).length > 0;
      found += isFound;
      put(row, by(isFound ? "found" : home.get(row)));
      const button = row.querySelector("button");
      const name = row.querySelector("strong").textContent;
      const words = lists.dataset;
      button.value = isFound ? "back" : "found";
      button.textContent = isFound ? words.back : `✓ ${words.found}`;
      button.setAttribute("aria-label", (isFound ? words.backSaid : words.foundSaid).replace("%", name));
      button.classList.toggle("main", !isFound);
    }
    const left = people.length - found;
    const isNews = by("left-count").textContent !== String(left);
    by("left-count").textContent = left;
    by("found-count").textContent = found;
    if (by("all-found")) by("all-found").hidden = left > 0;
    if (isNews && !saying) saying = setTimeout(tell, Math.max(0, saidAt + SAY_MS - performance.now()));
  };

  const tell = () => {
    saying = 0;
    saidAt = performance.now();
    by("say").textContent = by("say").dataset.said.replace("%", by("left-count").textContent);
  };

  const press = (row) => {
    const person = row.dataset.person;
    const standingNow = standing(person);
    const next = row.nextElementSibling ?? row.previousElementSibling;
    if (standingNow.length) {
      for (const one of standingNow) one.is_taken_back = true;
      state.unsent.push(...standingNow.map((one) => one.id));
    } else {
      const bytes = crypto.getRandomValues(new Uint8Array(16));
      const id = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
      state.ticks[id] = { id, person, at: new Date().toISOString(), is_taken_back: false };
      state.unsent.push(id);
    }
    keep();
    draw();
    (next ?? row).querySelector("button").focus();
    sync();
  };

  const merge = (ticks) => {
    for (const one of ticks) {
      const known = state.ticks[one.id];
      state.ticks[one.id] = { ...one, is_taken_back: one.is_taken_back || Boolean(known?.is_taken_back) };
    }
  };

  let running = null;
  const sync = () => {
    running ??= exchange().finally(() => (running = null));
    return running;
  };

  const exchange = async () => {
    const sent = [...new Set(state.unsent)].slice(0, SENT_MAX);
    const ticks = sent.map((id) => state.ticks[id]);
    const marks = new Map(ticks.map((one) => [one.id, one.is_taken_back]));
    try {
      const answer = await fetch(`/roll-call/${lists.dataset.call}/ticks`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          ticks: ticks.map((one) => ({ id: one.id, person: one.person, at: one.at, taken_back: one.is_taken_back })),
        }),
        signal: AbortSignal.timeout(5000),
      });
      by("signed-out").hidden = answer.status !== 401;
      if (answer.ok) {
        const told = await answer.json();
        // One that was taken back while it was on its way is sent again.
        state.unsent = state.unsent.filter((id) => !(marks.has(id) && marks.get(id) === state.ticks[id].is_taken_back));
        by("newer").hidden = !told.newer;
        if (told.newer) by("newer").querySelector("a").href = `/roll-call/${told.newer}${location.search}`;
        merge(told.ticks);
        keep();
        draw();
        if (isEnded) {
          await forget();
          location.reload();
        } else if (told.ended || told.people !== people.length) {
          location.reload();
        }
      }
      by("offline").hidden = answer.ok || answer.status === 401;
    } catch {
      by("offline").hidden = false;
    }
  };

  // A device may have been away over the end: what it found is told, and then nothing stays on it.
  if (isEnded) {
    if (state.unsent.length) sync();
    else forget();
    return;
  }

  // Nothing that was ticked here may miss the end.
  document.querySelector("form[action*='/end']").addEventListener("submit", async (event) => {
    if (!state.unsent.length) return;
    event.preventDefault();
    // Twice: the first may have been on its way before the last tick.
    for (let turn = 0; turn < 2 && state.unsent.length; turn += 1) await sync();
    if (!state.unsent.length) event.target.submit();
  });

  lists.addEventListener("submit", (event) => {
    event.preventDefault();
    press(event.target.closest("[data-person]"));
  });

  // The page itself is kept too, so that it opens again without any server. Only where browsers allow it: over TLS.
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker
      .register("/worker.js")
      .then(() => navigator.serviceWorker.ready)
      .then(async () => {
        const pages = await caches.open(PAGES);
        const wanted = ["link[rel=stylesheet]", "script[src]"].flatMap((one) =>
          [...document.querySelectorAll(one)].map((found) => found.href || found.src),
        );
        await pages.addAll(wanted);
        const page = await fetch(location.href);
        if (page.ok) await pages.put(location.href, page);
        by("kept").hidden = false;
      })
      .catch(() => {});
  }

  keep();
  draw();
  sync();
  setInterval(sync, SYNC_MS);
  window.addEventListener("online", sync);
})();
