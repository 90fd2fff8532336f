// The live element takes the painted screen over: the nodes move in as they are, with what is
// typed, the focus, the caret and the scroll.
(() => {
  "use strict";

  function take(host, child) {
    if (host.moveBefore && child.nodeType === Node.ELEMENT_NODE) host.moveBefore(child, null);
    else host.append(child);
  }

  function selectionOf(field) {
    try {
      return field.selectionStart === null ? null : [field.selectionStart, field.selectionEnd];
    } catch {
      return null; // a kind of field without a caret
    }
  }

  window.zhTakeOver = (host) => {
    const painted = document.getElementById("zh-boot");
    if (!painted) return;
    const focused = document.activeElement;
    const hadFocus = painted.contains(focused);
    const caret = hadFocus && selectionOf(focused);
    const [x, y] = [scrollX, scrollY];
    while (painted.firstChild) take(host, painted.firstChild);
    painted.remove();
    if (hadFocus && document.activeElement !== focused) {
      focused.focus({ preventScroll: true });
      if (caret) focused.setSelectionRange(...caret);
    }
    if (scrollX !== x || scrollY !== y) scrollTo(x, y);
  };
})();
