"""A year of heating that was paid in equal parts, set right by what the house's meter counted.

In the first quarter of the year after it every dwelling is charged the difference between its part
of what the house used in each month and what was charged (Правила 354, п. 42(1)).
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, partial
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, FromClause, Select, bindparam, select

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.houses import HouseChoice
from portal.db.parties import Agreement, Premises
from portal.db.session import Session
from portal.domain.charging.choices import Choice, decision_for
from portal.domain.charging.facts import AccountFacts, AgreementFacts, ServiceFacts, TariffFacts
from portal.domain.charging.methods import Method
from portal.domain.charging.month import charge_agreement
from portal.domain.charging.outcome import ServiceMonth
from portal.domain.charging.recalculated import YEARLY, year_recalculation
from portal.domain.period import MONTHS, Period
from portal.domain.proof import RULES_354
from portal.domain.timeline import combined
from portal.services.ledger import NewCharge
from portal.services.office.billing.calculated import dues
from portal.services.office.billing.closed import Closed, difference
from portal.services.office.billing.facts import Facts, read_facts
from portal.services.office.billing.periods import Months
from portal.services.office.billing.posted import Posted, Served, Standing, posted
from portal.services.office.billing.posting import Due, Ought, Posting
from portal.services.office.billing.report import Lacking

_QUARTER: Final = 3
_RULE: Final = f"{RULES_354}, пункт 42(1): раз в год, в первом квартале, по счетчику дома"
_agreement, _premises = table_of(Agreement), table_of(Premises)
_choice = table_of(HouseChoice)


@dataclass(slots=True)
class _Year:
    """Of one service of one account."""

    dues: list[Due] = field(default_factory=list)
    standing: list[Standing] = field(default_factory=list)
    uncharged: list[str] = field(default_factory=list)
    """The months that were served and not charged by runs."""
    lack: str = ""


@dataclass(slots=True)
class _Found:
    """`months` of the services, and the last facts and charges that were read."""

    years: dict[tuple[int, Served], _Year] = field(default_factory=lambda: defaultdict(_Year))
    facts: Facts | None = None
    known: Posted = field(default_factory=Posted)


def corrected_year(
    session: Session, months: Months, posting: Posting, agreement_ids: Collection[int]
) -> tuple[list[NewCharge], list[Lacking]]:
    """Nothing of a run of a later month; a year with a fact or a month missing stays as it is,
    and which that is, is told.
    """
    year = posting.period.year - 1
    if posting.period.month > _QUARTER:
        return [], []
    asked = among("agreement", agreement_ids) | {"last": Period(year, len(MONTHS)).last_day}
    concerned = list(session.scalars(_concerned(places_for(agreement_ids)), asked))
    if not concerned:
        return [], []
    found = _read(session, months, year, concerned)
    new: list[NewCharge] = []
    missing: list[Lacking] = []
    for (agreement_id, served), told in found.years.items():
        if sentence := _sentence(months, year, told):
            missing.append(_lacking(found, agreement_id, served, sentence))
        else:
            new += _changes(posting, year, Ought(agreement_id, served, tuple(told.dues)), found)
    return new, missing


def has_left(agreement: FromClause, premises: FromClause) -> ColumnElement[bool]:
    """Whether it ended in a year that is to be set right; needs `lately_left`."""
    ended: ColumnElement[bool] = agreement.c.closed_on > bindparam("left_after", type_=Date)
    return ended & _is_spread(premises)


def lately_left(period: Period) -> dict[str, Any]:
    """Nobody, of a month after the quarter."""
    is_due, year = period.month <= _QUARTER, period.year - 1
    last = Period(year, len(MONTHS)).last_day
    return {"left_after": date(year, 1, 1) if is_due else date.max, "last": last}


def _is_spread(premises: FromClause) -> ColumnElement[bool]:
    """Whether its house had decided so by the end of the year; in which months, its facts say."""
    choice = select(_choice.c.id).where(
        _choice.c.house_id == premises.c.house_id,
        _choice.c.choice == Choice.ALL_YEAR,
        _choice.c.valid_from <= bindparam("last", type_=Date),
    )
    return choice.exists()


@cache
def _concerned(places: int) -> Select[Any]:
    return (
        select(_agreement.c.id)
        .join(_premises, _premises.c.id == _agreement.c.premises_id)
        .where(is_among(_agreement.c.id, "agreement", places), _is_spread(_premises))
        .order_by(_agreement.c.id)
    )


def _read(session: Session, months: Months, year: int, agreement_ids: list[int]) -> _Found:
    found = _Found()
    for number in range(1, len(MONTHS) + 1):
        month = Period(year, number)
        facts = read_facts(session, months, month, agreement_ids, with_registers=False)
        heating = [key for key, book in facts.services.items() if _is_heating(book.facts)]
        found.facts, found.known = facts, posted(session, month, agreement_ids, heating)
        for agreement in facts.agreements.values():
            for told in _spread(agreement, month):
                served = told.account_id, told.service_id
                own = found.years[agreement.agreement_id, served]
                _note(own, facts, told, month, found.known.standing.get(served, []))
    return found


def _spread(agreement: AgreementFacts, month: Period) -> Iterator[ServiceMonth]:
    """What the heating that was paid in equal parts comes to by the month's own volume."""
    house = agreement.house
    if house is None:
        return
    accounts = tuple(_heating(account) for account in agreement.accounts)
    by_meter = replace(agreement, accounts=accounts, house=replace(house, choices={}))
    for told in charge_agreement(by_meter, month):
        decision = decision_for(house.choices.get(told.external_id, ()), month)
        if decision is not None and decision.choice is Choice.ALL_YEAR:
            yield told


