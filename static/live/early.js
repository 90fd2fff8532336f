// The socket opens while Vue draws, not after it: two round trips less until the page is live.
// NiceGUI asks for its socket when it has drawn, and gets it of the connection that is open by then.
(() => {
  "use strict";
  const shipped = window.createApp;

  window.createApp = (elements, options) => {
    const query = {
      ...options.query, document_id: createRandomUUID(), tab_id: TAB_ID, old_tab_id: OLD_TAB_ID,
    };
    const manager = new io.Manager(location.origin.replace(/^http/, "ws"), {
      path: `${options.prefix}/_nicegui_ws/socket.io`,
      query,
      extraHeaders: options.extraHeaders,
      transports: [...options.transports],
    });
    window.io = (_address, later) => {
      // It keeps its query up to date for the next connection; this one is the same document.
      later.query.document_id = query.document_id;
      manager.opts.query = later.query;
      return manager.socket("/", later);
    };
    return shipped(elements, options);
  };
})();
