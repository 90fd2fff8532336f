// The list of the readings that wait on this device, and what became of each.
(() => {
  "use strict";
  const queue = self.zhQueue;
  const STATES = {
    waiting: "Ждет отправки",
    unknown: "Отправлено, ответа не было",
    "signed-out": "Ждет отправки: войдите снова",
    accepted: "Принято",
    questioned: "Нужно ваше подтверждение",
    overtaken: "Показания уже переданы",
    refused: "Не принято",
  };
  const UNKNOWN = "Повторим сами, когда появится связь: дважды показания не запишутся";

  const NOW = "Отправить сейчас";
  const SENDING = "Отправлено, ждем ответа…";
  const NO_ANSWER = "Портал пока не отвечает. Показания сохранены на телефоне, повторим сами";

  const said = new WeakMap(); // of each card, the entry that it shows

  // Show `found` wherever the page has room for the list.  `send` tries to send at once, `redraw`
  // shows what the device holds by then.
  function draw(found, { send, redraw }) {
    const places = document.querySelectorAll("[data-queue]");
    const shown = found.filter(({ isSeen }) => !isSeen);
    for (const place of places) {
      place.toggleAttribute("data-zh-keep", shown.length > 0);
      fill(place, shown, (entry) => card(entry, send, redraw));
    }
    if (!places.length) tellElsewhere(shown);
    found.filter(({ state }) => state === "waiting").forEach(countFrom);
    for (const entry of found.filter(({ state }) => state === "accepted")) {
      document.dispatchEvent(new CustomEvent("zh:accepted", { detail: entry }));
    }
  }

  /** A card that says the same stays as it is: a finger may rest on it, or the focus. */
  function fill(place, shown, make) {
    const standing = new Map([...place.children].map((node) => [said.get(node), node]));
    const cards = shown.map((entry) => {
      const told = JSON.stringify(entry);
      const node = standing.get(told) ?? make(entry);
      said.set(node, told);
      return node;
    });
    [...place.children].filter((node) => !cards.includes(node)).forEach((node) => node.remove());
    cards.forEach((node, index) => {
      const there = place.children[index] ?? null;
      if (there !== node) place.insertBefore(node, there);
    });
  }

  /** What is typed next follows what waits. */
  function countFrom({ lines, takenOn }) {
    for (const { key, value } of lines) {
      const micro = self.zhAmounts.parse(value);
      const row = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
      if (micro === null || !row) continue;
      const { intDigits, fracDigits } = row.dataset;
      const shown = self.zhAmounts.onDial(micro, Number(intDigits), Number(fracDigits));
      window.zhTyping.moveOn({ key, shown, day: dayOf(takenOn), value: String(micro) });
    }
  }

  /** On a page without the list: only what has an end, or wants one. */
  function tellElsewhere(found) {
    const over = found.filter(({ state }) => state !== "waiting");
    // A refusal, or a question, that stands there is not pushed aside.
    if (!over.length || document.querySelector("#zh-notices .zh-note-bad")) return;
    const isGood = over.every(({ state }) => state === "accepted");
    const sentence = isGood
      ? `Показания приняты, № ${over.map(({ number }) => number).join(", ")}`
      : "Показания, сохраненные без связи, ждут вашего решения";
    window.zhNotices.show(sentence, isGood ? "done" : "refused", {
      label: "Показания", href: "/zkh",
    });
    if (isGood) over.reduce((before, entry) => before.then(() => queue.dismiss(entry)),
      Promise.resolve());
  }

  function card(entry, send, redraw) {
    const node = element("section", `zh-card zh-queued zh-queued-${entry.state}`);
    node.append(
      element("p", "zh-queued-state", stateOf(entry)),
      element("p", "zh-muted", `Показания на ${dayOf(entry.takenOn)}`),
      list(entry.lines),
    );
    const sentence = sentenceOf(entry);
    if (sentence) node.append(element("p", "zh-queued-why", sentence));
    const buttons = element("div", "zh-actions");
    buttons.append(...actionsOf(entry, send, redraw));
    node.append(buttons);
    return node;
  }

  function stateOf({ state, number, isSent }) {
    if (state === "accepted") return `Принято, № ${number}`;
    return STATES[state === "waiting" && isSent ? "unknown" : state];
  }

  function sentenceOf({ state, notice, stale, isSent }) {
    if (state === "waiting") return isSent ? UNKNOWN : "";
    if (state === "accepted") return "";
    if (state !== "overtaken") return notice;
    const newer = stale.map(({ shown, day }) => `${shown} от ${day}`).join("; ");
    return `Сейчас записано ${newer}. Передать ваше вместо него?`;
  }

  function actionsOf(entry, send, redraw) {
    const removal = (label) => button(label, async () => {
      await queue.dismiss(entry);
      await redraw(); // the card may be another by now than the one that was tapped
    });
    const { state, isSent } = entry;
    if (state === "accepted") return [removal("Понятно")];
    if (state === "refused") return [...again(entry, send), removal("Убрать")];
    // Of what may have arrived nobody can say that it is gone.
    const more = isSent ? [] : [removal("Убрать")];
    if (state === "signed-out") return [signIn(), ...more];
    if (state === "waiting") return [button(NOW, () => sendSaying(send)), ...more];
    const label = state === "overtaken" ? "Передать вместо него" : "Проверить и подтвердить";
    return [button(label, () => review(entry, send)), ...more];
  }

  /** What was refused for no value of it may go through another time. */
  function again(entry, send) {
    if (!entry.isRepeatable) return [];
    return [button(NOW, async () => {
      await queue.put({ ...entry, state: "waiting" });
      await sendSaying(send);
    })];
  }

  async function sendSaying(send) {
    const { show, showWhenSlow } = window.zhNotices;
    const answered = showWhenSlow(SENDING);
    const found = await send();
    answered();
    if (found.some(({ state }) => state === "waiting")) show(NO_ANSWER, "refused");
  }

  function signIn() {
    const link = element("a", "zh-button zh-button-quiet", "Войти");
    link.href = `/login?next=${encodeURIComponent(location.pathname)}`;
    link.dataset.zhLoad = "";
    return link;
  }

  /** Ask the server what would happen now, as the first tap of an entry does. */
  async function review(entry, send) {
    const fields = new URLSearchParams(entry.body);
    for (const { key, seen } of entry.stale ?? []) fields.set(`seen:${key}`, seen);
    fields.delete("agreed");
    const answered = window.zhNotices.showWhenSlow(SENDING);
    const answer = await self.zhPost("/zkh/check", fields.toString());
    answered();
    if (answer.state === "done") window.zhDialog.open(answer.html);
    else if (answer.unanswered) window.zhNotices.show(answer.notice, "refused");
    else {
      const notice = answer.errors?.[0]?.sentence ?? answer.notice;
      await queue.put({ ...entry, state: "refused", notice });
      await send();
    }
  }

  function list(lines) {
    const node = element("ul", "zh-queued-lines");
    for (const { name, value } of lines) {
      const line = element("li", "zh-queued-line");
      line.append(element("bdi", "", name), element("b", "zh-digits", value));
      node.append(line);
    }
    return node;
  }

  function button(label, act) {
    const node = element("button", "zh-button zh-button-quiet", label);
    node.type = "button";
    node.addEventListener("click", act);
    return node;
  }

  function element(tag, name, text = "") {
    const node = document.createElement(tag);
    if (name) node.className = name;
    node.textContent = text;
    return node;
  }

  function dayOf(iso) {
    const day = new Date(`${iso}T00:00:00Z`);
    if (Number.isNaN(day.getTime())) return iso;
    const words = { day: "numeric", month: "long", timeZone: "UTC" };
    return new Intl.DateTimeFormat("ru", words).format(day);
  }

  window.zhQueued = { draw };
})();
