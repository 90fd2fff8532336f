"""Pages a second and memory a client, beside the same page of usual elements."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.bench.stand import Peer, Stands, resident_memory_kb
from tests.bench.table import Row

CLIENTS, AT_ONCE, ROUNDS = 200, 8, 2


def measure(stands: Stands) -> Iterator[Row]:
    rates: dict[str, float] = {}
    memory: dict[str, float] = {}
    for peer, path in ((stands.usual, "/"), (stands.ours, "/zkh")):
        cookies = stands.cookies if peer is stands.ours else {}
        _get_many(peer, path, cookies, 20)  # warm
        before = resident_memory_kb(peer.pid)
        rates[peer.name] = _get_many(peer, path, cookies, CLIENTS)
        memory[peer.name] = (resident_memory_kb(peer.pid) - before) / CLIENTS
    yield Row(
        "pages a second",
        f"{rates['ours']:.0f}",
        f"usual elements {rates['usual']:.0f}",
        f"{rates['ours'] / rates['usual']:.2f} ×",
        "≥ 2.5 ×",
    )
    yield Row(
        f"memory a client at {CLIENTS}, KB",
        f"{memory['ours']:.0f}",
        f"usual elements {memory['usual']:.0f}",
        f"{memory['ours'] / memory['usual']:.2f} ×",
        "≤ 0.5 ×",
    )


def _get_many(peer: Peer, path: str, cookies: dict[str, str], count: int) -> float:
    """Requests a second."""
    headers = {"Host": peer.slow_url.removeprefix("http://")} if cookies else {}
    with (
        httpx.Client(base_url=peer.url, cookies=cookies, headers=headers, timeout=60) as client,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        started = time.perf_counter()
        answers = list(pool.map(lambda _: client.get(path).status_code, range(count)))
        spent = time.perf_counter() - started
    assert set(answers) == {httpx.codes.OK}
    return count / spent
