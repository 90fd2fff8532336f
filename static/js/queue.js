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
  const isSendable = ({ state }) => SENDABLE.has(state);

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

  // Whether something was stored.  Before anything is sent the portal must answer: of what has
  // left the device nobody can say any more that it has not arrived.
  async function send(login) {
    let isStored = false;
    if (!(await all(login)).some(isSendable) || !await self.zhIsReachable()) return false;
    for (const { key } of await all(login)) {
      const entries = await all(login);
      const entry = entries.find((each) => each.key === key);
      // Somebody else may live on this device by now, in another tab.
      if (!entry || !isSendable(entry) || (await owner()) !== login) continue;
      const state = await sendOne(entry, entries);
      isStored ||= state === "accepted";
      if (!state || state === "signed-out") break;
    }
    return isStored;
  }

  /** What has become of it; null: nothing, there was no answer. */
  async function sendOne(kept, entries) {
    const { entry, fault } = await photosAhead(kept);
    const { owner: login } = entry;
    if (!fault) await replace({ ...entry, isSent: true });
    let answer = fault ?? await self.zhPost("/zkh/submit", entry.body, {}, { owner: login });
    const next = after(entry, answer.stale ?? [], entries);
    if (next) answer = await self.zhPost("/zkh/submit", next, {}, { owner: login });
    if (answer.unanswered || answer.isTooSoon) return null;
    const settled = outcome(answer);
    // An answer tells of earlier attempts as well; only who is signed out was not asked.
    const isSent = settled.state === "signed-out" && Boolean(kept.isSent);
    await replace({ ...entry, body: next ?? entry.body, isSent, ...settled });
    return settled.state;
  }

  /** The entry with what its photos are called by now, and the answer that stopped them. */
  async function photosAhead(entry) {
    let now = entry;
    for (const photo of entry.photos ?? []) {
      const form = new FormData();
      form.append("photo", photo.blob, "photo.jpg");
      const how = { timeout: PHOTO_TIMEOUT_MS, owner: entry.owner };
      const answer = await self.zhPost("/zkh/photo", form, {}, how);
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
    const sentence = errors?.[0]?.sentence;
    return { state: "refused", notice: sentence ?? notice, isRepeatable: !sentence };
  }

  // --- what the person has seen ------------------------------------------------------------------

  // Put an entry away.  An accepted one stays unseen while others of its counters wait: they follow
  // its value, and must know it for one of ours.
  async function dismiss({ key, owner: login, state }) {
    if (state !== "accepted") return remove(key);
    const entries = await all(login);
    const seen = entries.find((each) => each.key === key);
    if (seen) await replace({ ...seen, isSeen: true });
    const waiting = new Set(entries.filter(isOpen).flatMap(countersOf));
    for (const each of entries.filter((each) => each.isSeen || each.key === key)) {
      if (!countersOf(each).some((counter) => waiting.has(counter))) await remove(each.key);
    }
    return undefined;
  }

  const isOpen = ({ state }) => state !== "accepted";
  const countersOf = ({ lines }) => lines.map(({ key }) => key);

  self.zhQueue = { put, remove, dismiss, all, clear, owner, belongsTo, flush, isSendable };
})();
