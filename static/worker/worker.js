// The service worker: what a phone shows without a network.  It keeps the files that the entry of
// readings needs, and falls back to the kept «/pad»; a page of the live portal is never kept.
// Before it stand FILES (their paths, the version in each) and the scripts of the queue.
(() => {
  "use strict";
  const KEPT_FILES = `zh-files-${FILES.join()}`;
  const PAD_CACHE = "zh-pad";
  const PAD = "/pad";
  const VERSIONED = "/a/";
  // A navigation that the network neither answers nor refuses.
  const PATIENCE_MS = 8000;
  const NOTHING_KEPT = "<!doctype html><html lang=ru><meta charset=utf-8>"
    + "<meta name=viewport content='width=device-width,initial-scale=1'><title>Нет связи</title>"
    + "<style>body{font:1.125rem/1.5 system-ui,sans-serif;max-width:28rem;margin:20vh auto;"
    + "padding:0 1.25rem;color-scheme:light dark}a{display:inline-block;padding:.75rem 0}</style>"
    + "<h1>Нет связи</h1><p>Портал сейчас недоступен. Ничего из введенного раньше не пропало."
    + "<p><a href=''>Попробовать снова</a>";

  self.addEventListener("install", (event) => {
    self.skipWaiting();
    event.waitUntil(caches.open(KEPT_FILES).then((cache) => cache.addAll(FILES)));
  });

  self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

  async function takeOver() {
    await sweep();
    await self.clients.claim();
  }

  /** The kept form may be older than we are: what it needs stays until it has been kept anew. */
  async function sweep() {
    const text = await (await pad())?.text() ?? "";
    for (const name of await caches.keys()) {
      if (!name.startsWith("zh-files-") || name === KEPT_FILES) continue;
      const files = await (await caches.open(name)).keys();
      const isNeeded = files.some(({ url }) => text.includes(new URL(url).pathname));
      if (!isNeeded) await caches.delete(name);
    }
  }

  self.addEventListener("message", (event) => {
    if (event.data === PAD_CACHE) event.waitUntil(sweep());
  });

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    if (request.method !== "GET") return;
    const { origin, pathname } = new URL(request.url);
    if (origin !== location.origin) return;
    if (request.mode === "navigate") event.respondWith(page(request));
    else if (pathname.startsWith(VERSIONED)) event.respondWith(file(request));
  });

  async function file(request) {
    return (await caches.match(request.url, { ignoreSearch: true })) ?? fetch(request);
  }

  /** The network's answer; instead of none, or of a long silence, the kept form. */
  async function page(request) {
    const answer = fetch(request);
    const kept = await pad();
    if (!kept) return answer.catch(nothing);
    const silence = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, kept));
    return Promise.race([answer.catch(() => kept), silence]);
  }

  async function pad() {
    const cache = await caches.open(PAD_CACHE);
    return cache.match(PAD);
  }

  function nothing() {
    return new Response(NOTHING_KEPT, {
      status: 503,
      headers: { "Content-Type": "text/html; charset=utf-8" },
    });
  }

  self.addEventListener("sync", (event) => {
    if (event.tag === "zh-queue") event.waitUntil(sendAndTell());
  });

  async function sendAndTell() {
    const owner = await self.zhQueue.owner();
    if (owner === undefined) return;
    await self.zhQueue.flush(owner);
    for (const client of await self.clients.matchAll()) client.postMessage("zh-queue");
    const left = await self.zhQueue.all(owner);
    // The browser tries again later only when we fail.
    if (left.some(({ state }) => state === "waiting")) throw new Error("still no network");
  }
})();
