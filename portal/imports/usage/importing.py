"""Judging a table of usage, and storing what is new in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from portal.db import journal
from portal.db.session import Session
from portal.db.usage import Usage
from portal.domain.charging.methods import Method
from portal.domain.identity import Officer
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.domain.quantity import Quantity
from portal.imports.book.faults import Fault, guess, refusal
from portal.imports.book.raw import Wrong
from portal.imports.usage.found import Counted, Found, UsageKey, find, is_rated_elsewhere
from portal.imports.usage.table import UsageRow, UsageTable
from portal.services.office.billing.late import LateFacts, Span


@dataclass(frozen=True, slots=True)
class Sum:
    """The new records of one service and month; `amount` only of those priced elsewhere."""

    service: str
    period: Period
    records: int = 0
    volume: Quantity = field(default_factory=lambda: Quantity(0))
    amount: Money = ZERO

    def plus(self, counted: Counted) -> "Sum":
        return Sum(
            self.service,
            self.period,
            self.records + 1,
            self.volume + counted.volume,
            self.amount + (counted.amount or ZERO),
        )


@dataclass(frozen=True, slots=True)
class UsageReport:
    """What an import did, or would do."""

    new: int
    unchanged: int
    sums: tuple[Sum, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Judged:
    row: UsageRow
    key: UsageKey
    counted: Counted
    service: Row[Any]
    operator_id: int
    agreement_id: int


def import_usage(
    session: Session, officer: Officer, table: UsageTable, now: datetime, *, is_applied: bool
) -> UsageReport:
    """Store the records that are new if `is_applied`, else only tell of them.

    Raises BookFaults with all that is wrong, those of `table.faults` included.
    """
    found = find(session, table.rows)
    faults = list(table.faults)
    fresh, unchanged = _sorted_out(found, table, now, faults)
    if faults:
        raise refusal(table.name, faults)
    late = LateFacts(session, found.months, now)
    for each in fresh:
        period = Span(each.counted.period, each.counted.period)
        late.note(each.operator_id, (each.agreement_id,), period, each.service.name)
    if is_applied and fresh:
        journal.add_all(session, Usage, [_columns(each) for each in fresh])
        late.keep()
        journal.note(session, file=table.name, officer=officer.name)
    return UsageReport(len(fresh), unchanged, tuple(_sums(fresh)), late.sentences)


def _sorted_out(
    found: Found, table: UsageTable, now: datetime, faults: list[Fault]
) -> tuple[list[_Judged], int]:
    """The new records, and how many are there already."""
    fresh: list[_Judged] = []
    above: dict[UsageKey, int] = {}
    unchanged = 0
    for row in table.rows:
        try:
            judged = _judged(found, row, now)
            _refuse_twice(above, judged)
            if _is_stored(found, judged):
                unchanged += 1
            else:
                fresh.append(judged)
        except Wrong as wrong:
            faults.append((row.line, str(wrong)))
    return fresh, unchanged


def _judged(found: Found, row: UsageRow, now: datetime) -> _Judged:
    """Raises Wrong."""
    account = _account(found, row)
    service = found.service(account, row)
    if service is None:
        raise Wrong(f"услуги «{row.service}» нет в тарифе учетной записи «{row.account}»")
    if not is_rated_elsewhere(service):
        ways = f"{Method(service.method).words}, а не {Method.USAGE.words}"
        raise Wrong(f"услуга «{service.name}» начисляется {ways}")
    if row.period > found.months[account.operator_id].present(now):
        raise Wrong(f"{row.period.title} ещё не наступил")
    key = (account.id, service.id, row.external_id)
    counted = Counted(row.period, row.volume, row.amount)
    return _Judged(row, key, counted, service, account.operator_id, account.agreement_id)


def _refuse_twice(above: dict[UsageKey, int], judged: _Judged) -> None:
    """Raises Wrong."""
    if judged.key in above:
        raise Wrong(f"этот номер уже есть в строке {above[judged.key]}")
    above[judged.key] = judged.row.line


def _account(found: Found, row: UsageRow) -> Row[Any]:
    """Raises Wrong."""
    accounts = found.accounts.get(row.account, [])
    if not accounts:
        raise Wrong(f"учетной записи «{row.account}» нет{guess(row.account, found.accounts)}")
    if len(accounts) > 1:
        raise Wrong(f"логин «{row.account}» у нескольких учетных записей: напишите ее ключ")
    return accounts[0]


def _is_stored(found: Found, judged: _Judged) -> bool:
    """Raises Wrong: something else is stored under this number."""
    stored = found.stored.get(judged.key)
    if stored is not None and stored != judged.counted:
        number = judged.row.external_id
        raise Wrong(f"под номером {number} уже загружено {stored}, а в файле {judged.counted}")
    return stored is not None


def _columns(judged: _Judged) -> dict[str, Any]:
    account_id, service_id, number = judged.key
    counted = judged.counted
    return {
        "account_id": account_id, "service_id": service_id, "external_id": number,
        "period": counted.period, "volume": counted.volume, "amount": counted.amount,
    }  # fmt: skip


def _sums(fresh: Iterable[_Judged]) -> Iterator[Sum]:
    """In the order of names, then of months."""
    sums: dict[tuple[str, Period], Sum] = {}
    for judged in fresh:
        name, period = judged.service.name, judged.counted.period
        sums[name, period] = sums.get((name, period), Sum(name, period)).plus(judged.counted)
    yield from (sums[key] for key in sorted(sums))
