// What follows from the chosen day: its words, the month with which its values are charged.
(() => {
  "use strict";

  // The words of days.  Those of its own day the server has written: to ask `Intl` for the same
  // keeps a slow phone from its first tap for a tenth of a second, and that at each showing.
  const words = new Map();

  function show(form) {
    const shown = form.querySelector("[data-taken-on-text]");
    const field = form.elements.taken_on;
    for (const button of form.querySelectorAll("[data-correct]")) {
      const { previousOn } = button.closest("[data-key]").dataset;
      button.hidden = previousOn === field?.value; // it is one already
    }
    showMonths(form);
    if (!shown) return;
    if (field && !words.has(field.defaultValue)) words.set(field.defaultValue, shown.textContent);
    const told = field?.value ? wordsOf(field) : "день, который не выбран";
    if (shown.textContent !== told) shown.textContent = told;
  }

  function wordsOf({ value, valueAsDate }) {
    if (!words.has(value)) {
      const parts = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
      const told = new Intl.DateTimeFormat("ru", parts).format(valueAsDate).replace(/ г\.$/, "");
      words.set(value, told.replaceAll(" ", "\u00a0"));
    }
    return words.get(value);
  }

  /** With which month a value of the chosen day is charged: the server has said it of every day. */
  function showMonths(form) {
    const day = form.elements.taken_on?.value;
    for (const place of day ? form.querySelectorAll("[data-months]") : []) {
      const runs = place.dataset.months.split("|").map((run) => run.split("="));
      place.textContent = runs.filter(([since]) => since <= day).pop()?.[1] ?? place.textContent;
    }
  }

  window.zhDay = { show };
})();
