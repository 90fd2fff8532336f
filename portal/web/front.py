"""The outermost application: everything from the network passes here first, and every answer last.

It knows nothing of pages.  It refuses what must not come in (foreign hosts and origins, too much
data, long polling), serves the files that never change, finds out who asks, and sees to it that
no answer leaves without its headers and no fault with its text.
"""

import logging
import time
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.config import Settings
from portal.errors import PortalError
from portal.web import assets, logs, text_size
from portal.web.assets import Asset, Assets
from portal.web.body import (
    LARGEST_BODY,
    CappedBody,
    Interruption,
    is_declared_too_large,
    largest,
)
from portal.web.cookie import SessionCookie
from portal.web.doors import CERTIFICATE, Doors, is_for_machines, is_for_payments
from portal.web.headers import SecurityHeaders
from portal.web.standing import Standing
from portal.web.trouble import Troubles
from portal.web.upgrade import SOCKET_PATH, Upgrade, is_ours
from portal.web.visit import Visit, remember, visit_of

HEALTH_PATHS = frozenset({"/healthz", "/readyz"})
"""Asked by machines under whatever name they know us by."""
READING = ("GET", "HEAD")
_WORDS_OF_PROXIES = (b"x-forwarded-", CERTIFICATE.encode())

_FOREIGN_HOST = "Портал не отвечает под этим именем. Откройте его по адресу {address}."
_FOREIGN_ORIGIN = "Запрос пришел не со страницы портала и не выполнен. Откройте портал заново."
_NO_ADDRESS = "По такому адресу ничего нет."
_NO_POLLING = "Портал работает только через WebSocket."
_ONLY_READ = "Этот файл можно только прочитать."
_TOO_LARGE = "Слишком много данных в одном запросе. Сократите текст и отправьте снова."
_TOO_LARGE_PHOTO = "Снимок слишком большой. Сфотографируйте с меньшим размером и отправьте снова."
_TOO_SLOW = "Запрос шел слишком долго и не выполнен. Проверьте связь и отправьте снова."
_log = logging.getLogger(__name__)


