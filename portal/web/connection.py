"""How a connection speaks before the application hears of it: uvicorn's own protocols with bounds
on what a request's head may hold and how long it may take, and with our headers on the refusals
that uvicorn writes by itself.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from starlette.datastructures import MutableHeaders
from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.wsproto_impl import WSProtocol
from wsproto.events import RejectConnection
from wsproto.utilities import LocalProtocolError, RemoteProtocolError

from portal.config import Settings
from portal.web.headers import SecurityHeaders

LARGEST_HEAD = 32 * 1024
"""Browsers send one or two kilobytes; proxies rarely let more than eight through."""

HEAD_SECONDS = 20.0
"""From the moment at which a head may come until it is there."""

MOST_CONNECTIONS = 4000
"""A thousand open tabs are a large house; a connection that is one too many is refused at once."""

Headers = list[tuple[bytes, bytes]]
_BUSY = b"503 Service Unavailable"
_REFUSALS = {True: b"431 Request Header Fields Too Large", False: b"400 Bad Request"}


class BoundedHttp(HttpToolsProtocol):
    """A head that is too large or too slow ends its connection, and so does a body that comes
    after its request was answered.
    """

    def __init__(self, *, refusal_headers: Headers, **uvicorns: Any) -> None:  # noqa: ANN401
        super().__init__(**uvicorns)
        self._refusal_headers = refusal_headers
        self._head_size = 0
        self._is_head_open = True
        self._deadline: asyncio.TimerHandle | None = None

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            self._refuse(_BUSY)
            return
        self._expect_a_head()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    @override
    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self._is_head_open:
            self._head_size += len(data)
            if self._head_size > LARGEST_HEAD and not self.transport.is_closing():
                self.send_400_response("")

    @override
    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_head_open = True
        self._head_size = 0

    @override
    def on_headers_complete(self) -> None:
        self._is_head_open = False
        self._stop_waiting()
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        self._head_size = size
        if size > LARGEST_HEAD:
            raise ValueError("the head is too large")  # the parser ends, the connection with it
        super().on_headers_complete()

    @override
    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete:  # else one that was sent ahead is being answered now
            self._expect_a_head()

    @override
    def send_400_response(self, msg: str) -> None:
        self._refuse(_REFUSALS[self._head_size > LARGEST_HEAD])

    def _refuse(self, status: bytes) -> None:
        lines = [b"HTTP/1.1 " + status, b"content-length: 0", b"connection: close"]
        lines += [name + b": " + value for name, value in self._refusal_headers]
        self.transport.write(b"\r\n".join((*lines, b"", b"")))
        self.transport.close()

    def _expect_a_head(self) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class PoliteWebSocket(WSProtocol):
    """The refusal of what is no WebSocket has our headers too."""

    def __init__(self, *, refusal_headers: Headers, **uvicorns: Any) -> None:  # noqa: ANN401
        super().__init__(**uvicorns)
        self._refusal_headers = refusal_headers

    @override
    def data_received(self, data: bytes) -> None:
        try:
            self.conn.receive_data(data)
        except RemoteProtocolError as fault:
            hint = fault.event_hint
            if isinstance(hint, RejectConnection):
                hint = replace(hint, headers=[*hint.headers, *self._refusal_headers])
            if hint is not None:
                self.transport.write(self.conn.send(hint))
            self.transport.close()
        except LocalProtocolError:  # a word that crossed our goodbye
            self.transport.close()
        else:
            self.handle_events()


def protocols(settings: Settings) -> dict[str, Callable[..., asyncio.Protocol]]:
    """Uvicorn's options `http` and `ws`."""
    headers = MutableHeaders()
    SecurityHeaders(settings).apply(headers, 400)
    return {
        "http": partial(BoundedHttp, refusal_headers=headers.raw),
        "ws": partial(PoliteWebSocket, refusal_headers=headers.raw),
    }
