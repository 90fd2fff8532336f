// The two taps of an entry of readings: check, then store.  Whatever becomes of them is said.
(() => {
  "use strict";
  const { load, update } = window.zhDrafts;
  const {
    post, bodyOf, say, sayWhenSlow, offer, whileBusy, showErrors, clearErrors, clearError, newKey,
  } = window.zhSending;
  const { owner, drop, moveOn, totalOf, showSum } = window.zhTyping;
  const { isKept, keep, settle, flush, dateAnew } = window.zhOffline;
  const CHECK_SENTENCES = {
    silent: "Ответа нет уже 10 секунд. Ничего не передано, введенное сохранено",
  };
  const SUBMIT_SENTENCES = {
    silent: "Ответа нет уже 10 секунд. Неизвестно, дошли ли показания. Повторите: дважды они не "
      + "запишутся",
    broken: "Портал не смог ответить. Повторите через минуту: дважды показания не запишутся",
  };
  const NO_ANSWER = "На последнюю отправку показаний не было ответа";
  const UNANSWERED = "Отметьте, что всё верно, или измените показание";
  const PHOTO_ALONE = "Снимок приложен, а показания нет. Введите показание или уберите снимок";
  const REPEAT = "Повторить отправку";
  const LATER = "Отправить позже";
  const KEPT = "Сохранено на телефоне. Отправим, когда появится связь";
  const SENT = "Они сохранены на телефоне, и мы повторим сами";

  const entryForm = () => document.querySelector("form[data-readings]");
  const statusOf = (form) => form?.querySelector("[data-send-status]");

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const work = form.matches("form[data-readings]") ? check : submit;
    if (work === submit && !form.matches("form[data-confirm]")) return;
    if (!window.zhDialog.isPossible) return; // the browser sends it, and gets a page
    event.preventDefault();
    whileBusy(form, () => work(form));
  });

  // --- the first tap: check ----------------------------------------------------------------------

  async function check(form) {
    say(statusOf(form), "", "");
    dateAnew();
    form.elements.key.value = newKey();
    if (!await window.zhPhotos.settle(form)) {
      // Each says beside itself what is wrong with it.
      if (isKept() && window.zhPhotos.unsent(form)) offerLater(form);
      return;
    }
    const answered = sayWhenSlow(() => statusOf(form), "Проверяем…");
    const answer = await post("/zkh/check", bodyOf(form), CHECK_SENTENCES);
    answered();
    if (answer.state !== "done") {
      refuse(form, answer);
      return;
    }
    clearErrors(form);
    say(statusOf(form), "", "");
    window.zhDialog.open(answer.html);
  }

  function refuse(form, answer) {
    const general = answer.errors?.find((error) => !error.field);
    say(statusOf(form), "bad", general?.sentence ?? answer.notice ?? "");
    (answer.stale || []).forEach(moveOn);
    showErrors(form, answer.errors?.filter((error) => error.field) ?? []);
    showSum(form);
    if (answer.state === "signed-out") offerSignIn(form);
    if (answer.unanswered) {
      offer(statusOf(form), "Повторить", () => whileBusy(form, () => check(form)));
      if (isKept()) offerLater(form);
    }
  }

  function offerLater(form) {
    offer(statusOf(form), LATER, () => whileBusy(form, () => keepFor(form)));
  }

  /** Without a network the tap is the second one: the sum stood beside what was typed. */
  async function keepFor(form) {
    const fields = new URLSearchParams(bodyOf(form));
    const total = totalOf(form);
    if (total !== null) fields.set("agreed", total);
    const photos = window.zhPhotos.unsent(form) ?? [];
    const alone = alonePhotos(fields, photos);
    if (alone.length) {
      say(statusOf(form), "", "");
      showErrors(form, alone.map((field) => ({ field, sentence: PHOTO_ALONE })));
      return;
    }
    const fault = await keep(fields.toString(), { photos });
    if (!fault) window.zhPhotos.letGo(form);
    say(statusOf(form), fault ? "bad" : "", fault ?? "");
    if (!fault) window.zhNotices.show(KEPT, "done");
  }

  /** Said at once: later the portal would refuse all that waits with them. */
  function alonePhotos(fields, photos) {
    const names = [...fields.keys(), ...photos.map(({ name }) => name)];
    const isTaken = (name) => fields.get(name) || photos.some((photo) => photo.name === name);
    const taken = new Set(names.filter((name) => name.startsWith("photo:") && isTaken(name)));
    const keys = [...taken].map((name) => name.slice("photo:".length));
    return keys.filter((key) => !fields.get(`value:${key}`)?.trim());
  }

  function offerSignIn(form) {
    const link = document.createElement("a");
    link.className = "zh-button zh-button-quiet";
    link.href = `/login?next=${encodeURIComponent(location.pathname)}`;
    link.dataset.zhLoad = "";
    link.textContent = "Войти";
    statusOf(form)?.append(" ", link);
  }

  // --- the second tap: store -----------------------------------------------------------------------

  async function submit(form) {
    const open = [...form.querySelectorAll('[name^="confirm:"]:not(:checked)')];
    if (open.length) {
      showErrors(form, open.map(({ name }) => ({ field: name.slice(8), sentence: UNANSWERED })));
      return;
    }
    const body = bodyOf(form);
    update(owner(), (draft) => ({ ...draft, pending: body }));
    await send(body);
  }

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-confirm]");
    if (form) clearError(form, event.target);
  });
  let sending = 0;

  async function send(body) {
    sending += 1;
    try {
      await sendOnce(body);
    } finally {
      sending -= 1;
    }
  }

  async function sendOnce(body) {
    say(statusOf(placeToTell()), "", "");
    const answered = sayWhenSlow(() => statusOf(placeToTell()), "Отправлено, ждем ответа…");
    const answer = await post("/zkh/submit", body, SUBMIT_SENTENCES);
    answered();
    if (answer.unanswered) {
      await repeatLater(body, answer.notice);
      return;
    }
    settle(new URLSearchParams(body).get("key"));
    if (answer.state !== "signed-out") update(owner(), ({ pending, ...draft }) => draft);
    if (answer.state === "done") accept(answer, body);
    else if (answer.html) window.zhDialog.open(answer.html);
    else backToForm(answer);
  }

  /** Where the person is now: the question may be closed, the page another. */
  function placeToTell() {
    return window.zhDialog.form() ?? entryForm();
  }

  /** Where readings may be kept, the device repeats as well, even after the page is closed. */
  async function repeatLater(body, sentence) {
    const isSafe = isKept() && (await keep(body, { isSent: true })) === null;
    if (isSafe) update(owner(), ({ pending, ...draft }) => draft);
    offerRepeat(body, isSafe ? `${sentence}. ${SENT}` : sentence);
  }

  function offerRepeat(body, sentence) {
    const form = placeToTell();
    const repeat = () => whileBusy(placeToTell() ?? document.body, () => send(body));
    if (form) {
      say(statusOf(form), "bad", sentence);
      offer(statusOf(form), REPEAT, repeat);
    } else {
      window.zhNotices.show(sentence, "refused", { label: REPEAT, act: repeat });
    }
  }

  function accept(answer, body) {
    drop(new URLSearchParams(body));
    window.zhPhotos.drop(new URLSearchParams(body));
    const form = entryForm();
    if (form) {
      clearErrors(form);
      say(statusOf(form), "", "");
    }
    window.zhDialog.open(answer.html);
  }

  function backToForm(answer) {
    window.zhDialog.close();
    const form = entryForm();
    if (form) refuse(form, answer);
    else window.zhNotices.show(answer.notice, "refused", { label: "Показания", href: "/zkh" });
  }

  /** The device got the answer that this page still waits for. */
  document.addEventListener("zh:accepted", ({ detail: { key, body } }) => {
    const form = window.zhDialog.form();
    if (form?.elements.key?.value === key) whileBusy(form, () => send(body));
  });

  // The page was loaded anew while a tap waited for its answer.
  window.zhPortal.onReplace(async () => {
    const { pending } = load(owner());
    if (!pending || sending || !entryForm()) return;
    if (isKept() && (await keep(pending, { isSent: true })) === null) {
      update(owner(), ({ pending: known, ...draft }) => draft);
      await flush();
      return;
    }
    if (!statusOf(entryForm())?.textContent) offerRepeat(pending, NO_ANSWER);
  });
})();
