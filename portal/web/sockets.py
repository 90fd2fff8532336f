"""NiceGUI's sockets, bound to the sessions of the people behind them.

NiceGUI itself asks a socket only for ids that stand in its address.  Here a socket must come with
the cookie of the very session whose page it serves, and every message asks again.  The handlers
are not public: the start is refused when there are others than those we know.
"""

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

Message = dict[str, Any]
Handler = Callable[..., Any]
_SHIPPED: Mapping[str, Handler] = dict(core.sio.handlers["/"])
_log = logging.getLogger(__name__)


class UnknownHandlers(RuntimeError):
    """NiceGUI handles other messages than those we guard."""


class Sockets:
    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._clients: dict[str, str] = {}

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
        sio.eio.transports = ["websocket"]
        sio.eio.max_http_buffer_size = LARGEST_MESSAGE
        core.app.config.socket_io_js_transports = ["websocket"]

    async def show_out(self, client_id: str, address: str) -> None:
        """Send the page to `address` and close its sockets; first the page, or it would stay."""
        for sid in [sid for sid, client in self._clients.items() if client == client_id]:
            await self._close(sid, address)

    async def _connect(self, sid: str, environ: Mapping[str, Any], auth: object = None) -> None:
        query = urllib.parse.parse_qs(environ.get("QUERY_STRING", ""))
        client_id = query.get("client_id", [""])[0]
        if not await self._may(visit_of(environ["asgi.scope"]), client_id):
            raise Refusal(_RELOAD)
        self._clients[sid] = client_id
        try:
            await _SHIPPED["connect"](sid, environ, auth)
        except BaseException:
            self._clients.pop(sid, None)
            raise

    async def _handshake(self, sid: str, data: object) -> bool:
        if not isinstance(data, dict) or data.get("client_id") != self._clients.get(sid):
            return False
        if not await self._is_welcome(sid):
            return False
        accepted: bool = await _SHIPPED["handshake"](sid, data)
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
                await core.sio.disconnect(sid)
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
        await core.sio.disconnect(sid)


def _sign_in_address(client_id: str) -> str:
    client = Client.instances.get(client_id)
    return sign_in_address(visit_of(client.request.scope).where) if client else SIGN_IN


def _pass_on(original: Handler, sid: str, name: str, message: Message) -> None:
    if name == "log":
        level = message.get("level")
        level = level if level in _LEVELS else "info"
        message = {**message, "level": level, "message": str(message.get("message"))[:_LONGEST_LOG]}
    try:
        original(sid, message)
    except (AttributeError, KeyError, TypeError, ValueError) as fault:
        _log.warning("a malformed %s: %s", name, type(fault).__name__)
