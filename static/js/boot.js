// The first words of every page, in the page itself: what the other scripts build upon.
(() => {
  "use strict";
  const watchers = [];

  const portal = {
    /** Whether pages change over the socket; until then, and without it, links simply load. */
    live: false,

    /** Show another page of the portal. */
    navigate(address) {
      location.assign(address);
    },

    /** Call `watcher(root)` now, when a screen is there, and after every change of it. */
    onReplace(watcher) {
      watchers.push(watcher);
      const root = portal.screen();
      if (root && document.readyState !== "loading") watcher(root);
    },

    /** The element that holds the screen, painted or live. */
    screen() {
      return document.querySelector(".zh-screen:not(:empty)");
    },

    /** Tell everybody that the screen has changed. */
    shown(root) {
      for (const watcher of watchers) {
        try {
          watcher(root);
        } catch (fault) {
          console.error(fault);
        }
      }
      document.dispatchEvent(new CustomEvent("zh:shown", { detail: { root } }));
    },
  };
  window.zhPortal = portal;
  document.addEventListener("DOMContentLoaded", () => {
    const root = portal.screen();
    if (root) portal.shown(root);
  });
})();
