// Shows the roll call that was kept on this device when the board cannot be reached, and nothing else.
"use strict";

const PAGES = "samverk-roll-call";
const KEPT_MS = 12 * 3600 * 1000; // names are shown no longer than the server keeps them

const isKept = (url) => url.pathname.startsWith("/roll-call/") || url.pathname.startsWith("/static/");

const fromStore = async (request) => {
  const pages = await caches.open(PAGES);
  const found = await pages.match(request, { ignoreSearch: true });
  if (!found) return Response.error();
  if (Date.now() - Date.parse(found.headers.get("date") ?? 0) > KEPT_MS) {
    await caches.delete(PAGES);
    return Response.error();
  }
  return found;
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin || !isKept(url)) return;
  event.respondWith(fetch(event.request).catch(() => fromStore(event.request)));
});