class Front:
    def __init__(
        self,
        app: ASGIApp,
        *,
        settings: Settings,
        files: Assets,
        standing: Standing,
        troubles: Troubles,
    ) -> None:
        self._app = app
        self._files = files
        self._standing = standing
        self._troubles = troubles
        self._doors = Doors(settings)
        self._cookie = SessionCookie(settings)
        self._headers = SecurityHeaders(settings)
        self._address = settings.allowed_origins[0]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        visit = self._meet(scope, headers)
        remembered = logs.reference.set(visit.number)
        try:
            if scope["type"] == "http":
                await self._http(scope, receive, _Reporting(scope, send, self._headers))
            else:
                await self._socket(scope, headers, receive, send)
        finally:
            logs.reference.reset(remembered)

    def _meet(self, scope: Scope, headers: Headers) -> Visit:
        peer = (scope.get("client") or ("", 0))[0]
        token = None if is_for_machines(scope["path"]) else self._cookie.token(headers)
        visit = Visit(self._address_of(scope["path"], peer, headers), token)
        scope["scheme"] = self._doors.scheme(peer, headers, scope["scheme"])
        scope["client"] = (visit.address, 0)
        # Whoever reads them further in would believe them: NiceGUI, for one, puts the prefix
        # into the page.
        forged = b"x-forwarded-" if self._doors.trusts(peer) else _WORDS_OF_PROXIES
        scope["headers"] = [
            (name, value) for name, value in scope["headers"] if not name.startswith(forged)
        ]
        remember(scope, visit)
        text_size.hear(headers)
        return visit

    def _address_of(self, path: str, peer: str, headers: Headers) -> str:
        """To pay as this computer, it has to be this computer that pays."""
        if is_for_payments(path) and self._doors.hides_somebody(peer, headers):
            _log.error("%s passes on the requests of others: see ZHKH_TRUSTED_PROXIES", peer)
            return ""
        return self._doors.address(peer, headers)

    async def _http(self, scope: Scope, receive: Receive, send: "_Reporting") -> None:
        request = Request(scope)
        limit = largest(request.url.path, request.headers)
        capped = CappedBody(receive, send, limit)
        answer: Response | None = None
        try:
            answer = await self._answer_at_the_door(request, limit)
            if answer is None:
                await self._app(scope, capped.receive, capped.send)
        except Exception as fault:  # noqa: BLE001 - the last place where anything can be caught
            if capped.interruption is None:  # else the application saw its sender go
                _log.error("unexpected fault", exc_info=fault)
                answer = self._troubles.unexpected(request)
        if capped.interruption is not None:
            answer = self._answer_to_half(request, capped.interruption, limit)
        if answer is not None and not send.has_begun:
            await answer(scope, receive, send)

    def _answer_to_half(self, request: Request, why: Interruption, limit: int) -> Response | None:
        """None: nobody is there any more."""
        if why is Interruption.GONE:
            path = quote(request.scope["path"], safe="/")
            _log.info("%s %s: the sender has gone", request.method, path)
            return None
        if why is Interruption.TOO_LARGE:
            return self._too_large(request, limit)
        answer = self._troubles.answer(request, 408, _TOO_SLOW)
        answer.headers["connection"] = "close"  # the rest would be taken for another request
        return answer

    async def _answer_at_the_door(self, request: Request, limit: int) -> Response | None:
        """What can be said without the application; else the session is found and None."""
        if request.url.path in HEALTH_PATHS:
            return None
        if refusal := self._refusal(request, limit):
            return refusal
        if file := self._files.find(request.url.path):
            return self._file(request, file)
        try:
            await self._recognise(request.scope)
        except PortalError as error:
            return self._troubles.refusal(request, error)
        return None

    def _file(self, request: Request, file: Asset) -> Response:
        if request.method in READING:
            return assets.answer(file, request.headers)
        answer = self._troubles.answer(request, 405, _ONLY_READ)
        answer.headers["allow"] = ", ".join(READING)
        return answer

    def _refusal(self, request: Request, limit: int) -> Response | None:
        headers = request.headers
        if not self._doors.knows_host(headers):
            return PlainTextResponse(_FOREIGN_HOST.format(address=self._address), 400)
        if not self._doors.lets_write(request.method, request.url.path, headers):
            return self._troubles.answer(request, 403, _FOREIGN_ORIGIN)
        if request.url.path.startswith(SOCKET_PATH):
            return self._troubles.answer(request, 403, _NO_POLLING)
        if not request.scope["path"].startswith("/"):
            return self._troubles.answer(request, 404, _NO_ADDRESS)
        if is_declared_too_large(headers, limit):
            return self._too_large(request, limit)
        return None

    def _too_large(self, request: Request, limit: int) -> Response:
        sentence = _TOO_LARGE if limit == LARGEST_BODY else _TOO_LARGE_PHOTO
        return self._troubles.answer(request, 413, sentence)

    async def _recognise(self, scope: Scope) -> None:
        visit = visit_of(scope)
        visit.signed_in = await self._standing.find(visit.token)
        remember(scope, visit)

    async def _socket(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        upgrade = Upgrade(receive, send, self._headers)
        is_known = is_ours(scope) and self._doors.knows_host(headers)
        if not is_known or not self._doors.is_own_socket(headers):
            _log.warning("a socket was refused: host, origin or address are not ours")
            await upgrade.refuse()
        elif not await self._has_session(scope):
            await upgrade.refuse()
        else:
            await self._app(scope, upgrade.receive, upgrade.send)
            if upgrade.is_malformed:
                _log.warning("a socket was closed: it sent what is no packet")

    async def _has_session(self, scope: Scope) -> bool:
        try:
            await self._recognise(scope)
        except PortalError:
            return False
        return visit_of(scope).signed_in is not None


class _Reporting:
    """Puts our headers on the answer and writes its line in the log."""

    def __init__(self, scope: Scope, send: Send, headers: SecurityHeaders) -> None:
        self._scope = scope
        self._send = send
        self._headers = headers
        self._began_at = time.perf_counter()
        self.has_begun = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_begun = True
            headers = MutableHeaders(scope=message)
            self._headers.apply(headers, message["status"])
            headers["x-request-id"] = visit_of(self._scope).number
            self._report(message["status"])
        await self._send(message)

    def _report(self, status: int) -> None:
        took = (time.perf_counter() - self._began_at) * 1000
        method, path = self._scope["method"], quote(self._scope["path"], safe="/")
        _log.info("%s %s %s %d %.0f ms", self._scope["client"][0], method, path, status, took)
