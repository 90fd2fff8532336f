// Readings without a network: kept on this device, sent when it is back, gone at sign-out.
(() => {
  "use strict";
  const queue = self.zhQueue;
  const { owner, drop } = window.zhTyping;
  const PAD_CACHE = "zh-pad";
  const PAD = "/pad";
  const TRY_EVERY_MS = 15000;
  const QUIET_AFTER_LOAD_MS = 4000;
  const NO_ROOM = "На телефоне нет места, сохранить показания не удалось. Запишите их и передайте, "
    + "когда появится связь";

  const root = () => document.querySelector("[data-owner]");

  /** Whether this browser was told to remember the person: nothing is kept for others. */
  const isKept = () => Boolean(root()?.hasAttribute("data-keep") && self.indexedDB);

  // --- into the queue ------------------------------------------------------------------------------

  // Keep an entry until the network is back: `body` is what the second tap would send, `isSent`
  // that it was sent and not answered, `photos` go ahead of it ({ name, blob } each).  Returns
  // null, or the sentence that says why not.
  async function keep(body, { isSent = false, photos = [] } = {}) {
    const fields = new URLSearchParams(body);
    try {
      await queue.put({
        key: fields.get("key"),
        owner: owner(),
        body,
        isSent,
        photos,
        lines: linesOf(fields),
        takenOn: fields.get("taken_on"),
        enteredAt: Date.now(),
        state: "waiting",
      });
    } catch {
      return NO_ROOM;
    }
    drop(fields);
    draw();
    askForSync();
    return null;
  }

  function linesOf(fields) {
    return [...fields]
      .filter(([name, value]) => name.startsWith("value:") && value.trim())
      .map(([name, value]) => {
        const key = name.slice("value:".length);
        const row = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
        return { key, name: row?.dataset.name ?? "", value };
      });
  }

  async function askForSync() {
    try {
      const worker = await navigator.serviceWorker?.ready;
      await worker?.sync?.register("zh-queue");
    } catch {
      // Without it the next opening of the portal sends.
    }
  }

  // --- out of the queue ----------------------------------------------------------------------------

  let isSending = false;

  /** What is left then. */
  async function flush() {
    if (isSending || !isKept()) return entries();
    isSending = true;
    try {
      if (await queue.flush(owner())) await keepPad();
    } catch {
      // The device's storage is gone, or the network again: there is nothing to do now.
    } finally {
      isSending = false;
      await draw();
    }
    return entries();
  }

  async function entries() {
    try {
      return owner() ? await queue.all(owner()) : [];
    } catch {
      return [];
    }
  }

  async function draw() {
    window.zhQueued.draw(await entries(), { send: flush, redraw: draw });
  }

  /** Stored after all, by a tap of the person's own. */
  async function settle(key) {
    try {
      await queue.remove(key);
      await draw();
    } catch {
      // It was not kept.
    }
  }

  // --- whose device this is ------------------------------------------------------------------------

  // Another person, or one who is not to be remembered, or nobody signed in any more: nothing of
  // the former one is shown.  What he has entered waits for his return, unseen.
  async function meet() {
    const isSignIn = document.querySelector('form[action="/login"]');
    if (!owner() && !isSignIn) return;
    const kept = isKept() ? owner() : undefined;
    if (kept !== undefined && (await queue.owner()) === kept) return;
    await forgetPad();
    await queue.belongsTo(kept);
  }

  async function forgetPad() {
    await self.caches?.delete(PAD_CACHE);
  }

  /** How many entries would be lost by signing out. */
  async function waitingCount() {
    return (await entries()).filter(({ state }) => state !== "accepted").length;
  }

  async function leave() {
    try {
      await queue.clear(owner());
      await queue.belongsTo(undefined);
      await forgetPad();
    } catch {
      // Nothing is kept where nothing can be.
    }
  }

  // --- the kept form -------------------------------------------------------------------------------

  /** The form as it is now, for when there is no network. */
  async function keepPad() {
    if (!isKept() || !self.caches || !navigator.serviceWorker) return;
    const answer = await fetch(PAD, { credentials: "same-origin", redirect: "error" });
    const text = await answer.clone().text();
    const form = new DOMParser().parseFromString(text, "text/html");
    const whose = form.querySelector("[data-owner][data-keep]")?.dataset.owner;
    // Somebody may have signed out, or in, while it was on its way.
    if (!answer.ok || whose !== owner() || (await queue.owner()) !== whose) return;
    await (await caches.open(PAD_CACHE)).put(PAD, answer);
    navigator.serviceWorker.controller?.postMessage(PAD_CACHE);
    if ((await queue.owner()) !== whose) await forgetPad();
    else if (document.querySelector("[data-pad]")) showAnew(form.querySelector(".zh-screen"));
  }

  /** What is typed stays. */
  function showAnew(anew) {
    const screen = window.zhPortal.screen();
    window.zhMorph(screen, anew.innerHTML, true);
    window.zhPortal.shown(screen);
  }

  function localDay() {
    const now = new Date();
    return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  }

  const openedOn = localDay();

  // A form that was drawn on another day, kept or left open overnight: today's readings are of
  // today.  While it is the same day the server knows better which one it is.
  function dateAnew() {
    const form = document.querySelector("form[data-readings]");
    const day = form?.elements.taken_on;
    const today = localDay();
    if (!day || today <= day.max) return;
    if (today === openedOn && !document.querySelector("[data-pad]")) return;
    const isUntouched = day.value === day.max;
    day.max = today;
    if (!isUntouched) return;
    day.value = today;
    day.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** The kept form cannot know by itself whether there is a network. */
  async function watchNetwork() {
    if (!document.querySelector("[data-pad]")) return;
    const answers = await self.zhIsReachable();
    window.zhConnection.sayLost(!answers);
    if (answers) flush();
  }

  async function begin() {
    try {
      if (!isKept()) return;
      await navigator.serviceWorker?.register("/sw.js");
      await flush();
      await keepPad();
    } catch {
      // No network yet, or a browser that keeps nothing: the page works without.
    }
  }

  /** What can be sent is sent at once: somebody wants to know what became of it. */
  async function beginWhenQuiet() {
    const isWaiting = (await entries()).some(queue.isSendable);
    setTimeout(begin, isWaiting ? 0 : QUIET_AFTER_LOAD_MS);
  }

  window.zhPortal.onReplace(() => { dateAnew(); draw(); });
  addEventListener("online", flush);
  document.addEventListener("visibilitychange", dateAnew);
  navigator.serviceWorker?.addEventListener("message", ({ data }) => {
    if (data === "zh-queue") draw();
  });
  addEventListener("load", () => {
    meet().catch(() => {}); // a browser that keeps nothing has nothing to forget
    watchNetwork();
    beginWhenQuiet();
  });
  setInterval(async () => {
    if (document.hidden) return;
    watchNetwork();
    if ((await entries()).some(({ state }) => state === "waiting")) flush();
  }, TRY_EVERY_MS);

  window.zhOffline = { isKept, keep, dateAnew, settle, waitingCount, leave, keepPad, flush };
})();
