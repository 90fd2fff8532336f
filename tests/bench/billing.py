"""The run of a month beside set-based SQL that charges the same town, and beside the driver alone
that puts in the rows of that run.

Each run is a process of its own, so that its memory is its own.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from portal.backend import Backend
from portal.db.migrate import upgrade
from portal.domain.identity import Officer
from portal.domain.period import Period
from portal.services.office.billing.run import Order, bill_chunk, chunks
from tests.bench.floor import Outcome, copied, outcome, set_based
from tests.bench.table import Row
from tests.bench.town import a_town
from tests.support.postgres import postgres_cluster
from tests.support.processes import clean_environment

ACCOUNTS = (10_000, 100_000)
ACCOUNTS_IN_FULL = (*ACCOUNTS, 1_000_000)
OCTOBER = Period(2026, 10)
NOW = datetime(2026, 10, 28, 9, tzinfo=UTC)
OFFICER = Officer("bench")
FIRST_OPERATOR = 1


def measure() -> Iterator[Row]:
    """Two rows a database and size; the largest town only where all is measured."""
    for accounts in ACCOUNTS_IN_FULL if os.environ.get("ZHKH_TEST_FULL") else ACCOUNTS:
        with tempfile.TemporaryDirectory() as folder:
            names = (f"sqlite:///{Path(folder) / str(number)}.db" for number in count())
            yield from compared("SQLite", accounts, names)
        with postgres_cluster({}) as cluster:
            yield from compared(
                "PostgreSQL", accounts, (cluster.url(cluster.create()) for _ in count())
            )


def compared(kind: str, accounts: int, addresses: Iterator[str]) -> Iterator[Row]:
    backend = _settled(next(addresses), accounts)
    floor = set_based(backend)
    backend.close()
    ours = next(addresses)
    _settled(ours, accounts).close()
    run, memory = _run_apart(ours)
    if (run.lines, run.kopecks) != (floor.lines, floor.kopecks):
        raise AssertionError((run, floor))
    yield Row(
        f"a month of {accounts} accounts × 6 services, {kind}: lines a second; MiB",
        f"{run.lines / run.seconds:.0f}; {memory}",
        f"set-based, no journal: {floor.lines / floor.seconds:.0f}",
        f"{run.seconds / floor.seconds:.1f} × the time",
        "≤ 3 ×; ≤ 200",
    )
    source, target = Backend(ours), _settled(next(addresses), accounts)
    seconds = copied(source, target)
    if outcome(target, seconds) != outcome(source, seconds):
        raise AssertionError((run, outcome(target, seconds)))
    for side in (source, target):
        side.close()
    yield Row(
        f"the same, {accounts} accounts, {kind}: lines a second",
        f"{run.lines / run.seconds:.0f}",
        f"its rows put in by the driver alone: {run.lines / seconds:.0f}",
        f"{run.seconds / seconds:.1f} × the time",
    )


def _settled(address: str, accounts: int) -> Backend:
    upgrade(address)
    backend = Backend(address, lambda: NOW)
    a_town(backend, accounts)
    return backend


def _run_apart(address: str) -> tuple[Outcome, int]:
    """And the most memory that it had, MiB."""
    root = str(Path(__file__).parents[2])
    command = [sys.executable, "-m", "tests.bench.billing", address]
    environment = clean_environment(PYTHONPATH=root)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return Outcome(**told["outcome"]), told["memory"]


def _run(address: str) -> dict[str, Any]:
    backend = Backend(address, lambda: NOW)
    order = Order(FIRST_OPERATOR, OCTOBER)
    started = time.perf_counter()
    for chunk in backend.read_now(chunks, OFFICER, order, None):
        backend.write_now(bill_chunk, OFFICER, order, chunk, NOW)
    charged = outcome(backend, time.perf_counter() - started)
    backend.close()
    told = {"seconds": charged.seconds, "lines": charged.lines, "kopecks": charged.kopecks}
    return {"outcome": told, "memory": _most_memory()}


def _most_memory() -> int:
    """MiB.  `getrusage` would tell of whoever started this process, if that had more."""
    status = Path("/proc/self/status").read_text("ascii")
    found: Any = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) // 1024


if __name__ == "__main__":
    print(json.dumps(_run(sys.argv[1])))
