"""A page's socket without a browser: Engine.IO 4 and Socket.IO 5 by hand, so that a test can say
what no script of ours would.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from html import unescape
from typing import Any, Self
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class PageIds:
    """What the page's markup tells its script, and what the script makes up."""

    client_id: str
    fragment: int
    listener: str
    tab_id: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A screen that was sent into a live page."""

    number: int
    address: str
    title: str
    html: str


def page_ids(markup: str) -> PageIds:
    """Raises AssertionError: the markup is no live page."""
    client = re.search(r'"client_id": ?"([0-9a-f-]{36})"', markup.replace("'", '"'))
    assert client, "no live page"
    for number, element in page_elements(markup).items():
        for event in element.get("events", []):
            if event["type"] == "wish":
                return PageIds(client[1], int(number), event["listener_id"], str(uuid4()))
    raise AssertionError("no live element")


def page_elements(markup: str) -> dict[str, Any]:
    """NiceGUI's elements of the page, by number."""
    written = re.search(r"parseElements\(String\.raw`(.*?)`\)", markup, re.DOTALL)
    assert written, "no live page"
    elements: dict[str, Any] = json.loads(unescape(written[1]))
    return elements


class Socket:
    """Opened with the cookie and the origin of one's choice."""

    def __init__(
        self,
        url: str,
        ids: PageIds,
        *,
        cookie: str = "",
        origin: str | None = "",
        path: str = "/_nicegui_ws/socket.io/",
    ) -> None:
        self.ids = ids
        query = urlencode(
            {
                "EIO": "4",
                "transport": "websocket",
                "client_id": ids.client_id,
                "tab_id": ids.tab_id,
                "document_id": str(uuid4()),
                "next_message_id": "0",
                "implicit_handshake": "true",
            }
        )
        self._address = f"ws://{urlsplit(url).netloc}{path}?{query}"
        self._headers = {"Cookie": cookie} if cookie else {}
        self._origin = url if origin == "" else origin
        self._open = ExitStack()
        self._connection: ClientConnection | None = None

    def __enter__(self) -> Self:
        opening = connect(
            self._address,
            origin=self._origin,  # type: ignore[arg-type] # a NewType of str
            additional_headers=self._headers,
            open_timeout=PATIENCE,
        )
        self._connection = self._open.enter_context(opening)
        assert self._receive().startswith("0")
        self._send("40")
        return self

    def __exit__(self, *_fault: object) -> None:
        self._open.close()

    def extensions(self) -> str:
        """What the server agreed to beyond the plain protocol."""
        assert self._connection is not None
        assert self._connection.response is not None
        return self._connection.response.headers.get("sec-websocket-extensions", "")

    def accepted(self) -> bool:
        """Whether the server took the socket for the page's own."""
        return self._receive().startswith("40")

    def say(self, packet: str) -> None:
        """Whatever it is, as it is; the server may have hung up at what was said before."""
        with suppress(ConnectionClosed):
            self._send(packet)

    def is_closed(self) -> bool:
        """Whether the server hangs up by itself."""
        assert self._connection is not None
        try:
            while True:
                self._connection.recv(timeout=PATIENCE)
        except ConnectionClosed:
            return True
        except TimeoutError:
            return False

    def emit(self, name: str, message: Mapping[str, Any]) -> None:
        self._send(f"42{json.dumps([name, message])}")

    def wish(self, address: str, number: int = 1, **forged: Any) -> None:
        """Ask for a page, as a tap on a link does; `forged` replaces parts of the message."""
        args = [json.dumps({"number": number, "address": address})]
        message = {
            "id": self.ids.fragment,
            "client_id": self.ids.client_id,
            "listener_id": self.ids.listener,
            "args": args,
        }
        self.emit("event", {**message, **forged})

    def told(self) -> Iterator[tuple[str, Any]]:
        """(event, argument) as they come, until the server says goodbye."""
        while True:
            try:
                packet = self._receive()
            except (ConnectionClosed, TimeoutError):
                return
            if packet.startswith("41"):
                return
            if packet.startswith("42"):
                name, *rest = json.loads(packet[2:])
                yield name, rest[0] if rest else None

    def shown(self) -> Shown:
        """The next screen that the server sends."""
        for name, argument in self.told():
            if name == "run_javascript" and '"show", [' in argument["code"]:
                written = argument["code"].partition('"show", ')[2]
                return Shown(*json.JSONDecoder().raw_decode(written)[0])
        raise AssertionError("no screen came")

    def is_refused(self) -> bool:
        """Whether nothing but a way out comes any more."""
        return all(name == "open" for name, _ in self.told())

    def _send(self, packet: str) -> None:
        assert self._connection is not None
        self._connection.send(packet)

    def _receive(self) -> str:
        assert self._connection is not None
        while True:
            packet = str(self._connection.recv(timeout=PATIENCE))
            if packet != "2":  # a ping
                return packet
            self._send("3")
