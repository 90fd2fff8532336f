// Every other form and button: sent by fetch and answered in place; without an answer that is
// said, and the repeat offered.
(() => {
  "use strict";
  const { post, bodyOf, whileBusy, showErrors, clearErrors } = window.zhSending;
  const { show, showWhenSlow, clear, later } = window.zhNotices;
  const SENTENCES = {
    offline: "Связи нет. Повторите, когда она появится",
    silent: "Ответа нет уже 10 секунд. Неизвестно, дошел ли запрос",
    broken: "Портал не смог ответить. Повторите через минуту",
  };
  const GENERIC = "form[data-action]:not([data-readings], [data-confirm])";
  const isSignOut = (form) => form.getAttribute("action")?.startsWith("/logout");

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches(GENERIC)) return;
    event.preventDefault();
    whileBusy(form, () => send(form, event.submitter));
  });

  async function send(form, button) {
    clear();
    clearErrors(form);
    if (isSignOut(form)) {
      if (await mustAskFirst(form)) return;
      // Before the answer: the page may be led to the door while it is on its way.
      window.zhDrafts.clear();
      await window.zhOffline.leave();
    }
    const answered = showWhenSlow("Отправлено, ждем ответа…");
    const answer = await post(form.getAttribute("action"), bodyOf(form, button), SENTENCES);
    answered();
    if (answer.state === "done") finish(form, answer);
    else if (answer.unanswered) {
      const act = () => whileBusy(form, () => send(form, button));
      show(answer.notice, "refused", { label: "Повторить", act });
    } else refuse(form, answer);
  }

  /** What waits for the network would be gone: that is for the person to say. */
  async function mustAskFirst(form) {
    const count = await window.zhOffline.waitingCount();
    if (!count || form.dataset.zhSure !== undefined) return false;
    const act = () => { form.dataset.zhSure = ""; form.requestSubmit(); };
    show(`Не отправлено: ${count}. Если выйти, эти показания пропадут с телефона`, "refused", {
      label: "Всё равно выйти", act,
    });
    return true;
  }

  function finish(form, { notice, made, location: address }) {
    if (made) {
      showMade(form, made);
      return;
    }
    if (address || !window.zhPortal.live) {
      if (notice) later(notice);
      window.zhPortal.open(address ?? location.pathname + location.search);
      return;
    }
    form.querySelectorAll("input[type=password]").forEach((field) => { field.value = ""; });
    if (notice) show(notice, "done");
  }

  /** What is shown once: no push wipes it, and only this page has it. */
  function showMade(form, made) {
    const place = form.closest("section").querySelector("[data-made]");
    place.innerHTML = made;
    place.setAttribute("data-zh-keep", "");
    form.reset();
    form.closest("details")?.removeAttribute("open");
    place.scrollIntoView({ block: "center", behavior: "auto" });
    place.querySelector("[tabindex]")?.focus({ preventScroll: true });
  }

  function refuse(form, answer) {
    const errors = answer.errors ?? [];
    showErrors(form, errors);
    const isBeside = errors.some(({ field }) => {
      return form.querySelector(`[data-error-for="${CSS.escape(field)}"]`);
    });
    form.dispatchEvent(new CustomEvent("zh:refused", { bubbles: true }));
    if (!isBeside) show(answer.notice, "refused", signInOf(answer));
    else if (!errors.some(({ field }) => field)) askAgain(form.querySelector("[type=password]"));
  }

  function askAgain(password) {
    password?.focus();
    password?.select();
  }

  function signInOf({ state }) {
    if (state !== "signed-out") return undefined;
    return { label: "Войти", href: `/login?next=${encodeURIComponent(location.pathname)}` };
  }

  // --- filters -------------------------------------------------------------------------------------

  /** Chosen is sent.  What stands after the choice depended on the former one. */
  document.addEventListener("change", (event) => {
    const select = event.target.closest?.("form[data-navigate] select");
    if (!select) return;
    const all = [...select.form.querySelectorAll("select")];
    all.slice(all.indexOf(select) + 1).forEach((each) => { each.value = ""; });
    select.form.requestSubmit();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("form[data-navigate]")) return;
    event.preventDefault();
    const asked = [...new FormData(form)].filter(([, value]) => value);
    window.zhPortal.navigate(`${form.getAttribute("action")}?${new URLSearchParams(asked)}`);
  });

  // --- copying -------------------------------------------------------------------------------------

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    const { copy, copySaid } = button.dataset;
    const isCopied = await copied(copy);
    show(isCopied ? copySaid ?? `Скопировано: ${copy}` : `Скопируйте сами: ${copy}`,
      isCopied ? "done" : "refused");
  });

  /** On plain http in a home network there is no `navigator.clipboard`. */
  async function copied(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copiedBySelection(text);
    }
  }

  function copiedBySelection(text) {
    const field = document.createElement("textarea");
    const focused = document.activeElement;
    field.value = text;
    field.className = "zh-hidden";
    document.body.append(field);
    field.select();
    const isCopied = document.execCommand("copy");
    field.remove();
    focused?.focus();
    return isCopied;
  }

  // --- the sign-in page ------------------------------------------------------------------------------

  window.zhPortal.onReplace(() => {
    const isSignIn = document.querySelector('form[action="/login"] [name="password"]');
    if (isSignIn && window.zhDrafts.isWaiting()) {
      show("Показания, которые вы ввели, сохранены. Войдите, чтобы продолжить", "waiting");
    }
  });
})();
