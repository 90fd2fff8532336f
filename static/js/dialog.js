// The dialog in which an entry is confirmed and its answer shown.
(() => {
  "use strict";
  const ID = "zh-confirm";

  function make() {
    const node = document.createElement("dialog");
    node.id = ID;
    node.className = "zh-dialog";
    node.setAttribute("aria-labelledby", "zh-confirm-title");
    node.addEventListener("close", () => refresh(node));
    // Outside of the screen: it stays when the screen changes.
    document.body.append(node);
    return node;
  }

  const find = () => document.getElementById(ID);

  function open(html) {
    const node = find() || make();
    node.innerHTML = html;
    if (!node.open) node.showModal();
    node.scrollTop = 0;
    document.dispatchEvent(new CustomEvent("zh:dialog", { detail: { root: node } }));
    node.querySelector("[autofocus], h2")?.focus();
  }

  /** The form that waits for the second tap; null when nothing does. */
  function form() {
    const node = find();
    return node?.open ? node.querySelector("form") : null;
  }

  function close() {
    if (find()?.open) find().close();
  }

  /** After «Принято» the page shows the new state, live or not. */
  function refresh(node) {
    const isAccepted = node.querySelector("[data-accepted]");
    node.replaceChildren();
    if (isAccepted) window.zhPortal.navigate(location.pathname + location.search);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(`#${ID} a[href]`);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const isAccepted = find().querySelector("[data-accepted]");
    find().replaceChildren();
    close();
    if (isAccepted) window.zhPortal.navigate(link.getAttribute("href"));
  });

  // Back, forward: the question belongs to the page that is gone.
  addEventListener("popstate", close);

  // Without dialogs or pictures in scripts (iPhones up to iOS 15) the entry is a plain form.
  const isPossible = Boolean(self.HTMLDialogElement?.prototype.showModal && self.createImageBitmap);

  window.zhDialog = { open, close, form, isPossible };
})();
