"""Below what no run can come: what set-based SQL needs for a town's month (the same charges and
transfers, to the kopeck, without a journal and with shorter proofs), and what the driver needs to
put in the very rows of a run, proofs and journal with them, when somebody has computed them.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Final

from sqlalchemy import text

from portal.backend import Backend
from portal.db.session import Session
from portal.domain.identity import Officer
from tests.bench.town import without_hurry

_CHARGES: Final = """
INSERT INTO charge (key, agreement_id, account_id, service_id, period, posted_at, volume, price_id,
                    price, amount, proof, part, scheme)
SELECT 'bill/2026-10/' || account_id || '/' || service_id || '/base/2026-10-01/' || price_id
            || '/0',
       agreement_id, account_id, service_id, '2026-10', TIMESTAMP '2026-10-28 09:00:00', volume,
       price_id, price, (volume * price + 5000000000) / 10000000000,
       CAST('{"method":"' || method || '","inputs":{"volume":' || volume || ',"price":' || price
            || ',"from":"2026-10-01","to":"2026-10-31"}}' AS JSON), 'base', 'own'
FROM (
  SELECT account.agreement_id, account.id AS account_id, service.id AS service_id, service.method,
         price.id AS price_id, price.price, premises.area AS volume
  FROM account JOIN agreement ON agreement.id = account.agreement_id
  JOIN premises ON premises.id = agreement.premises_id
  JOIN service ON service.tariff_id = account.tariff_id
   AND service.method IN ('area', 'capital_repair')
  JOIN price ON price.service_id = service.id
  UNION ALL
  SELECT account.agreement_id, account.id, service.id, service.method, price.id, price.price,
         current.value - previous.value
  FROM account JOIN service ON service.tariff_id = account.tariff_id
   AND service.method = 'metered_month'
  JOIN price ON price.service_id = service.id
  JOIN reading AS current ON current.account_id = account.id
   AND current.service_id = service.id AND current.taken_on = DATE '2026-10-20'
  JOIN reading AS previous ON previous.id = current.previous_id
) AS due
"""
_SIDES: Final = """
INSERT INTO ledger_account (kind, owner)
SELECT 'resident', CAST(id AS TEXT) FROM agreement
UNION ALL SELECT 'income', CAST(id AS TEXT) FROM operator
"""
_TRANSFERS: Final = """
INSERT INTO transfer (debit_id, credit_id, amount, code, posted_at, charge_id)
SELECT debit.id, credit.id, charge.amount, 'charge', charge.posted_at, charge.id
FROM charge JOIN agreement ON agreement.id = charge.agreement_id
JOIN ledger_account AS debit ON debit.kind = 'resident'
 AND debit.owner = CAST(charge.agreement_id AS TEXT)
JOIN ledger_account AS credit ON credit.kind = 'income'
 AND credit.owner = CAST(agreement.operator_id AS TEXT)
"""
_WRITTEN: Final = ("ledger_account", "charge", "transfer", "audit_record")
_AT_ONCE: Final = 10_000
_OUTCOME: Final = text("SELECT count(*), sum(amount) FROM charge")


@dataclass(frozen=True)
class Outcome:
    """Of a month; `seconds` are the clock's, in whatever company the machine was."""

    seconds: float
    lines: int
    kopecks: int


def set_based(backend: Backend) -> Outcome:
    started = time.perf_counter()
    backend.write_now(_set_based, Officer("bench"))
    return outcome(backend, time.perf_counter() - started)


def outcome(backend: Backend, seconds: float) -> Outcome:
    lines, kopecks = backend.read_now(lambda session: session.execute(_OUTCOME).one())
    return Outcome(seconds, int(lines), int(kopecks))


def _set_based(session: Session, _officer: Officer) -> None:
    without_hurry(session)
    for statement in (_CHARGES, _SIDES, _TRANSFERS):
        words = statement
        if not session.is_postgresql:  # where moments and documents are texts
            words = words.replace("TIMESTAMP '2026-10-28 09:00:00'", "'2026-10-28 09:00:00.000000'")
            words = words.replace("DATE '", "'").replace("AS JSON)", "AS TEXT)")
        session.execute(text(words.replace(":", "\\:")))


def copied(ours: Backend, theirs: Backend) -> float:
    """Seconds of the driver alone, in one transaction, to put the rows of the run of `ours` into
    the same town that was not charged.
    """
    source, target = ours.engine.raw_connection(), theirs.engine.raw_connection()
    read, put = source.cursor(), target.cursor()
    ways = (_rows, _put_rows) if ours.engine.dialect.name == "sqlite" else (_blocks, _put_blocks)
    seconds = _timed(put.execute, "BEGIN IMMEDIATE") if ways[0] is _rows else 0
    for table in _WRITTEN:
        for first, last in _portions(read, put, table):
            condition = f"{table} WHERE id > {first} AND id <= {last} ORDER BY id"
            seconds += _timed(ways[1], put, table, ways[0](read, condition))
    seconds += _timed(target.commit)
    for connection in (source, target):
        connection.close()
    return seconds


def _timed(work: Any, *given: object) -> float:
    started = time.perf_counter()
    work(*given)
    return time.perf_counter() - started


def _portions(read: Any, put: Any, table: str) -> Iterator[tuple[int, int]]:
    """Of the ids that only one of the two has."""
    asked = f"SELECT coalesce(max(id), 0) FROM {table}"
    (first,), (last,) = (cursor.execute(asked) and cursor.fetchone() for cursor in (put, read))
    for start in range(first, last, _AT_ONCE):
        yield start, start + _AT_ONCE


def _rows(read: Any, condition: str) -> list[tuple[Any, ...]]:
    read.execute(f"SELECT * FROM {condition}")
    return list(read.fetchall())


def _put_rows(put: Any, table: str, rows: list[tuple[Any, ...]]) -> None:
    places = ", ".join(repeat("?", len(rows[0])))
    put.executemany(f"INSERT INTO {table} VALUES ({places})", rows)


def _blocks(read: Any, condition: str) -> list[bytes]:
    with read.copy(f"COPY (SELECT * FROM {condition}) TO STDOUT") as blocks:
        return [bytes(block) for block in blocks]


def _put_blocks(put: Any, table: str, blocks: list[bytes]) -> None:
    with put.copy(f"COPY {table} FROM STDIN") as copy:
        for block in blocks:
            copy.write(block)
