// Pages change without being loaded, once the page is live.  A tap is never lost: whatever does
// not come over the socket in time is loaded as a page of its own.
(() => {
  "use strict";
  const portal = window.zhPortal;
  const { watch, sayLost } = window.zhConnection;
  const OURS = ".zh-screen, .zh-dialog";
  const SHOW_WAITING_MS = 300;
  const SAY_WAITING_MS = 2000;
  const LOAD_INSTEAD_MS = 8000;
  const TRY_AGAIN_MS = 3000;
  const LOADED_MS = 10000;
  const COMING = "Открываем страницу, ждем ответа…";
  const LATER = "Страница откроется, когда появится связь";
  const SLOW = "Страница не открылась за 10 секунд. Подождите ещё или повторите";

  let root = null; // the live element
  let send = null; // asks the server for a page
  let early = null; // the newest screen that came before the painted one was taken over
  let pending = null; // { number, address, isNew, timers }
  let number = 0;
  let here = location.pathname + location.search; // what the screen shows
  let loading = 0;
  let told = null; // what is said of the page that is on its way

  // --- the live element ------------------------------------------------------------------------

  /** `host` becomes the screen, `ask` sends the server what is wished for. */
  portal.adopt = (host, ask) => {
    if (window.zhMustWait()) {
      document.addEventListener("focusout", () => setTimeout(portal.adopt, 0, host, ask), {
        once: true,
      });
      return;
    }
    window.zhTakeOver(host);
    root = host;
    send = ask;
    portal.live = true;
    document.documentElement.dataset.zhLive = "";
    history.scrollRestoration = "manual";
    portal.shown(host);
    if (early) portal.refresh(...early);
    queueMicrotask(() => watch(window.socket)); // NiceGUI opens it after this is mounted
  };

  // --- asking for a page -----------------------------------------------------------------------

  portal.navigate = (address) => wish(address, { isNew: true });

  function wish(address, { isNew }) {
    const isConnected = portal.live && window.socket?.connected && window.did_handshake;
    forget();
    if (!isConnected) {
      load(address);
      return;
    }
    number += 1;
    pending = {
      number,
      isNew,
      timers: [
        setTimeout(() => waiting(true), SHOW_WAITING_MS),
        setTimeout(() => tell(COMING), SAY_WAITING_MS),
        setTimeout(() => load(address), LOAD_INSTEAD_MS),
      ],
    };
    send({ number, address });
  }

  function forget() {
    pending?.timers.forEach(clearTimeout);
    pending = null;
    loading += 1;
    waiting(false);
    tell("");
  }

  /** As a page of its own, once the portal answers: till then the present one stays. */
  async function load(address) {
    loading += 1;
    const attempt = loading;
    waiting(true);
    while (attempt === loading) {
      const answers = await self.zhIsReachable();
      sayLost(!answers);
      if (attempt !== loading) return;
      if (answers) {
        portal.open(address);
        return;
      }
      waiting(false); // nothing comes that one could wait for
      tell(LATER);
      await new Promise((resolve) => {
        setTimeout(resolve, TRY_AGAIN_MS);
        addEventListener("online", resolve, { once: true });
      });
    }
  }

  /** By the browser, which waits for minutes and says nothing: after seconds we do. */
  portal.open = (address) => {
    loading += 1;
    const attempt = loading;
    const ifStillHere = (act) => () => attempt === loading && act();
    waiting(true);
    setTimeout(ifStillHere(() => tell(COMING)), SAY_WAITING_MS);
    setTimeout(ifStillHere(() => {
      waiting(false);
      tell(SLOW, { label: "Повторить", act: () => load(address) });
    }), LOADED_MS);
    location.assign(address);
  };

  function tell(sentence, action) {
    if (told?.isConnected && told.dataset.sentence === sentence) return;
    told?.remove();
    told = sentence ? window.zhNotices.show(sentence, "waiting", action) : null;
    if (told) told.dataset.sentence = sentence;
  }

  function waiting(is) {
    document.documentElement.toggleAttribute("data-zh-waiting", is);
    if (is) root?.setAttribute("aria-busy", "true");
    else root?.removeAttribute("aria-busy");
  }

  // --- showing it ------------------------------------------------------------------------------

  portal.show = (answered, address, title, html) => {
    if (!pending || pending.number !== answered) return; // another tap came after it
    const { isNew } = pending;
    forget();
    const isSamePage = pathOf(address) === pathOf(here);
    if (isNew) enter(address);
    else if (address !== location.pathname + location.search) history.replaceState({}, "", address);
    here = withoutHash(address);
    document.title = title;
    if (isSamePage) window.zhMorph(root, html, false);
    else root.innerHTML = html;
    portal.shown(root);
    settle(address, { isNew, isSamePage });
    announce(title);
  };

  portal.refresh = (address, html) => {
    if (!root) early = [address, html];
    if (!root || address !== here || pending) return; // not ours yet; the person has gone on
    window.zhMorph(root, html, true);
    portal.shown(root);
  };

  portal.leave = (address) => {
    forget();
    portal.open(address);
  };

  function enter(address) {
    keepScroll();
    if (address === location.pathname + location.search + location.hash) return;
    history.pushState({}, "", address);
  }

  /** Where the eyes and the keyboard find themselves on the new screen. */
  function settle(address, { isNew, isSamePage }) {
    const fragment = new URL(address, location.href).hash.slice(1);
    const target = fragment && document.getElementById(decodeURIComponent(fragment));
    if (target) target.scrollIntoView();
    else if (!isNew) scrollTo(0, history.state?.y ?? 0);
    else if (!isSamePage) scrollTo(0, 0);
    if (isSamePage && root.contains(document.activeElement)) return;
    const heading = root.querySelector("h1") ?? root.querySelector("main");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
  }

  function announce(title) {
    const announcer = document.getElementById("zh-announcer");
    if (announcer) announcer.textContent = title;
  }

  const pathOf = (address) => new URL(address, location.href).pathname;
  const withoutHash = (address) => address.split("#", 1)[0];

  // --- what the person does --------------------------------------------------------------------

  function keepScroll() {
    if (pending) return; // what is seen belongs to the former address
    history.replaceState({ ...history.state, y: scrollY }, "");
  }

  function isPlainTap(event) {
    const isModified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    return event.button === 0 && !isModified && !event.defaultPrevented;
  }

  function ownAddress(link) {
    const url = new URL(link.href, location.href);
    return url.origin === location.origin ? url.pathname + url.search + url.hash : null;
  }

  function isForUs(link) {
    const isElsewhere = link.target && link.target !== "_self";
    return !isElsewhere && !link.hasAttribute("download") && link.dataset.zhLoad === undefined;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link?.closest(OURS) || !isPlainTap(event) || !isForUs(link)) return;
    const address = ownAddress(link);
    if (address === null) return;
    if (withoutHash(address) === here && address.includes("#")) return; // the browser scrolls
    event.preventDefault();
    if (portal.live) wish(address, { isNew: true });
    else portal.open(address);
  });

  // A form that only asks (a filter) is a link with fields.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!portal.live || event.defaultPrevented || !form.closest(OURS)) return;
    if ((event.submitter?.formMethod || form.method) !== "get") return;
    const url = new URL(form.action, location.href);
    if (url.origin !== location.origin) return;
    event.preventDefault();
    url.search = window.zhSending.bodyOf(form, event.submitter);
    wish(url.pathname + url.search, { isNew: true });
  });

  addEventListener("popstate", () => {
    const address = location.pathname + location.search;
    if (portal.live && address !== here) wish(address, { isNew: false });
  });

  let resting;
  addEventListener("scroll", () => {
    clearTimeout(resting);
    resting = setTimeout(() => portal.live && keepScroll(), 150);
  });
  addEventListener("pagehide", () => portal.live && keepScroll());
  // The browser took it from its memory as it was left: on its way.
  addEventListener("pageshow", (event) => event.persisted && forget());

  // A reload or a return from elsewhere: the browser leaves the scroll to us, see `adopt`.
  if (history.state?.y) scrollTo(0, history.state.y);
})();
