// Sending a form by fetch: what is said meanwhile, and what was wrong beside its field.
(() => {
  "use strict";
  const SLOW_MS = 300;

  /** With the button that was pressed, also where FormData does not know of buttons. */
  function bodyOf(form, button) {
    const fields = [...new FormData(form)];
    if (button?.name) fields.push([button.name, button.value]);
    // A file goes ahead of its form, see photos.js.
    return new URLSearchParams(fields.filter(([, value]) => typeof value === "string")).toString();
  }

  /** Say `text` in a form's status line; `kind`: busy, bad, good.  A push does not wipe it. */
  function say(status, kind, text) {
    if (!status) return;
    status.dataset.kind = kind;
    status.textContent = text;
    status.toggleAttribute("data-zh-keep", Boolean(text));
  }

  // Say `text` once the answer has let itself be waited for; returns what ends the waiting.
  function sayWhenSlow(find, text) {
    const timer = setTimeout(() => say(find(), "busy", text), SLOW_MS);
    return () => clearTimeout(timer);
  }

  /** One button beside the status, gone once it is tapped. */
  function offer(status, label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "zh-button zh-button-quiet";
    button.textContent = label;
    button.addEventListener("click", () => { button.remove(); act(); });
    status?.append(" ", button);
  }

  const busy = new WeakSet();

  /** The form waits while `work` runs: a second tap does nothing. */
  async function whileBusy(form, work) {
    if (busy.has(form)) return;
    busy.add(form);
    form.setAttribute("aria-busy", "true");
    try {
      await work();
    } finally {
      busy.delete(form);
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
    const place = placeOf(form, field);
    if (place) {
      place.textContent = sentence;
      place.setAttribute("data-zh-keep", "");
    }
    const input = inputOf(form, field);
    input?.setAttribute("aria-invalid", "true");
    return input;
  }

  function placeOf(form, field) {
    return form.querySelector(`[data-error-for="${CSS.escape(field)}"]`);
  }

  function inputOf(form, field) {
    const own = field.replace(/^photo:/, "file:");
    const names = [`confirm:${field}`, `value:${field}`, own];
    const input = field && names.map((name) => form.elements[name]).find(Boolean);
    return input instanceof HTMLElement && input.type !== "hidden" ? input : null;
  }

  function clearErrors(form) {
    form.querySelectorAll("[data-error-for]").forEach(empty);
    form.querySelectorAll("[aria-invalid]").forEach((each) => {
      each.removeAttribute("aria-invalid");
    });
  }

  /** What was wrong with a field is not said of what is being typed now. */
  function clearError(form, input) {
    input.removeAttribute("aria-invalid");
    const name = input.name.replace(/^(confirm|value):/, "").replace(/^file:/, "photo:");
    const place = placeOf(form, name);
    if (place) empty(place);
  }

  function empty(place) {
    place.textContent = "";
    place.removeAttribute("data-zh-keep");
  }

  /** A push draws the fields anew: those whose error still stands are marked again. */
  function markErrors(form) {
    form.querySelectorAll("[data-error-for][data-zh-keep]").forEach((place) => {
      inputOf(form, place.dataset.errorFor)?.setAttribute("aria-invalid", "true");
    });
  }

  /** Unguessable and unique; `randomUUID` is missing on plain http in a home network. */
  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  window.zhSending = {
    post: self.zhPost, bodyOf, say, sayWhenSlow, offer, whileBusy,
    showErrors, clearErrors, clearError, markErrors, newKey,
  };
})();
