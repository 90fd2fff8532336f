"""A page of ours that never comes alive: before signing in there is nothing to push to it, and a
visitor without a session costs the server nothing that lasts.
"""

from urllib.parse import quote

from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from portal.web.look import SCREEN_CLASS, Look
from portal.web.page_template import announcer, head
from portal.web.text_size import root_attribute

VIEWPORT = "width=device-width, initial-scale=1, viewport-fit=cover"


class PlainPages:
    def __init__(self, look: Look) -> None:
        # The scripts that the page after signing in needs: the wait for typing pays for them.
        ahead = "".join(
            f'<link rel="prefetch" href="{path}">'
            for path in (look.live_scripts, look.first_module)
        )
        icon = f'<link rel="icon" href="data:image/svg+xml,{quote(look.icon)}">'
        self._head = Markup(icon + head(look))  # noqa: S704 - our own files
        self._ahead = Markup(ahead)  # noqa: S704 - our own files
        self._foot = Markup(announcer())  # noqa: S704 - our own markup

    def response(self, title: str, html: Markup, status: int = 200) -> HTMLResponse:
        """A page on the way to others."""
        return HTMLResponse(self._page(title, html, self._head + self._ahead), status)

    def alone(self, title: str, html: Markup, status: int = 200) -> HTMLResponse:
        """A page that is all that is wanted: nothing is fetched ahead."""
        return HTMLResponse(self._page(title, html, self._head), status)

    def _page(self, title: str, html: Markup, head_html: Markup) -> str:
        return (
            f'<!doctype html><html lang="ru"{root_attribute()}>'
            f'<head><meta charset="utf-8"><title>{escape(title)}'
            f'</title><meta name="viewport" content="{VIEWPORT}">{head_html}</head><body>'
            f'<div class="{SCREEN_CLASS}">{html}</div>{self._foot}</body></html>'
        )
