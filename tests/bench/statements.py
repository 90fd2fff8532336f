"""A resident's month, as `/charges?period=…` asks for it, where two years of charges are there: of
a town, beside one with a tenth of the accounts.  How many others live there is to be no concern.
"""

import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

from sqlalchemy import text

from portal.backend import Backend
from portal.db.migrate import upgrade
from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.domain.period import Period
from portal.services.statement import StatementQuery, statement
from tests.bench.table import Row
from tests.bench.town import a_town, analyse, without_hurry
from tests.support.postgres import postgres_cluster

SIZES: Final = (1_000, 10_000)
SIZES_IN_FULL: Final = (10_000, 100_000)
LAST, MONTHS = Period(2026, 10), 24
NOW = datetime(2026, 10, 28, 9, tzinfo=UTC)
ASKED, WARMING_UP = 400, 50
_MONTH: Final = """
INSERT INTO charge (key, agreement_id, account_id, service_id, period, posted_at, volume, price_id,
                    price, amount, proof, part, scheme)
SELECT 'bill/{month}/' || account_id || '/' || service_id, agreement_id, account_id, service_id,
       '{month}', {moment}, volume, price_id, price, (volume * price + 5000000000) / 10000000000,
       CAST('{{"method":"' || method || '","inputs":{{"volume":' || volume || ',"price":' || price
            || ',"from":"{month}-01","to":"{month}-28"}}}}' AS {document}), 'base', 'own'
FROM (
  SELECT account.agreement_id, account.id AS account_id, service.id AS service_id, service.method,
         price.id AS price_id, price.price,
         1000000 * (1 + (account.id + service.id + {number}) % 30) AS volume
  FROM account JOIN service ON service.tariff_id = account.tariff_id
  JOIN price ON price.service_id = service.id
) AS due
ORDER BY account_id, service_id
"""


def measure() -> Iterator[Row]:
    """One row a database; the large towns only where all is measured."""
    sizes = SIZES_IN_FULL if os.environ.get("ZHKH_TEST_FULL") else SIZES
    with tempfile.TemporaryDirectory() as folder, postgres_cluster({}) as cluster:
        yield compared("SQLite", sizes, lambda size: f"sqlite:///{Path(folder) / str(size)}.db")
        yield compared("PostgreSQL", sizes, lambda _: cluster.url(cluster.create()))


def compared(kind: str, sizes: tuple[int, int], address: Callable[[int], str]) -> Row:
    """Medians; the two towns are asked in turn, so that they have the same machine."""
    small, large = (prepared(address(size), size) for size in sizes)
    chance = random.Random(755)
    pairs = [
        (_asked(small, sizes[0], chance), _asked(large, sizes[1], chance))
        for _ in range(WARMING_UP + ASKED)
    ]
    beside, ours = (median(times) for times in zip(*pairs[WARMING_UP:], strict=True))
    for backend in (small, large):
        backend.close()
    return Row(
        f"a resident's month among {sizes[1]} accounts × {MONTHS} months, {kind}: p50, ms",
        f"{ours * 1000:.2f}",
        f"among {sizes[0]}: {beside * 1000:.2f}",
        f"{ours / beside:.2f} × the time",
        "≤ 1.2 ×",
    )


def prepared(address: str, accounts: int) -> Backend:
    """A town whose months are charged, in the order of the months."""
    upgrade(address)
    backend = Backend(address, lambda: NOW)
    town = a_town(backend, accounts)
    for number in range(MONTHS):
        town.house.writes(partial(_charged, month=LAST.shifted(number + 1 - MONTHS), number=number))
    backend.read_now(analyse)
    return backend


def _charged(session: Session, month: Period, number: int) -> None:
    moment = f"{month}-28 09:00:00"
    words = _MONTH.format(
        month=month,
        number=number,
        moment=f"TIMESTAMPTZ '{moment}+00'" if session.is_postgresql else f"'{moment}.000000'",
        document="JSON" if session.is_postgresql else "TEXT",
    )
    without_hurry(session)
    session.execute(text(words.replace(":", "\\:")))


def _asked(backend: Backend, accounts: int, chance: random.Random) -> float:
    """Seconds of one resident's one month."""
    resident = ResidentId(chance.randint(1, accounts))
    query = StatementQuery(period=LAST.shifted(-chance.randrange(MONTHS)))
    started = time.perf_counter()
    page = backend.read_now(statement, resident, query, NOW)
    passed = time.perf_counter() - started
    if len(page.statement.periodic) != len(page.chart) // 2:  # six services, twelve months
        raise AssertionError(page)
    return passed
