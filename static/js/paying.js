// Paying: the sum follows the choice, and a payment that is awaited is asked after.
(() => {
  "use strict";
  const { bodyOf, showErrors, clearErrors } = window.zhSending;
  const FORM = "form[data-payment]";
  const PAUSE_MS = 250;
  const PARTS = ["zh-pay-total", "zh-pay-button", "zh-pay-qr", "zh-pay-requisites"];
  const BARE = "Оплатить";
  const LOOKS_MS = [1500, 3000, 5000, 8000, 15000, 30000];

  // --- what the choice comes to ------------------------------------------------------------------

  // Only the server counts.  While it does, and when it cannot, the button names no sum, and
  // nothing can be agreed to unseen.
  let asking = 0;

  function recount(form, pause = PAUSE_MS) {
    asking += 1;
    const mine = asking;
    form.elements.agreed.value = "";
    const button = part("zh-pay-button");
    if (button) button.disabled = true;
    setTimeout(() => mine === asking && count(form, mine), pause);
  }

  async function count(form, mine) {
    const answer = await self.zhPost("/payment/count", bodyOf(form));
    if (mine !== asking || !form.isConnected) return; // something else is chosen by now
    if (answer.parts) {
      keep(form, answer);
      if (answer.state === "refused") showErrors(form, answer.errors);
      else clearErrors(form);
    } else forgetSum();
    const button = part("zh-pay-button");
    if (button) button.disabled = false;
  }

  /** A push does not wipe what was counted for the present choice: it is counted anew. */
  function keep(form, { parts, agreed }) {
    form.elements.agreed.value = agreed;
    form.elements.agreed.setAttribute("data-zh-keep", "");
    for (const [id, html] of Object.entries(parts)) {
      const place = part(id);
      if (!place) continue;
      place.innerHTML = html;
      place.setAttribute("data-zh-keep", "");
    }
  }

  /** Without an answer the button still works: the server says the sum then, and asks again. */
  function forgetSum() {
    const button = part("zh-pay-button");
    if (button) button.textContent = BARE;
  }

  const part = (id) => document.getElementById(id);

  document.addEventListener("input", (event) => {
    const form = event.target.closest?.(FORM);
    if (form) recount(form);
  });

  // The server has said that something has changed since it was counted.
  document.addEventListener("zh:refused", ({ target }) => {
    if (!target.matches(FORM)) return;
    const said = [...target.querySelectorAll(".zh-error")].find((each) => each.textContent);
    said?.scrollIntoView({ block: "center", behavior: "auto" });
    recountQuietly(target);
  });

  /** What was said stays beside its field. */
  async function recountQuietly(form) {
    const answer = await self.zhPost("/payment/count", bodyOf(form));
    if (answer.parts && form.isConnected) keep(form, answer);
  }

  window.zhPortal.onReplace(() => {
    const form = document.querySelector(FORM);
    if (form && PARTS.some((id) => part(id)?.hasAttribute("data-zh-keep"))) recount(form, 0);
  });

  // What the browser filled in by itself after a reload was never counted.
  addEventListener("pageshow", () => {
    const form = document.querySelector(FORM);
    if (form && isChanged(form)) recount(form, 0);
  });

  function isChanged(form) {
    return [...form.elements].some((each) => {
      if (each.type === "checkbox") return each.checked !== each.defaultChecked;
      return each.name === "amount" && each.value !== each.defaultValue;
    });
  }

  // --- the code as a picture ----------------------------------------------------------------------

  /** A telephone shares it with the bank's app; elsewhere it is saved. */
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("[data-share-qr]");
    if (!link || !navigator.canShare) return;
    const file = fileOf(link);
    if (!navigator.canShare({ files: [file] })) return;
    event.preventDefault();
    try {
      await navigator.share({ files: [file] });
    } catch {
      // The person has closed the list of apps.
    }
  });

  function fileOf(link) {
    const bytes = atob(link.href.split(",")[1]);
    const picture = Uint8Array.from(bytes, (sign) => sign.charCodeAt(0));
    return new File([picture], "qr.png", { type: "image/png" });
  }

  // --- what became of it --------------------------------------------------------------------------

  let looking = {};

  window.zhPortal.onReplace(() => {
    const form = document.querySelector("form[data-pay-look]");
    const token = form?.elements.token.value;
    if (looking.token === token) return;
    clearTimeout(looking.timer);
    looking = { token, count: 0 };
    if (token) lookLater();
  });

  function lookLater() {
    const pause = LOOKS_MS[Math.min(looking.count, LOOKS_MS.length - 1)];
    looking.timer = setTimeout(look, pause, looking);
  }

  /** In a page that nobody sees nobody waits. */
  async function look(mine) {
    mine.count += 1;
    if (document.visibilityState === "visible") {
      const body = new URLSearchParams({ token: mine.token }).toString();
      const answer = await self.zhPost("/payment/look", body);
      if (mine !== looking) return; // the push was faster
      if (answer.location) {
        window.zhPortal.navigate(answer.location);
        return;
      }
    }
    lookLater();
  }

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || !looking.token) return;
    clearTimeout(looking.timer);
    looking.count = 0;
    lookLater();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-print]")) print();
  });
})();
