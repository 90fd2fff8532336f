// What is typed survives a reload and a sign-in, for this tab and this resident alone.
(() => {
  "use strict";
  const PREFIX = "zh-draft:";

  function load(owner) {
    try {
      return JSON.parse(sessionStorage.getItem(PREFIX + owner)) || {};
    } catch {
      return {};
    }
  }

  function save(owner, draft) {
    try {
      sessionStorage.setItem(PREFIX + owner, JSON.stringify(draft));
    } catch {
      // A full or forbidden storage costs only the draft.
    }
  }

  /** Another resident signed in on this tab: nothing of the former one stays. */
  function keepOnly(owner) {
    try {
      for (const key of Object.keys(sessionStorage)) {
        if (key.startsWith(PREFIX) && key !== PREFIX + owner) sessionStorage.removeItem(key);
      }
    } catch {
      // As above.
    }
  }

  /** Change the draft of `owner` by `edit`, which gets and returns it. */
  function update(owner, edit) {
    save(owner, edit(load(owner)));
  }

  window.zhDrafts = { load, update, keepOnly };
})();
