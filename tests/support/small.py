"""tests/support/small_portal.py as a process of its own, and those who come to it."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.support.forked_server import ForkedServer
from tests.support.processes import LOOPBACK
from tests.support.sockets import Socket, page_ids

_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # loopback: httpx would read all authorities


class SmallPortal(ForkedServer):
    """tests/support/small_portal.py behind a port; resident 1 and resident 2 live in its house."""

    _module = "tests.support.small_portal"

    def __init__(self, data: Path, database: Path, **settings: str) -> None:
        super().__init__(data, ZHKH_DATABASE_URL=f"sqlite+pysqlite:///{database}")
        self._environment |= settings
        self.database = database

    @property
    def own(self) -> dict[str, str]:
        """What a browser adds to a request from one of our own pages."""
        return {"origin": self.url}

    def visitor(self, **headers: str) -> httpx.Client:
        """Somebody who is not signed in."""
        return httpx.Client(
            base_url=self.url, headers={**self.own, **headers}, timeout=60, verify=_NO_TLS
        )

    @contextmanager
    def resident(self, number: int) -> Iterator[httpx.Client]:
        """The resident's browser, signed in."""
        with self.visitor() as client:
            assert client.post("/login", data={"resident": number}).status_code == 303
            yield client

    def raw(self) -> socket.socket:
        """A connection for what no client of HTTP would send."""
        return socket.create_connection((LOOPBACK, self.port), timeout=60)

    def head(self, request: str, *lines: str) -> bytes:
        """The head of a request such as «GET /» from one of our own pages."""
        own = (f"{request} HTTP/1.1", f"Host: {LOOPBACK}:{self.port}", f"Origin: {self.url}")
        return "\r\n".join((*own, *lines, "", "")).encode()

    def socket(self, client: httpx.Client, page: str = "/", **wanted: Any) -> Socket:
        """The socket that the page's script would open; `wanted` replaces parts of it."""
        ids = wanted.pop("ids", None) or page_ids(client.get(page).text)
        return Socket(self.url, ids, cookie=wanted.pop("cookie", cookie_of(client)), **wanted)


def cookie_of(client: httpx.Client) -> str:
    return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


def everything(raw: socket.socket) -> str:
    """What is still said, until the other side hangs up."""
    parts = []
    while part := raw.recv(65536):
        parts.append(part)
    return b"".join(parts).decode()
