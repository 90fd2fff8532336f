"""Reading everything that decides the month of some agreements, in so many statements however
many agreements there are.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, select

from portal.db.accounts import AccountFact, AccountTariff, ServiceAccount
from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.parties import Agreement, Premises
from portal.db.session import Session
from portal.db.usage import Usage
from portal.db.usage import Work as WorkRow
from portal.domain.charging.facts import (
    AccountFacts,
    AgreementFacts,
    TariffFacts,
    Used,
    Work,
)
from portal.domain.device import CLOSED_STATES
from portal.domain.period import Period
from portal.domain.quantity import Quantity
from portal.domain.timeline import Days, Since, Timeline, constant
from portal.services.office.billing.alike import services_alike
from portal.services.office.billing.book import BookService, by_kind, dated, read_book
from portal.services.office.billing.houses import read_houses
from portal.services.office.billing.periods import Months
from portal.services.office.billing.places import Rows, read_premises, rows_of
from portal.services.office.billing.registers import registers
from portal.services.office.billing.series import Register

_agreement, _premises = table_of(Agreement), table_of(Premises)
_account, _tariff_since = table_of(ServiceAccount), table_of(AccountTariff)
_account_fact, _usage, _work = table_of(AccountFact), table_of(Usage), table_of(WorkRow)
_DAY = timedelta(1)
_NO_REGISTERS: Mapping[int, Register] = {}


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one month; `numbers` and `logins` say people what an id means."""

    agreements: dict[int, AgreementFacts]
    houses: dict[int, int]
    """The house of each agreement that has one."""
    services: dict[int, BookService]
    numbers: dict[int, str]
    logins: dict[int, str]


def read_facts(
    session: Session,
    months: Months,
    period: Period,
    agreement_ids: Collection[int],
    *,
    with_registers: bool = True,
) -> Facts:
    """`months` are the operator's, whose due day and zone decide for what a reading counts.
    Without registers nothing is known of what the dwellings' own meters counted.
    """
    asked = among("id", agreement_ids)
    parties = session.execute(_parties(places_for(agreement_ids)), asked).all()
    accounts = rows_of(session, _account, "agreement_id", [row.id for row in parties])
    every = [row for rows in accounts.values() for row in rows]
    account_ids = [row.id for row in every]
    tariffs = rows_of(session, _tariff_since, "account_id", account_ids)
    used = rows_of(session, _usage, "account_id", account_ids)
    done = rows_of(session, _work, "account_id", account_ids)
    services = read_book(session, _tariffs_of(every, tariffs))
    alike = services_alike(services, tariffs)
    reader = _Accounts(
        months, period, services, _by_tariff(services), tariffs,
        rows_of(session, _account_fact, "account_id", account_ids),
        registers(session, months, account_ids, period, alike) if with_registers else {},
        used, done,
    )  # fmt: skip
    premises = read_premises(session, parties)
    houses = read_houses(session, period, parties)
    return Facts(
        agreements={
            row.id: AgreementFacts(
                agreement_id=row.id,
                accounts=tuple(reader.of(row, each) for each in accounts[row.id]),
                due_day=months.readings_due_day,
                premises=premises.get(row.premises_id),
                house=houses.get(row.house_id),
            )
            for row in parties
        },
        houses={row.id: row.house_id for row in parties if row.house_id is not None},
        services=services,
        numbers={row.id: row.number for row in parties},
        logins={row.id: row.login for row in every},
    )


@cache
def _parties(places: int) -> Select[Any]:
    return (
        select(
            _agreement.c.id, _agreement.c.number, _agreement.c.closed_on,
            _agreement.c.premises_id, _premises.c.area, _premises.c.heated_area,
            _premises.c.residents_registered, _premises.c.house_id,
        )
        .outerjoin(_premises, _premises.c.id == _agreement.c.premises_id)
        .where(is_among(_agreement.c.id, "id", places))
        .order_by(_agreement.c.id)
    )  # fmt: skip


