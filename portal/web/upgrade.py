"""The one upgrade that is ours: a page's socket, in the words of its own script."""

import re
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Receive, Scope, Send

from portal.web.headers import SecurityHeaders

SOCKET_PATH = "/_nicegui_ws/"
_ADDRESS = f"{SOCKET_PATH}socket.io/"
# Of Engine.IO 4 what a page sends: a close, a pong, a message; of Socket.IO's messages those that
# carry no attachments.
_PACKET = re.compile(r"1\Z|3|4[0-3]", re.ASCII)
_GONE: Message = {"type": "websocket.disconnect", "code": 1002}


def is_ours(scope: Scope) -> bool:
    """By address: no polling, no other protocol, nothing to be resumed."""
    asked = parse_qs(scope["query_string"].decode("ascii", "replace"))
    is_websocket = asked.get("EIO") == ["4"] and asked.get("transport") == ["websocket"]
    return scope["path"] == _ADDRESS and is_websocket and not {"sid", "j"} & asked.keys()


class Upgrade:
    """Both ways of a socket: what comes in is of the protocol, and whoever refuses it does so
    with our headers.  `is_malformed`: it was ended because of what it sent.
    """

    def __init__(self, receive: Receive, send: Send, headers: SecurityHeaders) -> None:
        self._receive = receive
        self._send = send
        self._headers = headers
        self._is_accepted = False
        self.is_malformed = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] != "websocket.receive":
            return message
        if _PACKET.match(message.get("text") or ""):
            return message
        self.is_malformed = True
        return _GONE

    async def send(self, message: Message) -> None:
        if message["type"] == "websocket.close" and not self._is_accepted:
            await self._say_no()
            return
        self._is_accepted = True
        await self._send(message)

    async def refuse(self) -> None:
        """Before anybody has looked at it."""
        await self._receive()
        await self._say_no()

    async def _say_no(self) -> None:
        headers = MutableHeaders()
        self._headers.apply(headers, 403)
        start = {"type": "websocket.http.response.start", "status": 403, "headers": headers.raw}
        await self._send(start)
        await self._send({"type": "websocket.http.response.body", "body": b""})
