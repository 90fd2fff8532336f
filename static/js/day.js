// What follows from the chosen day: its words, the month with which its values are charged.
(() => {
  "use strict";

  function show(form) {
    const shown = form.querySelector("[data-taken-on-text]");
    const day = form.elements.taken_on?.valueAsDate;
    for (const button of form.querySelectorAll("[data-correct]")) {
      const { previousOn } = button.closest("[data-key]").dataset;
      button.hidden = previousOn === form.elements.taken_on?.value; // it is one already
    }
    showMonths(form);
    if (!shown) return;
    if (!day) {
      shown.textContent = "день, который не выбран";
      return;
    }
    const words = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
    const told = new Intl.DateTimeFormat("ru", words).format(day).replace(/ г\.$/, "");
    shown.textContent = told.replaceAll(" ", "\u00a0");
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
