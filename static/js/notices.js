// One sentence at the top of the page on what has just happened.
(() => {
  "use strict";
  const LATER = "zh-notice";
  const LEAVES_AFTER_MS = 8000;
  const SLOW_MS = 1000;
  const TINTS = { done: "good", refused: "bad", waiting: "warn" };

  // `kind`: done leaves by itself; refused and waiting stay until something else is said.
  // `action` is { label, act } or { label, href }.  Returns what it shows.
  function show(sentence, kind, action) {
    const place = document.getElementById("zh-notices");
    if (!place) return null;
    const bar = document.createElement("div");
    bar.className = `zh-note zh-note-${TINTS[kind]} zh-notice-bar`;
    bar.setAttribute("role", kind === "refused" ? "alert" : "status");
    const words = document.createElement("span");
    words.textContent = sentence;
    bar.append(words, ...(action ? [control(action, bar)] : []));
    place.setAttribute("data-zh-keep", "");
    place.replaceChildren(bar);
    if (kind === "done") setTimeout(() => bar.remove(), LEAVES_AFTER_MS);
    return bar;
  }

  /** Say it once the answer lets itself be waited for; returns what ends the waiting. */
  function showWhenSlow(sentence) {
    let bar;
    const timer = setTimeout(() => { bar = show(sentence, "waiting"); }, SLOW_MS);
    return () => {
      clearTimeout(timer);
      bar?.remove();
    };
  }

  function control({ label, act, href }, bar) {
    const node = document.createElement(href ? "a" : "button");
    node.className = "zh-button zh-button-quiet zh-button-small";
    node.textContent = label;
    if (href) {
      node.href = href;
      node.dataset.zhLoad = "";
      return node;
    }
    node.type = "button";
    node.addEventListener("click", () => { bar.remove(); act(); });
    return node;
  }

  function clear() {
    document.getElementById("zh-notices")?.replaceChildren();
  }

  /** Say it on the page that is loaded next. */
  function later(sentence) {
    try {
      sessionStorage.setItem(LATER, sentence);
    } catch {
      // Without storage the new page itself has to tell.
    }
  }

  function showWaiting() {
    try {
      const sentence = sessionStorage.getItem(LATER);
      sessionStorage.removeItem(LATER);
      if (sentence) show(sentence, "done");
    } catch {
      // As above.
    }
  }

  window.zhPortal.onReplace(showWaiting);

  window.zhNotices = { show, showWhenSlow, clear, later };
})();
