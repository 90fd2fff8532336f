// The photo of a meter: made small here, sent ahead of its entry, which then carries its hash.
(() => {
  "use strict";
  const { load, update } = window.zhDrafts;
  const { post } = window.zhSending;
  const { owner } = window.zhTyping;
  // As the server's.
  const LARGEST_BYTES = 300000;
  const LONGEST_SIDE = 1600;
  const QUALITIES = [0.85, 0.75, 0.65, 0.5, 0.35];
  const SMALLER = 0.75;
  const THUMB_SIDE = 168;
  const THUMB_QUALITY = 0.7;
  const TIMEOUT_MS = 60000;

  const TAKEN = "Снимок приложен";
  const UNREADABLE = "Не получилось прочитать снимок. Сфотографируйте счетчик ещё раз";
  const SENTENCES = {
    offline: "Связи нет: снимок не отправлен. Повторите, когда она появится",
    silent: "Ответа нет уже минуту: снимок не отправлен. Повторите",
    broken: "Портал не смог принять снимок. Повторите через минуту",
  };

  // --- what others may use -------------------------------------------------------------------------

  /** A JPEG of at most LARGEST_BYTES, upright; what a camera writes beside the picture is gone. */
  async function scale(file) {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    try {
      for (let side = LONGEST_SIDE; side >= 1; side = Math.floor(side * SMALLER)) {
        const blob = await smallEnough(drawn(bitmap, side));
        if (blob) return blob;
      }
      throw new Error(UNREADABLE);
    } finally {
      bitmap.close();
    }
  }

  /** The server's answer; with a `hash` it has been taken in. */
  function upload(blob) {
    const form = new FormData();
    form.append("photo", blob, "photo.jpg");
    return post("/zkh/photo", form, SENTENCES, { timeout: TIMEOUT_MS });
  }

  function drawn(bitmap, side) {
    const part = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * part));
    canvas.height = Math.max(1, Math.round(bitmap.height * part));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  async function smallEnough(canvas) {
    for (const quality of QUALITIES) {
      const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", quality); });
      if (!blob) throw new Error(UNREADABLE);
      if (blob.size <= LARGEST_BYTES) return blob;
    }
    return null;
  }

  async function thumbOf(blob) {
    const bitmap = await createImageBitmap(blob);
    const thumb = drawn(bitmap, THUMB_SIDE).toDataURL("image/jpeg", THUMB_QUALITY);
    bitmap.close();
    return thumb;
  }

  // --- one field -----------------------------------------------------------------------------------

  const boxOf = (node) => node.closest?.("[data-photo]");
  const boxes = (root) => [...root.querySelectorAll("[data-photo]")];
  const part = (box, name) => box.querySelector(name);
  const carrier = (box) => part(box, 'input[name^="photo:"]');
  const file = (box) => part(box, "input[type=file]");
  const working = new WeakMap(); // by box: the job that is under way there, or that has failed

  document.addEventListener("change", (event) => {
    if (!window.zhDialog.isPossible) return; // it goes with its form
    const box = event.target.type === "file" && boxOf(event.target);
    const [chosen] = (box && event.target.files) || [];
    if (chosen) begin(box, (job) => take(box, job, chosen));
  });

  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("[data-photo-remove]") && boxOf(event.target);
    if (!box) return;
    empty(box);
    file(box).focus();
  });

  // What was begun before in the same box is nobody's business any more.  A job that failed stays,
  // and with it the way to do it `again`, until another photo is taken or this one is put away.
  function begin(box, work) {
    const job = { isOver: () => working.get(box) !== job };
    working.set(box, job);
    job.done = work(job);
  }

  async function take(box, job, chosen) {
    fill(box, { hash: "", thumb: "", said: "Уменьшаем снимок…" });
    try {
      const blob = await scale(chosen);
      const thumb = await thumbOf(blob);
      if (!job.isOver()) await send(box, job, blob, thumb);
    } catch {
      if (!job.isOver()) fail(box, UNREADABLE);
    }
  }

  async function send(box, job, blob, thumb) {
    fill(box, { hash: "", thumb, said: "Отправляем снимок…" });
    const answer = await upload(blob);
    if (job.isOver()) return;
    if (!answer.hash) {
      fail(box, answer.notice);
      if (answer.unanswered) {
        job.photo = { name: carrier(box).name, blob };
        job.again = () => begin(box, (next) => send(box, next, blob, thumb));
      }
      return;
    }
    working.delete(box);
    fill(box, { hash: answer.hash, thumb, said: TAKEN });
    remember(carrier(box).name, { hash: answer.hash, thumb });
  }

  /** Show what the box holds now.  A push does not wipe it. */
  function fill(box, { hash, thumb, said }) {
    box.setAttribute("data-zh-keep", "");
    carrier(box).value = hash;
    const image = part(box, "img");
    image.hidden = !thumb;
    if (thumb) image.src = thumb;
    else image.removeAttribute("src");
    complain(box, "");
    part(box, "[data-photo-label]").textContent = "Переснять";
    part(box, "[data-photo-remove]").hidden = false;
    const words = part(box, "[data-photo-said]");
    words.dataset.idle ??= words.textContent;
    words.textContent = said;
  }

  function fail(box, sentence) {
    part(box, "[data-photo-said]").textContent = "";
    complain(box, sentence);
  }

  function complain(box, sentence) {
    part(box, "[data-error-for]").textContent = sentence;
    if (sentence) file(box).setAttribute("aria-invalid", "true");
    else file(box).removeAttribute("aria-invalid");
  }

  function empty(box) {
    working.delete(box);
    forget(carrier(box).name);
    fill(box, { hash: "", thumb: "", said: part(box, "[data-photo-said]").dataset.idle ?? "" });
    file(box).value = "";
    part(box, "[data-photo-label]").textContent = "Сфотографировать счетчик";
    part(box, "[data-photo-remove]").hidden = true;
    box.removeAttribute("data-zh-keep");
  }

  // --- the whole form ------------------------------------------------------------------------------

  /** Wait for what is on its way, try again what has failed; whether all is sent. */
  async function settle(form) {
    const all = boxes(form);
    all.forEach((box) => working.get(box)?.again?.());
    await Promise.all(all.map((box) => working.get(box)?.done));
    const unsent = all.find((box) => working.get(box));
    unsent?.scrollIntoView({ block: "center" });
    if (unsent) file(unsent).focus({ preventScroll: true });
    return !unsent;
  }

  // What could not be sent for want of a network: { name, blob } each; null: something else is
  // wrong with one of them.
  function unsent(form) {
    const jobs = boxes(form).map((box) => working.get(box)).filter(Boolean);
    return jobs.every(({ photo }) => photo) ? jobs.map(({ photo }) => photo) : null;
  }

  /** They are kept elsewhere now. */
  function letGo(form) {
    boxes(form).filter((box) => working.get(box)).forEach(empty);
  }

  function remember(name, photo) {
    update(owner(), (draft) => ({ ...draft, photos: { ...draft.photos, [name]: photo } }));
  }

  function forget(name) {
    update(owner(), (draft) => {
      delete draft.photos?.[name];
      return draft;
    });
  }

  /** The photos of `stored`, the fields of an entry, are the portal's now. */
  function drop(stored) {
    const { photos = {} } = load(owner());
    for (const [name, { hash }] of Object.entries(photos)) {
      if (stored.get(name) === hash) forget(name);
    }
    for (const box of boxes(document)) {
      const { name, value } = carrier(box);
      if (value && stored.get(name) === value) empty(box);
    }
  }

  /** After a reload, a sign-in, a change of page. */
  function restore(root) {
    const { photos = {} } = owner() ? load(owner()) : {};
    for (const box of boxes(root)) {
      const kept = photos[carrier(box).name];
      if (kept && !carrier(box).value && !working.get(box)) {
        fill(box, { ...kept, said: TAKEN });
      }
    }
  }

  window.zhPhotos = { scale, upload, settle, unsent, letGo, drop };
  window.zhPortal.onReplace(restore);
})();
