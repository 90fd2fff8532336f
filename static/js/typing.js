// An entry of readings while it is being typed: what it costs, and its draft.
(() => {
  "use strict";
  const { load, update, keepOnly } = window.zhDrafts;
  const { clearError, markErrors } = window.zhSending;

  const formOf = (node) => node.closest?.("form[data-readings]");
  const owner = () => document.querySelector("[data-owner]")?.dataset.owner || "";
  const inputs = (form) => [...form.querySelectorAll('input[name^="value:"]')];
  const isValue = (node) => node.name?.startsWith("value:");

  // --- the line under a field -----------------------------------------------------------------

  // What a row would charge as typed: { volume, cost }, without the cost where the price depends on
  // the month's volume; { isLess } for a value below the previous one (whether the counter may have
  // passed its end only the server knows); null while there is nothing to count.
  function counted(input) {
    const current = window.zhAmounts.parse(input.value);
    const { previous, price } = basis(input);
    if (current === null || !previous || !(price || isByBands(input))) return null;
    const volume = current - BigInt(previous);
    if (volume < 0n) return { isLess: true };
    return price ? { volume, cost: window.zhAmounts.cost(volume, BigInt(price)) } : { volume };
  }

  // What a value counts from, and at which price.
  function basis(input) {
    const { previous, before, price, beforePrice } = input.closest("[data-key]").dataset;
    if (!isCorrection(input)) return { previous, price };
    return { previous: before, price: beforePrice || price };
  }

  /** Charged with its month: now it costs nothing. */
  function isLater(input) {
    return "later" in input.closest("[data-key]").dataset;
  }

  /** What it comes to only the server says. */
  function isByBands(input) {
    return "byBands" in input.closest("[data-key]").dataset;
  }

  /** Of the newest reading's own date it replaces that reading. */
  function isCorrection(input) {
    const { previousOn } = input.closest("[data-key]").dataset;
    return Boolean(previousOn) && input.form.elements.taken_on?.value === previousOn;
  }

  function showLive(input) {
    const row = input.closest("[data-key]");
    const words = row.querySelector("[data-live-volume]");
    words.dataset.idle ??= words.textContent;
    const known = counted(input);
    words.textContent = sentence(known, row.dataset) ?? words.dataset.idle;
    const amount = row.querySelector("[data-live-amount]");
    amount.textContent = known?.volume === undefined ? "" : costWords(input, known);
  }

  function costWords(input, { cost }) {
    if (cost === undefined) return window.zhForeseen.sumOf(input, () => showLive(input));
    return (isLater(input) ? "≈ " : "") + window.zhAmounts.money(cost);
  }

  function sentence(known, { unit, intDigits }) {
    if (known?.isLess) return `Меньше предыдущего${intDigits ? ", проверим при отправке" : ""}`;
    return known ? `Расход ${window.zhAmounts.quantity(known.volume)} ${unit}` : null;
  }

  function showSum(form) {
    const summary = form.querySelector("[data-live-summary]");
    if (!summary) return;
    const typed = inputs(form).filter(isGood);
    const total = typed.reduce((sum, input) => sum + (isLater(input) ? 0n : counted(input)?.cost ?? 0n), 0n);
    summary.hidden = typed.length === 0;
    form.querySelector("[data-live-count]").textContent = typed.length;
    form.querySelector("[data-live-total]").textContent = window.zhAmounts.money(total);
  }

  /** What is no number, less than before or refused is not part of the sum. */
  function isGood(input) {
    const isNumber = window.zhAmounts.parse(input.value) !== null;
    return isNumber && !counted(input)?.isLess && !input.hasAttribute("aria-invalid");
  }

  function show(form) {
    for (const input of inputs(form)) {
      window.zhDial?.paint(input);
      showLive(input);
    }
    window.zhDay.show(form);
    showSum(form);
  }

  // --- what a person does ------------------------------------------------------------------------

  document.addEventListener("input", (event) => {
    const form = formOf(event.target);
    if (!form) return;
    if (isValue(event.target)) showLive(event.target);
    if (event.target.name) clearError(form, event.target);
    showSum(form);
    keep(form);
  });

  document.addEventListener("change", (event) => {
    const form = formOf(event.target);
    if (!form || event.target.name !== "taken_on") return;
    window.zhDay.show(form);
    inputs(form).forEach(showLive);
    showSum(form);
  });

  /** A correction is a value of the same date. */
  document.addEventListener("click", (event) => {
    const row = event.target.closest?.("[data-correct]")?.closest("[data-key]");
    const input = row?.querySelector('input[name^="value:"]');
    if (!input) return;
    input.form.elements.taken_on.value = row.dataset.previousOn;
    show(input.form);
    keep(input.form);
    input.focus();
  });

  /** The keyboard's «next» goes to the next counter; from the last one it sends. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !isValue(event.target)) return;
    const all = inputs(formOf(event.target));
    const next = all[all.indexOf(event.target) + 1];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });

  // --- the draft -----------------------------------------------------------------------------------

  function keep(form) {
    const values = Object.fromEntries(inputs(form).map((input) => [input.name, input.value]));
    update(owner(), (draft) => ({
      ...draft,
      values: { ...draft.values, ...values },
      takenOn: form.elements.taken_on?.value,
      day: new Date().toDateString(),
    }));
  }

  /** Of what was typed, `stored` (the fields of the entry) is over; what came after it stays. */
  function drop(stored) {
    update(owner(), ({ pending, takenOn, ...draft }) => {
      for (const [name, value] of stored) {
        if (draft.values?.[name] === value) delete draft.values[name];
      }
      return draft;
    });
    for (const form of document.querySelectorAll("form[data-readings]")) {
      for (const input of inputs(form)) {
        if (stored.get(input.name) !== input.value) continue;
        input.value = "";
        sayNewer(input.closest("[data-key]"), "");
      }
      show(form);
    }
  }

  /** After a reload, a sign-in, a change of page, a push. */
  function restore() {
    if (!owner()) return;
    keepOnly(owner());
    const draft = load(owner());
    const isToday = draft.day === new Date().toDateString();
    for (const form of document.querySelectorAll("form[data-readings]")) {
      for (const input of inputs(form)) {
        if (!input.value && draft.values?.[input.name]) input.value = draft.values[input.name];
      }
      const day = form.elements.taken_on;
      if (draft.takenOn && isToday && day) day.value = draft.takenOn;
      markErrors(form);
      show(form);
    }
  }

  window.zhPortal.onReplace(restore);
  // What an entry would charge, in kopecks, as text; null: not even roughly known here.
  function totalOf(form) {
    const known = inputs(form).filter((input) => input.value.trim()).map(costOf);
    if (known.includes(null)) return null;
    return String(known.reduce((sum, cost) => sum + cost, 0n));
  }

  function costOf(input) {
    if (isLater(input)) return 0n;
    if (isCorrection(input)) return null; // less what was charged, which only the server knows
    const { previous } = input.closest("[data-key]").dataset;
    return previous ? counted(input)?.cost ?? null : 0n;
  }

  // A push brings a newer reading for a counter whose next value is being typed: the row stays as
  // the person saw it and says so; the server asks at the tap.
  function holds(row, fresh) {
    if (!row.matches("[data-key]")) return false;
    const seenOf = (node) => node.querySelector('input[name^="seen:"]')?.value;
    const isTyped = row.querySelector('input[name^="value:"]')?.value.trim();
    if (!isTyped || seenOf(row) === seenOf(fresh) || seenOf(fresh) === undefined) return false;
    const textOf = (place) => fresh.querySelector(place)?.textContent ?? "";
    sayNewer(row, `Сейчас записано ${textOf("[data-was]")} от ${textOf("[data-was-day]")}`);
    return true;
  }

  function sayNewer(row, sentence) {
    const place = row.querySelector("[data-newer]");
    if (place) place.textContent = sentence;
  }

  // A counter has a newer reading than this page shows; `seen` is its number, where it has one.
  function moveOn({ key, seen, shown, day, value }) {
    const row = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    const input = row?.querySelector('input[name^="value:"]');
    if (!input) return;
    row.dataset.previous = value;
    sayNewer(row, "");
    delete row.dataset.previousOn; // whether it may be corrected, the next drawing tells
    row.querySelector("[data-correct]")?.remove();
    if (seen !== undefined) row.querySelector('input[name^="seen:"]').value = seen;
    input.dataset.ghost = shown;
    const shows = { "[data-was-day]": day, "[data-was]": shown };
    for (const [place, text] of Object.entries(shows)) {
      const node = row.querySelector(place);
      if (node) node.textContent = text;
    }
    window.zhDial?.paint(input);
    showLive(input);
  }

  window.zhTyping = { owner, drop, holds, moveOn, totalOf, showSum };
})();
