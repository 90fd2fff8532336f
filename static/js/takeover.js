// The live element takes the painted screen over: the nodes move in as they are, with what is
// typed, the focus, the caret and the scroll.
(() => {
  "use strict";

  const boot = () => document.getElementById("zh-boot");

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

  // Where nodes cannot be moved as they are, the field in which somebody is would lose the focus
  // for a moment, and a phone its keyboard.
  window.zhMustWait = () => {
    const { activeElement } = document;
    const isTypedInto = activeElement?.matches("input, select, textarea");
    return !Element.prototype.moveBefore && Boolean(isTypedInto && boot()?.contains(activeElement));
  };

  window.zhTakeOver = (host) => {
    const painted = boot();
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
