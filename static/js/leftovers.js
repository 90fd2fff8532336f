// What somebody has typed on a page is his: when another resident comes back to it in the browser's
// history, the browser would fill it in again.  (Readings have drafts of their own.)
(() => {
  "use strict";
  const FIELDS = "form:not([data-readings]) :is(input, select, textarea)";

  const owner = () => document.querySelector("[data-owner]")?.dataset.owner ?? "";
  const isSignIn = () => Boolean(document.querySelector('form[action="/login"]'));

  /** Whether this entry of the history holds what somebody else, or one who has left, typed. */
  function isForeign() {
    const { typedBy } = history.state ?? {};
    return typedBy !== undefined && (typedBy !== owner() || isSignIn());
  }

  document.addEventListener("input", (event) => {
    const typedBy = owner();
    if (!event.target.matches(FIELDS) || history.state?.typedBy === typedBy) return;
    history.replaceState({ ...history.state, typedBy }, "");
  });

  function empty() {
    document.querySelectorAll("form:not([data-readings])").forEach((form) => form.reset());
  }

  // The browser fills in when the page is loaded, just before it is shown; fields that say `off` it
  // leaves alone, so that nothing is seen even for a moment.
  document.addEventListener("DOMContentLoaded", () => {
    if (!isForeign()) return;
    const fields = [...document.querySelectorAll(FIELDS)];
    const said = fields.map((field) => field.getAttribute("autocomplete"));
    fields.forEach((field) => field.setAttribute("autocomplete", "off"));
    addEventListener("pageshow", () => {
      fields.forEach((field, index) => {
        if (said[index] === null) field.removeAttribute("autocomplete");
        else field.setAttribute("autocomplete", said[index]);
      });
      empty();
      const { typedBy, ...state } = history.state ?? {};
      history.replaceState(state, "");
    }, { once: true });
  });

  // A whole page out of the browser's memory may be another's: it is asked for anew.
  addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });
})();
