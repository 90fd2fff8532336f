"""Payments that come from outside: a terminal's questions and payments a second, as many terminals
as a payment system may open at once, beside the raw driver committing one row; and a bank's file.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final

import httpx
import psycopg
import pysqlite3
from sqlalchemy import make_url

from portal.backend import Backend
from portal.commands.bank import brought, told_by
from portal.db.migrate import upgrade
from portal.domain.money import Money
from portal.imports.bank.profile_reading import find_profile
from portal.services.incoming.file_channels import file_channel
from tests.bench.table import Row
from tests.builders import BUILDER, NOW, House, a_house
from tests.imports.bank.registries import qiwi
from tests.support.incoming import a_channel
from tests.support.postgres import postgres_cluster
from tests.support.server import PortalServer

CONNECTIONS: Final = 15
"""What payment systems ask for: ten to fifteen at once."""
REQUESTS, FLATS, OF_A_FILE, COMMITS = 600, 200, 100, 300
PEERS_BAR: Final = "condo's bar for a payment: 14 s"


def measure() -> Iterator[Row]:
    """Four rows a database."""
    with tempfile.TemporaryDirectory() as folder, postgres_cluster({}) as cluster:
        path = Path(folder)
        yield from _of("SQLite", path, f"sqlite:///{path / 'portal.db'}", _sqlite_commits(path))
        address = cluster.url(cluster.create())
        commits = partial(_postgresql_commits, cluster.url(cluster.create()))
        yield from _of("PostgreSQL", path, address, commits)


def _of(kind: str, folder: Path, address: str, commits: Callable[[], float]) -> Iterator[Row]:
    upgrade(address)
    backend = Backend(address, lambda: NOW)
    house = _a_town(backend)
    server = PortalServer(folder / kind, ZHKH_DATABASE_URL=address).start()
    try:
        raw = commits()
        yield _asked(f"a terminal's questions (check), {kind}", server.url, "check", raw)
        yield _asked(f"a terminal's payments (pay), {kind}", server.url, "pay", raw)
    finally:
        server.stop()
    yield _a_file(f"a bank's file of {OF_A_FILE} payments, {kind}", backend, house, folder)
    backend.close()


def _a_town(backend: Backend) -> House:
    house = a_house(backend)
    for number in range(FLATS):
        house.a_resident().an_agreement(f"DOM-{number}").an_invoice(opening="4028,75")
    a_channel(house)
    return house


def _asked(what: str, url: str, command: str, raw: float) -> Row:
    """`raw`: the driver's commits a second."""
    numbers = count(1)
    started = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        asked = [pool.submit(_terminal, url, command, numbers) for _ in range(CONNECTIONS)]
        times = sorted(each for done in asked for each in done.result())
    rate = len(times) / (time.perf_counter() - started)
    return Row(
        f"{what}, {CONNECTIONS} at once: a second, p99 ms",
        f"{rate:.0f}, {times[len(times) * 99 // 100] * 1000:.0f}",
        f"raw driver commits a row: {raw:.0f} a second",
        f"{rate / raw:.2f} ×",
        "60 s an answer",
    )


def _terminal(url: str, command: str, numbers: Iterator[int]) -> list[float]:
    """Seconds of each answer.  Raises AssertionError: one was refused."""
    with httpx.Client(base_url=url, timeout=60) as terminal:
        return [_message(terminal, command, next(numbers)) for _ in range(REQUESTS // CONNECTIONS)]


def _message(terminal: httpx.Client, command: str, number: int) -> float:
    query = {
        "command": command, "txn_id": str(number), "account": f"DOM-{number % FLATS}",
        "sum": "10.45", "txn_date": "20261124115830",
    }  # fmt: skip
    started = time.perf_counter()
    answer = terminal.get("/pay/osmp", params=query)
    passed = time.perf_counter() - started
    if "<result>0</result>" not in answer.text:
        raise AssertionError(answer.text)
    return passed


def _a_file(what: str, backend: Backend, house: House, folder: Path) -> Row:
    """Tried and stored, as `import bank --apply` does it."""
    a_channel(house, "files", "file", name="Банк")
    paid = [(f"f{n}", f"DOM-{n % FLATS}", Money(100_00 + n)) for n in range(OF_A_FILE)]
    file = folder / "QIWI_1_202611241.csv"
    file.write_text(qiwi(paid), encoding="utf-8")
    to = backend.read_now(file_channel, BUILDER, "files")
    started = time.perf_counter()
    report = brought(backend, to, told_by(file, find_profile("qiwi"), to), is_applied=True)
    passed = time.perf_counter() - started
    if len(report.credited) != OF_A_FILE:
        raise AssertionError(report)
    return Row(f"{what}: ms", f"{passed * 1000:.0f}", PEERS_BAR, reach="≤ 1000")


def _sqlite_commits(folder: Path) -> Callable[[], float]:
    def commits() -> float:
        raw = pysqlite3.connect(str(folder / "raw.db"), isolation_level=None)
        for words in ("journal_mode=WAL", "synchronous=FULL"):
            raw.execute(f"PRAGMA {words}")
        raw.execute("CREATE TABLE paid (number INTEGER)")
        rate = _rate(raw, "INSERT INTO paid VALUES (1)", lambda: None)
        raw.close()
        return rate

    return commits


def _postgresql_commits(address: str) -> float:
    plain = make_url(address).set(drivername="postgresql")
    with psycopg.connect(plain.render_as_string(hide_password=False)) as raw:
        raw.execute("CREATE TABLE paid (number INTEGER)")
        raw.commit()
        return _rate(raw, "INSERT INTO paid VALUES (1)", raw.commit)


def _rate(raw: Any, statement: str, commit: Callable[[], None]) -> float:
    started = time.perf_counter()
    for _ in range(COMMITS):
        raw.execute(statement)
        commit()
    return COMMITS / (time.perf_counter() - started)