def _tariffs_of(accounts: Iterable[Row[Any]], history: Rows) -> set[int]:
    present = {row.tariff_id for row in accounts}
    return present | {row.tariff_id for rows in history.values() for row in rows}


def _by_tariff(services: Mapping[int, BookService]) -> dict[int, TariffFacts]:
    found: dict[int, list[BookService]] = defaultdict(list)
    for service in services.values():
        found[service.tariff_id].append(service)
    return {
        tariff_id: TariffFacts(tariff_id, tuple(each.facts for each in some))
        for tariff_id, some in found.items()
    }


@dataclass(frozen=True, slots=True)
class _Accounts:
    """What was read for all accounts, to be told of each."""

    months: Months
    period: Period
    services: Mapping[int, BookService]
    tariffs: Mapping[int, TariffFacts]
    history: Rows
    facts: Rows
    registers: Mapping[int, Mapping[int, Register]]
    used: Rows
    done: Rows

    def of(self, agreement: Row[Any], row: Row[Any]) -> AccountFacts:
        told = self._told(row.id)
        own = self.registers.get(row.id, _NO_REGISTERS)
        return AccountFacts(
            account_id=row.id,
            served=self._served(agreement, row),
            tariffs=self._tariffs(row),
            quantity=told.get("quantity", {}),
            meter_possible={
                service_id: tuple(Since(each.valid_from, _is_some(each.value)) for each in since)
                for service_id, since in told.get("meter_possible", {}).items()
            },
            meters={service_id: register.meters for service_id, register in own.items()},
            former={
                service_id: register.former
                for service_id, register in own.items()
                if register.former
            },
            obstacle={
                service_id: register.obstacle
                for service_id, register in own.items()
                if register.obstacle is not None
            },
            works=self._works(row.id),
            used=self._used(row.id),
        )

    def _told(self, account_id: int) -> dict[str, dict[int, Timeline[Quantity]]]:
        """By the kind of fact and the service."""
        told = self.facts.get(account_id)
        if not told:  # nearly always
            return {}
        rows: dict[int, list[Row[Any]]] = defaultdict(list)
        for row in told:
            rows[row.service_id].append(row)
        found: dict[str, dict[int, Timeline[Quantity]]] = defaultdict(dict)
        for service_id, some in rows.items():
            for kind, timeline in by_kind(some).items():
                found[kind][service_id] = timeline
        return found

    def _tariffs(self, row: Row[Any]) -> Timeline[TariffFacts]:
        """Without a history the present tariff holds always."""
        nothing = TariffFacts(row.tariff_id, ())
        history = self.history.get(row.id)
        if not history:
            return constant(self.tariffs.get(row.tariff_id, nothing))
        return dated(history, lambda each: self.tariffs.get(each.tariff_id, nothing))

    def _served(self, agreement: Row[Any], row: Row[Any]) -> Days | None:
        """Until the agreement ends or the account is switched off.  Of one that is off, nobody
        knows since when, closed months are as they were.
        """
        ends = [agreement.closed_on] if agreement.closed_on is not None else []
        if row.state in CLOSED_STATES:
            if row.state_since is not None:
                ends.append(row.state_since.astimezone(self.months.zone).date())
            elif not self.months.is_closed(self.period):
                ends.append(self.period.first_day)
        month = Days.of(self.period)
        until = min((end - _DAY for end in ends), default=month.last)
        return Days(month.first, min(until, month.last)) if until >= month.first else None

    def _works(self, account_id: int) -> tuple[Work, ...]:
        return tuple(
            Work(self.services[row.service_id].facts, row.key, row.done_on, row.quantity)
            for row in self.done.get(account_id, ())
            if Period.of(row.done_on) == self.period and row.service_id in self.services
        )

    def _used(self, account_id: int) -> tuple[Used, ...]:
        return tuple(
            Used(self.services[row.service_id].facts, row.external_id, row.volume, row.amount)
            for row in self.used.get(account_id, ())
            if row.period == self.period and row.service_id in self.services
        )


def _is_some(value: Quantity | None) -> bool | None:
    return None if value is None else value.micro > 0
