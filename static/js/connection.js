// Whether the portal can be reached, and that a lost connection is said.
(() => {
  "use strict";
  const SAY_LOST_MS = 2000;
  let isLost = false;

  /** An outage that is over in a moment is nobody's business. */
  function watch(socket) {
    let lost;
    let wasConnected = socket?.connected;
    socket?.on("connect_error", () => { if (wasConnected) leaveWhenSignedOut(); });
    socket?.on("disconnect", () => {
      lost = setTimeout(() => sayLost(true), SAY_LOST_MS);
    });
    socket?.on("connect", () => {
      clearTimeout(lost);
      wasConnected = true;
      sayLost(false);
    });
  }

  /** The socket of a session that has ended is refused without a word. */
  async function leaveWhenSignedOut() {
    try {
      const how = { method: "HEAD", redirect: "manual", cache: "no-store" };
      const answer = await fetch(location.href, how);
      if (answer.type === "opaqueredirect") location.reload();
    } catch {
      // No network: the socket will try again.
    }
  }

  function sayLost(is) {
    for (const notice of document.querySelectorAll("[data-offline]")) notice.hidden = !is;
    if (is === isLost) return;
    isLost = is;
    // Its coming is announced by the notice itself; that it has gone, by nothing that is seen.
    const announcer = document.getElementById("zh-announcer");
    if (announcer) announcer.textContent = is ? "" : "Связь восстановлена";
  }

  addEventListener("offline", () => sayLost(true));
  addEventListener("online", () => sayLost(false));

  window.zhConnection = { watch, sayLost };
})();
