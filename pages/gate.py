"""The way to a page: its data is loaded before NiceGUI is asked to draw anything."""

from fastapi import Request
from nicegui import core, ui
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.router import UNKNOWN, Elsewhere, Router
from pages.tab import Tab
from portal.web.plain_page import PlainPages
from portal.web.sockets import Sockets
from portal.web.standing import Standing
from portal.web.trouble import Troubles, wants_json
from portal.web.visit import visit_of

_READING = frozenset({"GET", "HEAD"})
_TITLE = "zhkh.title"


class Gate:
    """Answers for the pages; whatever is no page goes on to `app`: actions, files, sockets."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        router: Router,
        pages: PlainPages,
        troubles: Troubles,
        standing: Standing,
        sockets: Sockets,
    ) -> None:
        self._app = app
        self._router = router
        self._pages = pages
        self._troubles = troubles
        self._standing = standing
        self._sockets = sockets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_asking = scope["type"] == "http" and scope["method"] in _READING
        if not is_asking or not self._router.knows(_path(scope)):
            await self._app(scope, receive, send)
        elif answer := await self._answer(Request(scope)):
            await answer(scope, receive, send)
        else:
            loan = _Loan(receive, send)
            await core.app(scope, loan.receive, loan.send)
            loan.end()

    def draw(self, request: Request) -> Response | None:
        """NiceGUI's root page.  It comes here for a page of ours, and for what nobody knows."""
        if _TITLE not in request.scope:
            ui.context.client.delete()
            return self._troubles.answer(request, 404, UNKNOWN)
        visit = visit_of(request.scope)
        ui.page_title(request.scope[_TITLE])
        if visit.signed_in is not None:
            Tab(visit, visit.signed_in, self._router, self._standing, self._sockets)
        return None

    async def _answer(self, request: Request) -> Response | None:
        """None: the page can come alive, so NiceGUI is to draw it."""
        visit = visit_of(request.scope)
        visit.where = _address(request.scope)
        answer = await self._router.answer(
            visit.where, visit.signed_in, visit.number, is_ahead=_is_ahead(request)
        )
        if isinstance(answer, Elsewhere):
            return RedirectResponse(answer.address, 303)
        is_whole = answer.status == 200  # noqa: PLR2004 - an error needs no live page
        if not is_whole and wants_json(request):
            return self._troubles.answer(request, answer.status, answer.title)
        if answer.is_plain:
            return self._pages.alone(answer.title, answer.html)
        if not is_whole or visit.signed_in is None or request.method == "HEAD":
            return self._pages.response(answer.title, answer.html, answer.status)
        visit.painted = answer.html
        request.scope[_TITLE] = answer.title
        return None


def _is_ahead(request: Request) -> bool:
    purpose = request.headers.get("sec-purpose", request.headers.get("purpose", ""))
    return request.method == "HEAD" or "prefetch" in purpose


class _Loan:
    """NiceGUI keeps the request as long as the tab lives, and with it whatever the way out of its
    answer held: here both ways are lent until the answer is out.
    """

    def __init__(self, receive: Receive, send: Send) -> None:
        self._ways: tuple[Receive, Send] | None = (receive, send)

    async def receive(self) -> Message:
        return await self._ways[0]() if self._ways else {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if self._ways:
            await self._ways[1](message)

    def end(self) -> None:
        self._ways = None


def _path(scope: Scope) -> str:
    """As it was sent: a part of it may hold an encoded slash."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return raw.decode("ascii", "replace")


def _address(scope: Scope) -> str:
    query = scope["query_string"].decode("ascii", "replace")
    return f"{_path(scope)}?{query}" if query else _path(scope)
