"""Many open tabs at once: each has loaded its page and holds its socket, as a browser would."""

import asyncio
import re
from contextlib import AsyncExitStack
from typing import Self
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.bench.stand import Peer

AT_ONCE = 8
PATIENCE_SECONDS = 120
CLIENT_ID = re.compile(r"client_id&?[^0-9a-f]{1,12}([0-9a-f-]{36})")


class Crowd:
    """`async with Crowd(peer, path, cookies, count) as crowd`: all of them are connected."""

    def __init__(self, peer: Peer, path: str, cookies: dict[str, str], count: int) -> None:
        self._peer, self._path, self._count = peer, path, count
        # The portal answers to its public address alone.
        self._origin = peer.slow_url if cookies else peer.url
        self._headers = {"Host": urlsplit(self._origin).netloc}
        self._cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self._open = AsyncExitStack()
        self._tabs: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        gate = asyncio.Semaphore(AT_ONCE)
        async with httpx.AsyncClient(base_url=self._peer.url, timeout=PATIENCE_SECONDS) as client:
            await asyncio.gather(*(self._joins(client, gate) for _ in range(self._count)))
        return self

    async def __aexit__(self, *_fault: object) -> None:
        for tab in self._tabs:
            tab.cancel()
        await asyncio.gather(*self._tabs, return_exceptions=True)
        await self._open.aclose()

    @property
    def lost(self) -> int:
        """How many got no page, or have been hung up on."""
        return self._count - sum(not tab.done() for tab in self._tabs)

    async def _joins(self, client: httpx.AsyncClient, gate: asyncio.Semaphore) -> None:
        async with gate:
            headers = self._headers | ({"Cookie": self._cookie} if self._cookie else {})
            page = await client.get(self._path, headers=headers)
            found = CLIENT_ID.search(page.text)
            if page.is_error or found is None:
                return  # lost before it was there
            socket = await self._open.enter_async_context(self._socket(found[1]))
            await socket.recv()  # the session's limits
            await socket.send("40")
            await socket.recv()  # accepted
            self._tabs.append(asyncio.create_task(_stays(socket)))

    def _socket(self, client_id: str) -> connect:
        query = urlencode(
            {
                "EIO": "4",
                "transport": "websocket",
                "client_id": client_id,
                "tab_id": str(uuid4()),
                "document_id": str(uuid4()),
                "next_message_id": "0",
                "implicit_handshake": "true",
            }
        )
        place = urlsplit(self._peer.url)
        return connect(
            f"ws://{urlsplit(self._origin).netloc}/_nicegui_ws/socket.io/?{query}",
            host=place.hostname,
            port=place.port,
            origin=self._origin,  # type: ignore[arg-type] # a NewType of str
            additional_headers={"Cookie": self._cookie} if self._cookie else {},
            open_timeout=PATIENCE_SECONDS,
            compression=None,
            ping_interval=None,  # a browser answers pings and sends none
        )


async def _stays(socket: ClientConnection) -> None:
    """Answers the server's pings until it hangs up."""
    try:
        async for message in socket:
            if message == "2":
                await socket.send("3")
    except ConnectionClosed:
        return
