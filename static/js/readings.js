// The entry of readings: what it costs while typing, the draft, the two taps.
(() => {
  "use strict";
  const { load, update, keepOnly } = window.zhDrafts;
  const { post, bodyOf, say, whileBusy, showErrors, clearErrors, newKey } = window.zhSending;

  const formOf = (node) => node.closest?.("form[data-readings]");
  const ownerOf = () => document.querySelector("[data-owner]")?.dataset.owner || "";
  const inputs = (form) => [...form.querySelectorAll('input[name^="value:"]')];
  const statusOf = (root) => root.querySelector("[data-send-status]");

  // --- while typing -----------------------------------------------------------------------

  /** Volume and kopecks of a row as typed; null while there is nothing to count. */
  function counted(input) {
    const row = input.closest("[data-key]");
    const current = window.zhAmounts.parse(input.value);
    if (current === null || !row.dataset.previous || !row.dataset.price) return null;
    const previous = BigInt(row.dataset.previous);
    const volume = window.zhAmounts.volume(previous, current, Number(row.dataset.intDigits));
    if (volume === null) return null;
    return { row, volume, cost: window.zhAmounts.cost(volume, BigInt(row.dataset.price)) };
  }

  function showLive(input) {
    const row = input.closest("[data-key]");
    const volume = row.querySelector("[data-live-volume]");
    const amount = row.querySelector("[data-live-amount]");
    volume.dataset.idle ??= volume.textContent;
    const known = counted(input);
    volume.textContent = known
      ? `Расход ${window.zhAmounts.quantity(known.volume)} ${row.dataset.unit}`
      : volume.dataset.idle;
    amount.textContent = known ? window.zhAmounts.money(known.cost) : "";
  }

  function showSum(form) {
    const summary = form.querySelector("[data-live-summary]");
    if (!summary) return;
    const typed = inputs(form).filter((input) => input.value.trim());
    const costs = typed.map(counted).filter(Boolean).map((known) => known.cost);
    summary.hidden = typed.length === 0;
    form.querySelector("[data-live-count]").textContent = typed.length;
    const total = costs.reduce((sum, cost) => sum + cost, 0n);
    form.querySelector("[data-live-total]").textContent = window.zhAmounts.money(total);
  }

  function keepDraft(form) {
    update(ownerOf(), (draft) => {
      for (const input of inputs(form)) draft.values = { ...draft.values, [input.name]: input.value };
      draft.takenOn = form.elements.taken_on?.value;
      draft.day = new Date().toDateString();
      return draft;
    });
  }

  document.addEventListener("input", (event) => {
    const form = formOf(event.target);
    if (!form) return;
    if (event.target.name?.startsWith("value:")) showLive(event.target);
    event.target.removeAttribute("aria-invalid");
    showSum(form);
    keepDraft(form);
  });

  // --- after a reload, a sign-in, a change of page -----------------------------------------

  function restore() {
    const owner = ownerOf();
    if (owner) keepOnly(owner);
    document.querySelectorAll("form[data-readings]").forEach((form) => {
      const draft = load(owner);
      for (const input of inputs(form)) {
        if (!input.value && draft.values?.[input.name]) input.value = draft.values[input.name];
        window.zhDial?.paint(input);
        showLive(input);
      }
      const isToday = draft.day === new Date().toDateString();
      if (draft.takenOn && isToday && form.elements.taken_on) {
        form.elements.taken_on.value = draft.takenOn;
      }
      showDay(form);
      showSum(form);
      if (draft.pending) offerRepeat(form, draft.pending, "На последнюю отправку не было ответа");
    });
  }

  function showDay(form) {
    const shown = form.querySelector("[data-taken-on-text]");
    const day = form.elements.taken_on?.valueAsDate;
    if (!shown || !day) return;
    const words = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
    shown.textContent = new Intl.DateTimeFormat("ru", words).format(day).replace(/ г\.$/, "");
  }

  document.addEventListener("change", (event) => {
    const form = formOf(event.target);
    if (form && event.target.name === "taken_on") showDay(form);
  });
  document.addEventListener("zh:shown", restore);
  if (document.readyState !== "loading") restore();
  else document.addEventListener("DOMContentLoaded", restore);

  // --- the first tap: check ------------------------------------------------------------------

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form[data-readings]")) {
      event.preventDefault();
      whileBusy(form, () => check(form));
    } else if (form.matches("form[data-confirm]")) {
      event.preventDefault();
      whileBusy(form, () => submit(form));
    }
  });

  async function check(form) {
    form.elements.key.value = newKey();
    say(statusOf(form), "busy", "Проверяем…");
    const answer = await post("/zkh/check", bodyOf(form));
    if (answer.state === "done") {
      clearErrors(form);
      say(statusOf(form), "", "");
      openDialog(answer.html);
    } else {
      refuse(form, answer);
    }
  }

  function refuse(form, answer) {
    say(statusOf(form), "bad", answer.notice || "");
    (answer.stale || []).forEach((stale) => moveOn(stale));
    if (answer.errors?.length) showErrors(form, answer.errors);
    if (answer.state === "signed-out") offerSignIn(form);
    if (answer.unanswered) offer(form, "Повторить", () => whileBusy(form, () => check(form)));
  }

  // --- the second tap: store -----------------------------------------------------------------

  async function submit(form) {
    const body = bodyOf(form);
    update(ownerOf(), (draft) => ({ ...draft, pending: body }));
    await send(body, form);
  }

  async function send(body, form) {
    say(statusOf(form), "busy", "Отправлено, ждем ответа…");
    const answer = await post("/zkh/submit", body);
    if (answer.unanswered) {
      offerRepeat(form, body, answer.notice);
      return;
    }
    if (answer.state !== "signed-out") update(ownerOf(), ({ pending, ...draft }) => draft);
    if (answer.state === "done") accept(answer, body);
    else if (answer.html) openDialog(answer.html);
    else backToForm(answer);
  }

  function offerRepeat(form, body, sentence) {
    say(statusOf(form), "bad", sentence);
    offer(form, "Повторить отправку", () => whileBusy(form, () => send(body, form)));
  }

  /** What was stored leaves the draft, unless it was typed over meanwhile. */
  function accept(answer, body) {
    const stored = new URLSearchParams(body);
    update(ownerOf(), (draft) => {
      for (const [name, value] of stored) {
        if (draft.values?.[name] === value) delete draft.values[name];
      }
      return draft;
    });
    for (const input of document.querySelectorAll('form[data-readings] input[name^="value:"]')) {
      if (stored.get(input.name) === input.value) input.value = "";
      window.zhDial?.paint(input);
    }
    (answer.stale || []).forEach((moved) => moveOn(moved));
    openDialog(answer.html);
  }

  function backToForm(answer) {
    closeDialog();
    const form = document.querySelector("form[data-readings]");
    if (form) refuse(form, answer);
  }

  /** A counter has a newer reading than this page shows. */
  function moveOn({ key, seen, shown, value }) {
    const row = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!row) return;
    row.dataset.previous = value;
    const hidden = row.querySelector('input[name^="seen:"]');
    if (hidden) hidden.value = seen;
    const was = row.querySelector(".zh-register-was b");
    if (was) was.textContent = shown;
    const input = row.querySelector('input[name^="value:"]');
    if (input) showLive(input);
  }

  // --- the dialog ------------------------------------------------------------------------------

  function dialog() {
    let node = document.getElementById("zh-confirm");
    if (!node) {
      node = document.createElement("dialog");
      node.id = "zh-confirm";
      node.className = "zh-dialog";
      node.setAttribute("aria-labelledby", "zh-confirm-title");
      node.addEventListener("close", refresh);
      (document.querySelector(".zh-screen")?.parentElement || document.body).append(node);
    }
    return node;
  }

  function openDialog(html) {
    const node = dialog();
    node.innerHTML = html;
    if (!node.open) node.showModal();
    node.scrollTop = 0;
    node.querySelector("[autofocus], h2")?.focus();
  }

  function closeDialog() {
    const node = document.getElementById("zh-confirm");
    if (node?.open) node.close();
  }

  /** After «Принято» the page shows the new state, live or not. */
  function refresh() {
    const node = document.getElementById("zh-confirm");
    if (!node.querySelector("[data-accepted]")) return;
    node.replaceChildren();
    window.zhPortal?.navigate(location.pathname + location.search);
  }

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.target.closest("#zh-confirm [data-close]")) closeDialog();
    if (event.target.closest("#zh-confirm a[href]")) closeDialog();
  });

  // --- one button beside the status --------------------------------------------------------------

  function offer(root, label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "zh-button zh-button-quiet";
    button.textContent = label;
    button.addEventListener("click", () => { button.remove(); act(); });
    statusOf(root)?.append(" ", button);
  }

  function offerSignIn(root) {
    const link = document.createElement("a");
    link.className = "zh-button zh-button-quiet";
    link.href = `/login?next=${encodeURIComponent(location.pathname)}`;
    link.textContent = "Войти";
    statusOf(root)?.append(" ", link);
  }
})();
