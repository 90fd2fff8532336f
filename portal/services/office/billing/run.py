"""The run of a month, a chunk of agreements a transaction.

It ends in the same rows however often it is run and wherever it is broken off: what is there
already is found by its keys, and only the difference is posted.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Select, bindparam, select

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.ledger import Charge
from portal.db.parties import Agreement, Operator, Premises
from portal.db.session import Session
from portal.db.types import PeriodType
from portal.domain.charging.housed import OF_HOUSE
from portal.domain.charging.methods import Method
from portal.domain.identity import Officer
from portal.domain.period import Period
from portal.errors import Refused
from portal.services.ledger import NewCharge, post_charges
from portal.services.office.billing.calculated import calculated, lacks, oughts
from portal.services.office.billing.closed import changes
from portal.services.office.billing.debtors import lately, may_owe
from portal.services.office.billing.facts import read_facts
from portal.services.office.billing.penalties import penalties
from portal.services.office.billing.periods import Months, months_of
from portal.services.office.billing.posted import estimated, posted
from portal.services.office.billing.posting import Posting
from portal.services.office.billing.report import Lacking, Report
from portal.services.office.billing.yearly import corrected_year, has_left, lately_left
from portal.services.unswept import unswept

AT_ONCE: Final = 500
"""Agreements in a transaction; a house is never divided."""
_LOOKED_BACK: Final = 12
_operator = table_of(Operator)
_agreement, _premises, _charge = table_of(Agreement), table_of(Premises), table_of(Charge)
_served = _agreement.alias("served")


@dataclass(frozen=True, slots=True)
class Order:
    """Which month of which operator; a dry run only reckons."""

    operator_id: int
    period: Period
    is_dry: bool = False


def chunks(
    session: Session, _officer: Officer, order: Order, premises: Collection[int] | None
) -> list[tuple[int, ...]]:
    """The operator's agreements that may be charged for the month, houses together; only those
    of `premises` if they are given.
    """
    found: dict[int | None, list[int]] = defaultdict(list)
    asked = {"operator": order.operator_id, "period": order.period}
    asked |= {"first": order.period.first_day} | lately(order.period) | lately_left(order.period)
    for row in session.execute(_agreements(), asked):
        if premises is None or row.premises_id in premises:
            found[row.house_id].append(row.id)
    return list(_packed(found))


def _agreements() -> Select[Any]:
    """Those that ended before the month only if something was charged for it, or if a penalty or
    the correction of a year of heating may still be.
    """
    period = bindparam("period", type_=PeriodType)
    charged = select(_charge.c.id).where(
        _charge.c.agreement_id == _agreement.c.id,
        (_charge.c.period == period) | (_charge.c.for_period == period),
    )
    first: Any = bindparam("first")
    is_going_on = _agreement.c.closed_on.is_(None) | (_agreement.c.closed_on > first)
    return (
        select(_agreement.c.id, _agreement.c.premises_id, _premises.c.house_id)
        .outerjoin(_premises, _premises.c.id == _agreement.c.premises_id)
        .join(_operator, _operator.c.id == _agreement.c.operator_id)
        .where(
            _agreement.c.operator_id == bindparam("operator"),
            is_going_on
            | charged.exists()
            | has_left(_agreement, _premises)
            | (_operator.c.charges_penalty & may_owe(_agreement)),
        )
        .order_by(_agreement.c.id)
    )


def _packed(houses: dict[int | None, list[int]]) -> Iterator[tuple[int, ...]]:
    alone = houses.pop(None, [])
    groups = [*houses.values(), *([each] for each in alone)]
    chunk: list[int] = []
    for group in groups:
        if chunk and len(chunk) + len(group) > AT_ONCE:
            yield tuple(chunk)
            chunk = []
        chunk += group
    if chunk:
        yield tuple(chunk)


def outlook(session: Session, _officer: Officer, order: Order, now: datetime) -> list[str]:
    """What should be known before the run.  Raises Refused: the month has not begun."""
    months, period = months_of(session, order.operator_id), order.period
    _refuse_what_has_not_begun(months, period, now)
    if months.is_closed(period):
        into = Posting.of(months, period, now).into
        return [f"{period.title} закрыт: разница войдет перерасчетом в {into.title.lower()}"]
    if months.first_open is not None and months.first_open < period:
        return [f"{months.first_open.title} ещё не закрыт: то, что в нем изменится, сюда не войдет"]
    return []


def _refuse_what_has_not_begun(months: Months, period: Period, now: datetime) -> None:
    if period > months.present(now):
        raise Refused(f"{period.title} ещё не начался, начислять за него нечего")


@unswept()
def bill_chunk(
    session: Session,
    _officer: Officer,
    order: Order,
    agreement_ids: Collection[int],
    now: datetime,
) -> Report:
    """Post what a month of these agreements still lacks, what readings that came late change in
    closed months before it, what a year of heating comes to when it is over, and penalties.

    Raises Refused: the month has not begun.
    """
    months = months_of(session, order.operator_id)
    _refuse_what_has_not_begun(months, order.period, now)
    report, new = _month(session, months, order.period, agreement_ids, now)
    for period, some in sorted(_late(session, months, order.period, agreement_ids).items()):
        # What its house shares out is another's too: that is for who runs the month itself.
        earlier, more = _month(session, months, period, sorted(some), now, kept=OF_HOUSE)
        report, new = report + replace(earlier, agreements=0, lacks=()), [*new, *more]
    posting = Posting.of(months, order.period, now)
    for later in (corrected_year, penalties):
        more, unknown = later(session, months, posting, agreement_ids)
        report, new = report + Report.of(0, more, unknown), [*new, *more]
    if not order.is_dry:
        post_charges(session, new)
    return report


def _late(
    session: Session, months: Months, period: Period, agreement_ids: Collection[int]
) -> dict[Period, set[int]]:
    """A year back, and as far beyond that as nobody had read the meter."""
    if months.closed is None or months.is_closed(period):
        return {}
    found: dict[Period, set[int]] = {}
    first, last = period.shifted(-_LOOKED_BACK), min(months.closed, period.shifted(-1))
    while more := estimated(session, first, last, agreement_ids):
        found |= more
        if first not in more:
            break
        first, last = first.shifted(-_LOOKED_BACK), first.shifted(-1)
    return found


def _month(
    session: Session,
    months: Months,
    period: Period,
    agreement_ids: Collection[int],
    now: datetime,
    *,
    kept: Collection[Method] = (),
) -> tuple[Report, list[NewCharge]]:
    ours = set(agreement_ids)
    facts = read_facts(session, months, period, _with_neighbours(session, ours))
    known = posted(session, period, agreement_ids)
    posting = Posting.of(months, period, now)
    new: list[NewCharge] = []
    missing: list[Lacking] = []
    for agreement_id, services in calculated(facts, period).items():
        if agreement_id in ours:
            missing += lacks(facts, agreement_id, services, known)
            for ought in oughts(facts, agreement_id, services, known, kept):
                new += changes(posting, ought, known)
    return Report.of(len(ours), new, missing), new


def _with_neighbours(session: Session, agreement_ids: Collection[int]) -> list[int]:
    """Also the other agreements of the same houses, whoever serves them: what a house used beyond
    its dwellings follows from all of them.
    """
    query = _neighbours(places_for(agreement_ids))
    rows = session.scalars(query, among("agreement", agreement_ids))
    return sorted({*agreement_ids, *rows})


@cache
def _neighbours(places: int) -> Select[Any]:
    """An outer join has SQLite begin with the agreements; else it would look through all premises
    of the installation for each chunk.
    """
    home = _premises.alias("home")
    return (
        select(_agreement.c.id)
        .join(_premises, _premises.c.id == _agreement.c.premises_id)
        .where(
            _premises.c.house_id.in_(
                select(home.c.house_id)
                .select_from(_served)
                .outerjoin(home, home.c.id == _served.c.premises_id)
                .where(is_among(_served.c.id, "agreement", places))
            )
        )
    )
