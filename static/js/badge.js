// The number on the portal's icon: how many readings of this month are still missing.
(() => {
  "use strict";
  const NOTHING_TO_GIVE = '.zh-home, form[action="/login"]';

  /** As the page says it; undefined on a page that does not know. */
  function missing(root) {
    const place = root.querySelector("[data-missing]");
    if (place) return Number(place.dataset.missing);
    return root.querySelector(NOTHING_TO_GIVE) ? 0 : undefined;
  }

  window.zhPortal.onReplace((root) => {
    const count = missing(root);
    if (count === undefined || !navigator.setAppBadge) return;
    const done = count ? navigator.setAppBadge(count) : navigator.clearAppBadge();
    done.catch(() => {}); // a platform that has badges, but not for this page
  });
})();
