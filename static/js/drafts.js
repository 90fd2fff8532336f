// What is typed survives a reload and a sign-in, for this tab and this resident alone.
(() => {
  "use strict";
  const PREFIX = "zh-draft:";

  /** Work with the tab's storage; full or forbidden, it costs only the draft. */
  function stored(work) {
    try {
      return work(sessionStorage);
    } catch {
      return undefined;
    }
  }

  function load(owner) {
    return stored((storage) => JSON.parse(storage.getItem(PREFIX + owner))) || {};
  }

  /** Change the draft of `owner` by `edit`, which gets and returns it. */
  function update(owner, edit) {
    const draft = edit(load(owner));
    stored((storage) => storage.setItem(PREFIX + owner, JSON.stringify(draft)));
  }

  function owners() {
    const keys = stored((storage) => Object.keys(storage)) || [];
    return keys.filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
  }

  function forget(owner) {
    stored((storage) => storage.removeItem(PREFIX + owner));
  }

  /** Another resident signed in on this tab: nothing of the former one stays. */
  function keepOnly(owner) {
    owners().filter((each) => each !== owner).forEach(forget);
  }

  /** Somebody has signed out: nothing of anybody stays. */
  function clear() {
    owners().forEach(forget);
  }

  /** Whether somebody has typed something here that waits for his return. */
  function isWaiting() {
    return owners().some((owner) => {
      const { values = {}, pending } = load(owner);
      return pending || Object.values(values).some((value) => value.trim());
    });
  }

  window.zhDrafts = { load, update, keepOnly, clear, isWaiting };
})();
