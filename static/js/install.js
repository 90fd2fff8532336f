// The hint that the portal can stand on the phone's screen: shown to those who came back or have
// given a reading, in one visit; remembered by the device.
(() => {
  "use strict";
  const KEY = "zh-install";
  const VISITS_BEFORE = 2;
  const VISITS_SHOWN = 1;
  const DESK = "(min-width: 64rem)";
  const APPLES_OWN_BROWSER = /Version\/\S+ .*Safari/; // the others there cannot add it

  let prompt = null; // the browser's own question, kept until the person wants it

  // --- what the device remembers: { visits, hasGiven, shownAt, isOver } ------------------------

  function load() {
    try {
      return JSON.parse(localStorage.getItem(KEY)) ?? {};
    } catch {
      return { isOver: true }; // nothing can be remembered: better silent than every time
    }
  }

  function save(change) {
    try {
      localStorage.setItem(KEY, JSON.stringify({ ...load(), ...change }));
    } catch {
      // The next visit starts where this one did.
    }
  }

  function countVisit() {
    try {
      if (sessionStorage.getItem(KEY)) return;
      sessionStorage.setItem(KEY, "counted");
      save({ visits: (load().visits ?? 0) + 1 });
    } catch {
      // Without storage there is nothing to count with.
    }
  }

  // --- the card ----------------------------------------------------------------------------------

  function isDue({ visits = 0, hasGiven, shownAt = visits, isOver }) {
    if (isOver || visits >= shownAt + VISITS_SHOWN) return false;
    return hasGiven || visits >= VISITS_BEFORE;
  }

  function way() {
    const isInstalled = navigator.standalone || matchMedia("(display-mode: standalone)").matches;
    if (isInstalled || matchMedia(DESK).matches) return null;
    if (prompt) return "prompt";
    const isApples = navigator.standalone === false && APPLES_OWN_BROWSER.test(navigator.userAgent);
    return isApples ? "share" : null;
  }

  function draw() {
    const known = load();
    const wanted = isDue(known) ? way() : null;
    for (const card of document.querySelectorAll("[data-install]")) {
      card.hidden = card.dataset.install !== wanted;
      if (!card.hidden) save({ shownAt: known.shownAt ?? known.visits });
    }
  }

  function end() {
    prompt = null;
    save({ isOver: true });
    draw();
  }

  // --- what happens ------------------------------------------------------------------------------

  addEventListener("beforeinstallprompt", (event) => {
    if (matchMedia(DESK).matches) return;
    event.preventDefault();
    prompt = event;
    draw();
  });
  addEventListener("appinstalled", end);

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-install-answer]");
    if (!button) return;
    if (button.dataset.installAnswer === "yes") prompt?.prompt();
    end();
    document.getElementById("zh-main")?.focus({ preventScroll: true });
  });

  function noteAccepted(root) {
    if (root.querySelector("[data-accepted]")) save({ hasGiven: true });
  }

  document.addEventListener("zh:dialog", (event) => noteAccepted(event.detail.root));
  window.zhPortal.onReplace((root) => {
    if (root.querySelector("[data-owner]")) countVisit();
    noteAccepted(root);
    draw();
  });
})();
