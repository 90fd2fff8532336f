"""What the database has of the accounts and services that a table of usage names."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from portal.db.accounts import AccountTariff, ServiceAccount
from portal.db.base import table_of
from portal.db.parties import Agreement
from portal.db.session import Session
from portal.db.tariffs import Service
from portal.db.usage import Usage
from portal.domain.charging.methods import Method
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Quantity
from portal.imports.book.known import portions
from portal.imports.usage.table import UsageRow
from portal.services.office.billing.periods import Months, months_of

_account, _agreement = table_of(ServiceAccount), table_of(Agreement)
_history, _service, _usage = table_of(AccountTariff), table_of(Service), table_of(Usage)
UsageKey = tuple[int, int, str]
"""The ids of an account and of a service, and the other system's number."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What of a record must never change."""

    period: Period
    volume: Quantity
    amount: Money | None

    def __str__(self) -> str:
        price = "" if self.amount is None else f", {self.amount}"
        return f"{self.period}, {self.volume}{price}"


@dataclass(frozen=True, slots=True)
class Found:
    """By the words of the file, and by ids."""

    accounts: Mapping[str, list[Row[Any]]]
    tariffs: Mapping[int, list[tuple[date, int]]]
    """Of each account that has a history, by the day from which on, in order."""
    services: Mapping[int, list[Row[Any]]]
    months: Mapping[int, Months]
    stored: Mapping[UsageKey, Counted]

    def service(self, account: Row[Any], row: UsageRow) -> Row[Any] | None:
        """By its code, or else by its name, in the tariff that the account had in that month."""
        own = self.services.get(self._tariff(account, row.period), [])
        words = ("external_id", "name")
        named = (each for word in words for each in own if getattr(each, word) == row.service)
        return next(named, None)

    def _tariff(self, account: Row[Any], period: Period) -> int:
        present: int = account.tariff_id
        history = self.tariffs.get(account.id, [])
        held = [tariff for since, tariff in history if since <= period.last_day]
        return held[-1] if held else present


def find(session: Session, rows: Collection[UsageRow]) -> Found:
    """In so many statements however many rows there are, but for portions of some thousands."""
    accounts = _accounts(session, {row.account for row in rows})
    every = {each.id: each for some in accounts.values() for each in some}
    tariffs = _tariffs(session, every)
    ids = {each.tariff_id for each in every.values()}
    ids |= {tariff for some in tariffs.values() for _, tariff in some}
    return Found(
        accounts,
        tariffs,
        _by(_fetched(session, select(_service), _service.c.tariff_id, ids), "tariff_id"),
        # In order: whoever holds several operators' rows takes them in the same one.
        {
            each: months_of(session, each)
            for each in sorted({o.operator_id for o in every.values()})
        },
        _stored(session, {row.external_id for row in rows}, every),
    )


def _accounts(session: Session, words: Collection[str]) -> dict[str, list[Row[Any]]]:
    """By the key, or else by the login, which several may have in common."""
    query = select(_account, _agreement.c.operator_id).join(
        _agreement, _agreement.c.id == _account.c.agreement_id
    )
    by_login = _by(_fetched(session, query, _account.c.login, words), "login")
    by_key = _by(_fetched(session, query, _account.c.key, words), "key")
    return by_login | by_key


def _months(session: Session, operator_ids: Collection[int]) -> dict[int, Months]:
    """Whoever holds several operators' rows takes them in the same order."""
    return {each: months_of(session, each) for each in sorted(operator_ids)}


def _tariffs(session: Session, ids: Collection[int]) -> dict[int, list[tuple[date, int]]]:
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for row in _fetched(session, select(_history), _history.c.account_id, ids):
        found[row.account_id].append((row.valid_from, row.tariff_id))
    return {account: sorted(some) for account, some in found.items()}


def _stored(
    session: Session, numbers: Collection[str], accounts: Collection[int]
) -> dict[UsageKey, Counted]:
    rows = _fetched(session, select(_usage), _usage.c.external_id, numbers)
    return {
        (row.account_id, row.service_id, row.external_id): Counted(
            row.period, row.volume, row.amount
        )
        for row in rows
        if row.account_id in accounts
    }


def _fetched(session: Session, query: Any, column: Any, values: Iterable[Any]) -> list[Row[Any]]:  # noqa: ANN401 - of any table
    return [
        row
        for some in portions(sorted(values))
        for row in session.execute(query.where(column.in_(some)))
    ]


def _by(rows: Iterable[Row[Any]], name: str) -> dict[Any, list[Row[Any]]]:
    found: dict[Any, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def is_rated_elsewhere(service: Row[Any]) -> bool:
    return Method(service.method) is Method.USAGE
