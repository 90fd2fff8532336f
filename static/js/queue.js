// Entries of readings that wait on this device for the network, in the order in which they were
// made.  Each has the key under which the server stores it once, whoever sends it and how often.
// Pages and the service worker share this: nothing here knows a document.
(() => {
  "use strict";
  const DATABASE = "zh";
  const ENTRIES = "entries";
  const OWNER = "owner";
  const LOCK = "zh-queue";
  const PHOTO_TIMEOUT_MS = 60000;
  const SENDABLE = new Set(["waiting", "signed-out"]);

  // --- the device's storage ----------------------------------------------------------------------

  let opening;

  function database() {
    opening ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(ENTRIES, { keyPath: "key" });
        request.result.createObjectStore(OWNER);
      };
      request.onsuccess = () => {
        // Another tab has a newer version of us: it must not wait for this one.
        request.result.onversionchange = () => { request.result.close(); opening = undefined; };
        resolve(request.result);
      };
      request.onerror = () => { opening = undefined; reject(request.error); };
    });
    return opening;
  }

  /** The result of `ask(store)` once its transaction is on the disk; rejects when it is not. */
  async function within(name, mode, ask) {
    const store = (await database()).transaction(name, mode).objectStore(name);
    const request = ask(store);
    return new Promise((resolve, reject) => {
      store.transaction.oncomplete = () => resolve(request.result);
      store.transaction.onabort = () => reject(store.transaction.error);
    });
  }

  const put = (entry) => within(ENTRIES, "readwrite", (store) => store.put(entry));

  /** What has become of an entry; one that was cleared away meanwhile does not come back. */
  function replace(entry) {
    return within(ENTRIES, "readwrite", (store) => {
      const standing = store.getKey(entry.key);
      standing.onsuccess = () => { if (standing.result !== undefined) store.put(entry); };
      return standing;
    });
  }

  const remove = (key) => within(ENTRIES, "readwrite", (store) => store.delete(key));

  /** What `owner` has on this device, the oldest first. */
  async function all(owner) {
    const entries = await within(ENTRIES, "readonly", (store) => store.getAll());
    return entries
      .filter((entry) => entry.owner === owner)
      .sort((one, other) => one.enteredAt - other.enteredAt);
  }

  async function clear(owner) {
    for (const { key } of await all(owner)) await remove(key);
  }

  /** Whose readings are kept here; undefined: nobody's. */
  const owner = () => within(OWNER, "readonly", (store) => store.get("login"));

  function belongsTo(login) {
    return within(OWNER, "readwrite", (store) => {
      return login === undefined ? store.delete("login") : store.put(login, "login");
    });
  }

  // --- sending -------------------------------------------------------------------------------------

  /** Send what waits.  One sender at a time; where there is no lock, the keys see to it. */
  function flush(login) {
    if (!navigator.locks) return send(login);
    return navigator.locks.request(LOCK, () => send(login));
  }

  /** Whether something was stored. */
  async function send(login) {
    let isStored = false;
    for (const { key } of await all(login)) {
      const entries = await all(login);
      const entry = entries.find((each) => each.key === key);
      if (!entry || !SENDABLE.has(entry.state)) continue;
      const state = await sendOne(entry, entries);
      isStored ||= state === "accepted";
      if (!state || state === "signed-out") break;
    }
    return isStored;
  }

  /** What has become of it; null: nothing, there was no answer. */
  async function sendOne(kept, entries) {
    const { entry, fault } = await photosAhead(kept);
    let answer = fault ?? await self.zhPost("/zkh/submit", entry.body);
    const next = after(entry, answer.stale ?? [], entries);
    if (next) answer = await self.zhPost("/zkh/submit", next);
    if (answer.unanswered) return null;
    const settled = outcome(answer);
    await replace({ ...entry, body: next ?? entry.body, ...settled });
    return settled.state;
  }

  /** The entry with what its photos are called by now, and the answer that stopped them. */
  async function photosAhead(entry) {
    let now = entry;
    for (const photo of entry.photos ?? []) {
      const form = new FormData();
      form.append("photo", photo.blob, "photo.jpg");
      const answer = await self.zhPost("/zkh/photo", form, {}, PHOTO_TIMEOUT_MS);
      if (!answer.hash) return { entry: now, fault: answer };
      const fields = new URLSearchParams(now.body);
      fields.set(photo.name, answer.hash);
      const photos = now.photos.filter((each) => each !== photo);
      now = { ...now, body: fields.toString(), photos };
      await replace(now);
    }
    return { entry: now };
  }

  // Two readings of one counter were made without a network: the later one follows the earlier
  // one, which its form could not know of.  Null: somebody else's came in between.
  function after(entry, stale, entries) {
    if (!stale.length || !stale.every((newest) => isOurs(newest, entries))) return null;
    const fields = new URLSearchParams(entry.body);
    for (const { key, seen } of stale) fields.set(`seen:${key}`, seen);
    return fields.toString();
  }

  function isOurs({ key, value }, entries) {
    return entries.some(({ state, body }) => {
      if (state !== "accepted") return false;
      const typed = self.zhAmounts.parse(new URLSearchParams(body).get(`value:${key}`) ?? "");
      return typed !== null && String(typed) === value;
    });
  }

  function outcome({ state, number, notice, errors, stale, html }) {
    if (state === "done") return { state: "accepted", number };
    if (state === "signed-out") return { state, notice };
    if (html) return { state: "questioned", notice };
    if (stale?.length) return { state: "overtaken", notice, stale };
    return { state: "refused", notice: errors?.[0]?.sentence ?? notice };
  }

  self.zhQueue = { put, remove, all, clear, owner, belongsTo, flush };
})();
