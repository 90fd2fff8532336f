// Sending a form by fetch: an answer, or the plain truth that there is none.
(() => {
  "use strict";
  const TIMEOUT_MS = 10000;

  const SENTENCES = {
    offline: "Связи нет. Введенное сохранено, повторите, когда она появится",
    silent: "Ответа нет уже 10 секунд. Введенное сохранено; неизвестно, дошло ли оно",
    broken: "Портал не смог ответить. Введенное сохранено, повторите через минуту",
  };

  /** The parsed answer, always with a `state`; `offline`, `silent` and `broken` are ours. */
  async function post(address, body) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
    try {
      const response = await fetch(address, {
        method: "POST",
        body,
        headers: {
          Accept: "application/json",
          "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8",
        },
        credentials: "same-origin",
        redirect: "error",
        signal: abort.signal,
      });
      const answer = await response.json();
      return answer.state ? answer : none("broken");
    } catch {
      return none(failure(abort.signal));
    } finally {
      clearTimeout(timer);
    }
  }

  function failure(signal) {
    if (signal.aborted) return "silent";
    return navigator.onLine === false ? "offline" : "broken";
  }

  function none(state) {
    return { state, notice: SENTENCES[state], unanswered: true };
  }

  function bodyOf(form) {
    return new URLSearchParams(new FormData(form)).toString();
  }

  /** Say `text` in the form's status line; `kind`: busy, bad, good. */
  function say(status, kind, text) {
    if (!status) return;
    status.dataset.kind = kind;
    status.textContent = text;
  }

  /** The button waits while `work` runs: a second tap does nothing. */
  async function whileBusy(form, work) {
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    form.setAttribute("aria-busy", "true");
    try {
      await work();
    } finally {
      delete form.dataset.busy;
      form.removeAttribute("aria-busy");
    }
  }

  /** Put the server's sentences beside their fields; focus the first. */
  function showErrors(form, errors) {
    clearErrors(form);
    const fields = errors.map((error) => showError(form, error)).filter(Boolean);
    const first = fields[0];
    if (!first) return;
    first.closest("details")?.setAttribute("open", "");
    first.focus({ preventScroll: true });
    first.scrollIntoView({ block: "center", behavior: "auto" });
  }

  function showError(form, { field, sentence }) {
    const place = form.querySelector(`[data-error-for="${CSS.escape(field)}"]`);
    if (place) place.textContent = sentence;
    const input = form.elements[`value:${field}`] || form.elements[field];
    if (!(input instanceof HTMLElement)) return null;
    input.setAttribute("aria-invalid", "true");
    return input;
  }

  function clearErrors(form) {
    form.querySelectorAll("[data-error-for]").forEach((place) => { place.textContent = ""; });
    form.querySelectorAll("[aria-invalid]").forEach((each) => {
      each.removeAttribute("aria-invalid");
    });
  }

  /** Unguessable and unique; `randomUUID` is missing on plain http in a home network. */
  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  window.zhSending = { post, bodyOf, say, whileBusy, showErrors, clearErrors, newKey };
})();
