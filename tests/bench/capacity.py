"""Pages a second and memory a client while many are connected, beside the same page of usual
elements; a cold visitor's static files, beside NiceGUI's own.
"""

import asyncio
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.bench.crowd import AT_ONCE, Crowd
from tests.bench.stand import Peer, Stands, resident_memory_kb
from tests.bench.table import Row

CROWDS = (200, 1000)
PAGES = 200
HEARTBEAT_SECONDS = 30
"""Longer than a server waits for the answer to a ping."""
VISITORS = 20


@dataclass(frozen=True)
class Capacity:
    """Of one server with so many connected."""

    pages_a_second: float
    memory_kb: float
    lost: int


def measure(stands: Stands) -> Iterator[Row]:
    for count in CROWDS:
        usual = asyncio.run(_capacity(stands.usual, "/", {}, count))
        ours = asyncio.run(_capacity(stands.ours, "/zkh", stands.cookies, count))
        yield Row(
            f"pages a second, {count} connected",
            f"{ours.pages_a_second:.0f}",
            f"usual elements {usual.pages_a_second:.0f}",
            f"{ours.pages_a_second / usual.pages_a_second:.2f} ×",
            "≥ 3 ×",
        )
        yield Row(
            f"memory a client, {count} connected, KB; lost",
            f"{ours.memory_kb:.0f}; {ours.lost}",
            f"usual elements {usual.memory_kb:.0f}; {usual.lost}",
            f"{ours.memory_kb / usual.memory_kb:.2f} ×",
            "≤ 0.4 ×; 0",
        )


def static_files(stands: Stands, ours: tuple[str, ...], hello: tuple[str, ...]) -> Row:
    """`ours` and `hello`: the paths that a cold visitor's browser asked for after the page."""
    mine, theirs = (_static_ms(p, f) for p, f in ((stands.ours, ours), (stands.hello, hello)))
    return Row(
        "server's CPU for a cold visitor's static files, ms",
        f"{mine:.1f}",
        f"hello {theirs:.1f}",
        f"{mine / theirs:.3f} ×",
        "≤ 0.05 ×",
    )


async def _capacity(peer: Peer, path: str, cookies: dict[str, str], count: int) -> Capacity:
    await _pages_a_second(peer, path, cookies, 20)  # warm
    before = resident_memory_kb(peer.pid)
    async with Crowd(peer, path, cookies, count) as crowd:
        memory = (resident_memory_kb(peer.pid) - before) / count
        rate = await _pages_a_second(peer, path, cookies, PAGES)
        await asyncio.sleep(HEARTBEAT_SECONDS)
        return Capacity(rate, memory, crowd.lost)


async def _pages_a_second(peer: Peer, path: str, cookies: dict[str, str], count: int) -> float:
    """Of those that were answered with the page, not with an error."""
    headers = {"Host": peer.slow_url.removeprefix("http://")} if cookies else {}
    gate = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(
        base_url=peer.url, cookies=cookies, headers=headers, timeout=60
    ) as client:

        async def get() -> int:
            async with gate:
                return (await client.get(path)).status_code

        started = time.perf_counter()
        answers = await asyncio.gather(*(get() for _ in range(count)))
        spent = time.perf_counter() - started
    return answers.count(httpx.codes.OK) / spent


def _static_ms(peer: Peer, paths: tuple[str, ...]) -> float:
    """CPU milliseconds of the server a visitor."""
    headers = {"Host": peer.slow_url.removeprefix("http://"), "Accept-Encoding": "gzip"}
    with httpx.Client(base_url=peer.url, headers=headers, timeout=60) as client:
        started = _cpu_ms(peer.pid)
        for _ in range(VISITORS):
            for path in paths:
                client.get(path).raise_for_status()
        return (_cpu_ms(peer.pid) - started) / VISITORS


def _cpu_ms(pid: int) -> float:
    """User and system time of the process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")
