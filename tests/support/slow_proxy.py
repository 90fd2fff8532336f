"""A bad network between two loopback ports: slow, far, silent or gone.

An asyncio TCP proxy in a thread of its own. Both directions share their link among all
connections, as a phone does; a byte arrives when the link has carried it and half a round trip
has passed.
"""

import asyncio
import socket
import struct
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Self

from tests.support.processes import LOOPBACK

CHUNK = 4096
IN_FLIGHT = 64  # chunks a connection and direction may have on the road: 256 KiB


@dataclass(frozen=True)
class Profile:
    """Bits a second towards the browser and away from it (0: unlimited), round trip in seconds."""

    down: float = 0
    up: float = 0
    round_trip: float = 0


WIRE = Profile()
SLOW_4G = Profile(down=1_600_000, up=750_000, round_trip=0.150)  # Lighthouse's slow 4G


class SlowProxy:
    """`with SlowProxy(server.port, SLOW_4G) as network: page.goto(network.url)`."""

    def __init__(self, upstream_port: int, profile: Profile = WIRE) -> None:
        self.profile = profile
        self.port = 0
        self._upstream_port = upstream_port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._flowing = {"up": asyncio.Event(), "down": asyncio.Event()}
        self._gone = False
        self._sockets: set[asyncio.StreamWriter] = set()
        self._free_at = {"down": 0.0, "up": 0.0}
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._do(self._listen())
        return self

    def __exit__(self, *_: object) -> None:
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def stall(self, *ways: str) -> None:
        """From now on nothing arrives and nobody is told: a tunnel, a lift.  `ways`: only "up",
        away from the browser, or only "down": what it sends arrives, the answers do not.
        """
        self._do(self._stall(ways or ("up", "down")))

    def cut(self) -> None:
        """Reset every connection, refuse every new one."""
        self._do(self._cut())

    def drop(self) -> None:
        """Reset every connection; new ones are welcome: another mast, another address."""
        self._do(self._drop())

    def resume(self) -> None:
        """The network is back; what a stall held up arrives now."""
        self._do(self._resume())

    def connections(self) -> int:
        """How many are open towards the browser."""
        return len(self._sockets) // 2

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    async def _listen(self) -> None:
        await self._resume()
        self._server = await asyncio.start_server(self._serve, LOOPBACK, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._cut()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _stall(self, ways: tuple[str, ...]) -> None:
        for way in ways:
            self._flowing[way].clear()

    async def _resume(self) -> None:
        self._gone = False
        for flowing in self._flowing.values():
            flowing.set()

    async def _cut(self) -> None:
        self._gone = True
        for writer in list(self._sockets):
            _reset(writer)

    async def _drop(self) -> None:
        await self._cut()
        await self._resume()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._gone:
            _reset(writer)
            return
        await asyncio.sleep(self.profile.round_trip)  # the handshake: one round trip
        await self._flowing["up"].wait()
        try:
            far_reader, far_writer = await asyncio.open_connection(LOOPBACK, self._upstream_port)
        except OSError:
            _reset(writer)
            return
        pair = {writer, far_writer}
        self._sockets |= pair
        try:
            await asyncio.gather(
                self._pump(reader, far_writer, "up"), self._pump(far_reader, writer, "down")
            )
        except OSError:
            pass  # one side is gone: the finally tells the other
        finally:
            self._sockets -= pair
            for each in pair:
                each.close()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str
    ) -> None:
        road: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(IN_FLIGHT)
        sending = asyncio.ensure_future(self._deliver(road, writer, self._flowing[way]))
        try:
            while data := await reader.read(CHUNK):
                await road.put((self._arrival(len(data), way), data))
            await road.put((self._arrival(0, way), b""))
            await sending
        finally:
            sending.cancel()

    async def _deliver(
        self,
        road: "asyncio.Queue[tuple[float, bytes]]",
        writer: asyncio.StreamWriter,
        flowing: asyncio.Event,
    ) -> None:
        while True:
            due, data = await road.get()
            await asyncio.sleep(due - self._loop.time())
            await flowing.wait()
            if not data:
                if writer.can_write_eof():
                    writer.write_eof()
                return
            writer.write(data)
            await writer.drain()

    def _arrival(self, size: int, way: str) -> float:
        """When the last byte is there: the link's queue, its speed, half a round trip."""
        rate = self.profile.down if way == "down" else self.profile.up
        sent = max(self._loop.time(), self._free_at[way]) + (size * 8 / rate if rate else 0)
        self._free_at[way] = sent
        return sent + self.profile.round_trip / 2


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST, not with a polite FIN."""
    raw = writer.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
