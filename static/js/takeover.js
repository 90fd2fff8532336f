// The live element takes the painted screen over: the nodes move in as they are, with what is
// typed, the focus, the caret and the scroll.
(() => {
  "use strict";

  const boot = () => document.getElementById("zh-boot");

  function take(host, child) {
    if (host.moveBefore && child.nodeType === Node.ELEMENT_NODE) host.moveBefore(child, null);
    else host.append(child);
  }

  // Where nodes cannot be moved as they are, that in which somebody is would lose the focus for a
  // moment, and a phone its keyboard.
  window.zhMustWait = () => {
    const isInside = Boolean(boot()?.contains(document.activeElement));
    return isInside && !Element.prototype.moveBefore;
  };

  window.zhTakeOver = (host) => {
    const painted = boot();
    if (!painted) return;
    const [x, y] = [scrollX, scrollY];
    while (painted.firstChild) take(host, painted.firstChild);
    painted.remove();
    // Asked at once where it stands, the page is laid out once more than it will be anyway; one
    // that stands at its beginning stays there.
    if ((x || y) && (scrollX !== x || scrollY !== y)) scrollTo(x, y);
  };
})();
