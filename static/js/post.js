// One POST of a form: an answer, or the plain truth that there is none.  Pages and the service
// worker share it: nothing here knows a document.
(() => {
  "use strict";
  const TIMEOUT_MS = 10000;
  const REACH_MS = 3000;
  const WRITTEN = "application/x-www-form-urlencoded;charset=UTF-8";

  const SENTENCES = {
    offline: "Связи нет. Введенное сохранено, повторите, когда она появится",
    silent: "Ответа нет уже 10 секунд. Введенное сохранено; неизвестно, дошло ли оно",
    broken: "Портал не смог ответить. Введенное сохранено, повторите через минуту",
  };

  // The parsed answer, always with a `state`.  `unanswered`: nobody knows what became of it;
  // `sentences` says so in other words.
  // A form of files says itself how it is written.
  // `owner`: for whom it was typed; to another's session it is as good as none.
  async function post(address, body, sentences, { timeout = TIMEOUT_MS, owner } = {}) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeout);
    try {
      const response = await fetch(address, {
        method: "POST",
        body,
        headers: {
          Accept: "application/json",
          ...(body instanceof FormData ? {} : { "Content-Type": WRITTEN }),
          ...(owner === undefined ? {} : { "X-Typed-By": encodeURIComponent(owner) }),
        },
        credentials: "same-origin",
        redirect: "error",
        signal: abort.signal,
      });
      const answer = await response.json();
      if (!answer.state) return none("broken", sentences);
      const isLost = response.status >= 500 || response.status === 408;
      if (isLost) return { ...answer, unanswered: true };
      return response.status === 429 ? { ...answer, isTooSoon: true } : answer;
    } catch {
      return none(failure(abort.signal), sentences);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Whether the portal answers at all. */
  async function isReachable() {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), REACH_MS);
    try {
      const answer = await fetch("/healthz", { cache: "no-store", signal: abort.signal });
      await answer.text(); // an answer that nobody reads keeps its connection
      return answer.ok;
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  function failure(signal) {
    if (signal.aborted) return "silent";
    return navigator.onLine === false ? "offline" : "broken";
  }

  function none(state, sentences) {
    return { state, notice: { ...SENTENCES, ...sentences }[state], unanswered: true };
  }

  self.zhPost = post;
  self.zhIsReachable = isReachable;
})();
