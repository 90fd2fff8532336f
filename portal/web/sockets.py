"""NiceGUI's sockets, bound to the sessions of the people behind them.

NiceGUI itself asks a socket only for ids that stand in its address.  Here a socket must come with
the cookie of the very session whose page it serves, and every message asks again.  The handlers
are not public: the start is refused when there are others than those we know.
"""

import asyncio
import logging
import urllib.parse
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from nicegui import Client, core
from socketio.exceptions import ConnectionRefusedError as Refusal

from portal.web.addresses import SIGN_IN, sign_in_address
from portal.web.standing import Standing
from portal.web.visit import Visit, visit_of

LARGEST_MESSAGE = 64 * 1024
_LONGEST_LOG = 500
_KNOWN = frozenset(
    {"connect", "handshake", "disconnect", "event", "javascript_response", "ack", "log"}
)
_GUARDED = _KNOWN - {"connect", "handshake", "disconnect"}
# The page answers this very text by loading itself anew, and that leads to the sign-in page.
_RELOAD = "Implicit handshake failed"
_LEVELS = frozenset({"debug", "info", "warning", "error"})

_MALFORMED = (AttributeError, LookupError, RecursionError, TypeError, ValueError)

Message = dict[str, Any]
Handler = Callable[..., Any]
_SHIPPED: Mapping[str, Handler] = dict(core.sio.handlers["/"])
_take_apart: Handler = core.sio.eio.handlers["message"]
_log = logging.getLogger(__name__)


class UnknownHandlers(RuntimeError):
    """NiceGUI handles other messages than those we guard."""


class Sockets:
    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._clients: dict[str, str] = {}
        self._goodbyes: set[asyncio.Task[None]] = set()

    def bind(self) -> None:
        """Put ours before NiceGUI's own; WebSocket is the only way in.

        Raises UnknownHandlers.
        """
        if frozenset(_SHIPPED) != _KNOWN:
            raise UnknownHandlers(f"NiceGUI handles {sorted(_SHIPPED)}, we know {sorted(_KNOWN)}")
        sio = core.sio
        sio.on("connect", self._connect)
        sio.on("handshake", self._handshake)
        sio.on("disconnect", self._disconnect)
        for name in _GUARDED:
            sio.on(name, self._guarded(name))
        sio.eio.on("message", self._packet)
        sio.eio.transports = ["websocket"]
        sio.eio.max_http_buffer_size = LARGEST_MESSAGE
        core.app.config.socket_io_js_transports = ["websocket"]

    async def show_out(self, client_id: str, address: str) -> None:
        """Send the page to `address` and close its sockets; first the page, or it would stay."""
        for sid in [sid for sid, client in self._clients.items() if client == client_id]:
            await self._close(sid, address)

    async def _packet(self, engine_sid: str, packet: object) -> None:
        try:
            await _take_apart(engine_sid, packet)
        except _MALFORMED as fault:
            _log.warning("a malformed packet: %s", type(fault).__name__)
            await _hang_up(engine_sid)

    async def _connect(
        self, sid: str, environ: object = None, auth: object = None, *_rest: object
    ) -> None:
        # A message may bear the name of this event as well.
        known: Mapping[str, Any] | None = core.sio.get_environ(sid)
        if known is None or environ is not known:
            _log.warning("a socket sent a forged connect")
            await _turn_away(sid)
            return
        client_id = _client_id(known)
        if not await self._may(visit_of(known["asgi.scope"]), client_id):
            self._hang_up_later(sid)
            raise Refusal(_RELOAD)
        self._clients[sid] = client_id
        try:
            await _SHIPPED["connect"](sid, environ, auth)
        except BaseException:
            self._clients.pop(sid, None)
            self._hang_up_later(sid)
            raise

    async def _handshake(self, sid: str, data: object = None, *_rest: object) -> bool:
        if not isinstance(data, dict) or data.get("client_id") != self._clients.get(sid):
            return False
        if not await self._is_welcome(sid):
            return False
        try:
            accepted: bool = await _SHIPPED["handshake"](sid, data)
        except _MALFORMED as fault:
            _log.warning("a malformed handshake: %s", type(fault).__name__)
            return False
        return accepted

    def _disconnect(self, sid: str, *_reason: object) -> None:
        self._clients.pop(sid, None)
        _SHIPPED["disconnect"](sid)

    def _guarded(self, name: str) -> Callable[..., Awaitable[None]]:
        original = _SHIPPED[name]

        async def guarded(sid: str, message: object = None, *_rest: object) -> None:
            client_id = self._clients.get(sid, "")
            if not isinstance(message, dict) or message.get("client_id") != client_id:
                _log.warning("a socket sent %s for a page that is not its own", name)
                await _turn_away(sid)
            elif not await self._is_welcome(sid):
                await self._close(sid, _sign_in_address(client_id))
            else:
                _pass_on(original, sid, name, message)

        return guarded

    async def _is_welcome(self, sid: str) -> bool:
        environ = core.sio.get_environ(sid)
        client_id = self._clients.get(sid, "")
        return bool(environ) and await self._may(visit_of(environ["asgi.scope"]), client_id)

    async def _may(self, visit: Visit, client_id: str) -> bool:
        """Whether the socket's session is that of the page, and alive."""
        client = Client.instances.get(client_id)
        if client is None or visit.signed_in is None:
            return False
        owner = visit_of(client.request.scope).signed_in
        if owner is None or owner.session_id != visit.signed_in.session_id:
            _log.warning("a socket asked for the page of another session")
            return False
        return await self._standing.holds(visit)

    async def _close(self, sid: str, address: str) -> None:
        await core.sio.emit("open", {"path": address, "new_tab": False}, to=sid)
        await _turn_away(sid)

    def _hang_up_later(self, sid: str) -> None:
        """The refusal is not out yet."""
        task = asyncio.create_task(_hang_up(_engine_sid(sid)))
        self._goodbyes.add(task)
        task.add_done_callback(self._goodbyes.discard)


async def _turn_away(sid: str) -> None:
    engine_sid = _engine_sid(sid)
    await core.sio.disconnect(sid)
    await _hang_up(engine_sid)


async def _hang_up(engine_sid: str | None) -> None:
    """Once everything that was said is out.  The socket below belongs to who opened it: left
    open, it would cost the server as much as one that was let in.
    """
    socket = core.sio.eio.sockets.get(engine_sid)
    if socket is not None:
        await socket.queue.put(None)


def _engine_sid(sid: str) -> str | None:
    found: str | None = core.sio.manager.eio_sid_from_sid(sid, "/")
    return found


def _client_id(environ: Mapping[str, Any]) -> str:
    query = urllib.parse.parse_qs(str(environ.get("QUERY_STRING", "")))
    return query.get("client_id", [""])[0]


def _sign_in_address(client_id: str) -> str:
    client = Client.instances.get(client_id)
    return sign_in_address(visit_of(client.request.scope).where) if client else SIGN_IN


def _pass_on(original: Handler, sid: str, name: str, message: Message) -> None:
    if name == "log":
        level = message.get("level")
        level = level if isinstance(level, str) and level in _LEVELS else "info"
        message = {**message, "level": level, "message": str(message.get("message"))[:_LONGEST_LOG]}
    try:
        original(sid, message)
    except _MALFORMED as fault:
        _log.warning("a malformed %s: %s", name, type(fault).__name__)