def _heating(account: AccountFacts) -> AccountFacts:
    """Without all that has no part in this."""
    return replace(account, tariffs=combined(_only_heating, account.tariffs), works=(), used=())


def _only_heating(tariff: TariffFacts) -> TariffFacts:
    return replace(tariff, services=tuple(filter(_is_heating, tariff.services)))


def _is_heating(service: ServiceFacts) -> bool:
    """By the meter of the house: no dwelling's own counts."""
    return service.method is Method.HEATING_HOUSE


def _note(
    own: _Year, facts: Facts, told: ServiceMonth, month: Period, standing: list[Standing]
) -> None:
    if told.lack is not None:
        own.lack = own.lack or str(told.lack)
    if not standing:
        own.uncharged.append(MONTHS[month.month - 1])
    own.dues += dues(facts.services[told.service_id], told)
    own.standing += standing


def _sentence(months: Months, year: int, told: _Year) -> str:
    """Why the year cannot be set right; empty: it can."""
    december = Period(year, len(MONTHS))
    what = f"{year} год не исправлен по счетчику дома"
    if told.lack:
        return f"{what}. {told.lack}"
    if told.uncharged:
        listed = ", ".join(told.uncharged)
        return f"{what}: в портале не начислено за {listed}. Начислите эти месяцы: bill --period"
    if not months.is_closed(december):
        return f"{what}: сначала закройте {december.title.lower()}"
    return ""


def _lacking(found: _Found, agreement_id: int, served: Served, sentence: str) -> Lacking:
    account_id, service_id = served
    facts = found.facts
    if facts is None:
        raise LookupError(agreement_id)
    return Lacking(
        facts.numbers[agreement_id],
        facts.logins[account_id],
        facts.services[service_id].name,
        sentence,
    )


def _changes(posting: Posting, year: int, ought: Ought, found: _Found) -> Iterator[NewCharge]:
    """`found.known` is of December, for which earlier corrections of the year were posted."""
    closed = Closed(
        Period(year, len(MONTHS)),
        f"{YEARLY}{year}",
        partial(year_recalculation, year, rule=_RULE),
        is_month=False,
    )
    own = found.years[ought.agreement_id, ought.served]
    standing = [*own.standing, *found.known.yearly.get(ought.served, [])]
    yield from difference(posting, ought, standing, found.known.revisions, closed)
