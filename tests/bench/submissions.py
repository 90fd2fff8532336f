"""Submissions a second through the service layer, beside the raw driver executing the very same
statements on the very same rows.

The service layer runs on one database.  It does the same on a second one, untimed, while its
statements are recorded, and the driver replays them on a third.  Blocks alternate, so that both
meet the same machine.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
import pysqlite3
from sqlalchemy import Engine, event, make_url, select

from portal.app import look_no_more_at_what_stays
from portal.backend import Backend
from portal.db.base import table_of
from portal.db.migrate import upgrade
from portal.db.readings import Reading
from portal.services.entry import VALUES_MAX
from tests.bench.table import Row
from tests.builders import Counter, a_house
from tests.support.entries import a_key, an_entry, submit
from tests.support.postgres import postgres_cluster

BLOCKS, PER_BLOCK = 6, 50
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
START = date(2024, 1, 1)

Statement = tuple[str, Any]


@dataclass
class Stand:
    """One kind of database: where the service layer writes, timed and recorded, and where the
    driver replays.
    """

    name: str
    timed: tuple[Backend, Counter]
    recorded: tuple[Backend, Counter]
    replay: Callable[[list[list[Statement]]], float]


def measure() -> Iterator[Row]:
    """Two rows a database."""
    with tempfile.TemporaryDirectory() as folder, postgres_cluster({}) as cluster:
        for stand in (_sqlite(Path(folder)), _postgresql(cluster)):
            yield _compared(stand)
            stand.timed[0].close()
            stand.recorded[0].close()
        yield _entry_of_many("SQLite", f"sqlite:///{Path(folder) / 'many.db'}")
        yield _entry_of_many("PostgreSQL", cluster.url(cluster.create()))


def _entry_of_many(kind: str, address: str) -> Row:
    """One call of as many readings as one takes."""
    backend, first = _prepared(address)
    flat, times = first.account.flat, []
    counters = [
        flat.an_account(str(number)).a_meter(first.service).opens_at("100", on=START)
        for number in range(VALUES_MAX)
    ]
    keys = [f"{each.account.id}/zkh_water" for each in counters]
    look_no_more_at_what_stays()  # as `serve` does
    for number in range(1, 6):
        day = (START + timedelta(number)).isoformat()
        seen = dict(zip(keys, _newest(backend), strict=True))
        entry = an_entry(dict.fromkeys(keys, str(100 + number)), seen, day)
        started = time.perf_counter()
        submit(backend, flat.person.id, entry, NOW, a_key())
        times.append(time.perf_counter() - started)
    backend.close()
    return Row(
        f"{VALUES_MAX} readings in one call (the most that one takes), {kind}: median, ms",
        f"{median(times) * 1000:.0f}",
        "condo's bar for 500: 1 s",
    )


def _newest(backend: Backend) -> list[int]:
    """In the order in which they were stored."""
    query = select(table_of(Reading).c.id).order_by(table_of(Reading).c.id.desc())
    ids = backend.read_now(lambda session: session.scalars(query.limit(VALUES_MAX)).all())
    return sorted(ids)


def _compared(stand: Stand) -> Row:
    ours = theirs = 0.0
    statements_count = 0
    for block in range(BLOCKS):
        ours += _block(*stand.timed, block)
        with _recorded(stand.recorded[0].engine) as statements:
            _block(*stand.recorded, block)
        theirs += stand.replay(statements)
        statements_count += sum(len(transaction) for transaction in statements)
    count = BLOCKS * PER_BLOCK
    each = statements_count / count
    return Row(
        f"submissions a second, {stand.name}",
        f"{count / ours:.0f}",
        f"raw driver, the same {each:.0f} statements: {count / theirs:.0f}",
        f"{theirs / ours:.2f} ×",
        "≥ 0.35 ×",
    )


def _block(backend: Backend, counter: Counter, block: int) -> float:
    person = counter.account.flat.person
    key = f"{counter.account.id}/zkh_water"
    seen = 1 + block * PER_BLOCK
    started = time.perf_counter()
    for number in range(seen, seen + PER_BLOCK):
        day = (START + timedelta(days=number)).isoformat()
        entry = an_entry({key: str(100 + number)}, {key: number}, day)
        submit(backend, person.id, entry, NOW, a_key())
    return time.perf_counter() - started


@contextmanager
def _recorded(engine: Engine) -> Iterator[list[list[Statement]]]:
    """The statements of each transaction, as the driver got them."""
    transactions: list[list[Statement]] = []

    def on_begin(_connection: Any) -> None:
        transactions.append([])

    def on_execute(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any
    ) -> None:
        if not statement.startswith("BEGIN"):
            transactions[-1].append((statement, parameters))

    event.listen(engine, "begin", on_begin, insert=True)
    event.listen(engine, "before_cursor_execute", on_execute)
    try:
        yield transactions
    finally:
        event.remove(engine, "begin", on_begin)
        event.remove(engine, "before_cursor_execute", on_execute)


def _prepared(address: str) -> tuple[Backend, Counter]:
    upgrade(address)
    backend = Backend(address, lambda: NOW)
    flat = a_house(backend).a_resident().an_agreement()
    service = flat.house.a_service("zkh_water", price="53,41")
    return backend, flat.an_account().a_meter(service).opens_at("100", on=START)


def _sqlite(folder: Path) -> Stand:
    timed = _prepared(f"sqlite:///{folder / 'ours.db'}")
    recorded = _prepared(f"sqlite:///{folder / 'recorded.db'}")
    _prepared(f"sqlite:///{folder / 'theirs.db'}")[0].close()
    raw = pysqlite3.connect(str(folder / "theirs.db"), isolation_level=None)
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("PRAGMA synchronous=FULL")
    raw.execute("PRAGMA foreign_keys=ON")

    def replay(transactions: list[list[Statement]]) -> float:
        started = time.perf_counter()
        for statements in transactions:
            raw.execute("BEGIN IMMEDIATE")
            for statement, parameters in statements:
                raw.execute(statement, parameters).fetchall()
            raw.execute("COMMIT")
        return time.perf_counter() - started

    return Stand("SQLite", timed, recorded, replay)


def _postgresql(cluster: Any) -> Stand:
    timed = _prepared(cluster.url(cluster.create()))
    recorded = _prepared(cluster.url(cluster.create()))
    theirs = cluster.create()
    _prepared(cluster.url(theirs))[0].close()
    address = make_url(cluster.url(theirs)).set(drivername="postgresql")
    raw = psycopg.connect(address.render_as_string(hide_password=False))

    def replay(transactions: list[list[Statement]]) -> float:
        started = time.perf_counter()
        for statements in transactions:
            for statement, parameters in statements:
                cursor = raw.execute(statement, parameters)
                if cursor.description:
                    cursor.fetchall()
            raw.commit()
        return time.perf_counter() - started

    return Stand("PostgreSQL", timed, recorded, replay)
