"""The run of a month, a chunk of agreements a transaction.

It ends in the same rows however often it is run and wherever it is broken off: what is there
already is found by its keys, and only the difference is posted.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, select

from portal.db.base import table_of
from portal.db.ledger import Charge
from portal.db.parties import Agreement, Operator, Premises
from portal.db.session import Session
from portal.db.types import PeriodType
from portal.domain.charging.housed import OF_HOUSE
from portal.domain.identity import Officer
from portal.domain.period import Period
from portal.errors import Refused
from portal.services.ledger import NewCharge, post_charges
from portal.services.office.billing.calculated import calculated, lacks, oughts
from portal.services.office.billing.closed import changes
from portal.services.office.billing.debtors import lately, may_owe
from portal.services.office.billing.facts import read_facts
from portal.services.office.billing.looking_back import earlier_months, is_looked_for, take
from portal.services.office.billing.neighbours import with_neighbours
from portal.services.office.billing.penalties import penalties
from portal.services.office.billing.periods import Months, months_of
from portal.services.office.billing.posted import posted
from portal.services.office.billing.posting import Posting
from portal.services.office.billing.report import Lacking, Report
from portal.services.office.billing.silences import Silence, lacks_of, silences
from portal.services.office.billing.yearly import corrected_year, has_left, lately_left
from portal.services.unswept import unswept

AT_ONCE: Final = 500
"""Agreements in a transaction; a house is never divided."""
_operator = table_of(Operator)
_agreement, _premises, _charge = table_of(Agreement), table_of(Premises), table_of(Charge)


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
    """Those that ended before the month only if something was charged for it, or if a penalty, the
    correction of a year of heating or what a late fact changes may still be.
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
            | is_looked_for(_agreement)
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
    """Post what a month of these agreements still lacks, what was learned late changes in closed
    months before it, what a year of heating comes to when it is over, and penalties.

    Raises Refused: the month has not begun.
    """
    months = months_of(session, order.operator_id)
    _refuse_what_has_not_begun(months, order.period, now)
    report, new, told = _month(session, months, order.period, agreement_ids, now)
    earlier = earlier_months(session, months, order.period, agreement_ids, told)
    report += Report(lacks=tuple(lacks_of(session, earlier.missed)))
    for period, whole, own in earlier.months():
        of_it, more, _ = _month(session, months, period, sorted(whole | own), now, own=own)
        report, new = report + replace(of_it, agreements=0, lacks=()), [*new, *more]
    posting = Posting.of(months, order.period, now)
    for later in (corrected_year, penalties):
        more, unknown = later(session, months, posting, agreement_ids)
        report, new = report + Report.of(0, more, unknown), [*new, *more]
    if not order.is_dry:
        post_charges(session, new)
        take(session, earlier, now)
    return report


def _month(
    session: Session,
    months: Months,
    period: Period,
    agreement_ids: Collection[int],
    now: datetime,
    *,
    own: Collection[int] = (),
) -> tuple[Report, list[NewCharge], list[Silence]]:
    """Of the agreements `own` without what their houses share out; and of which months before it
    its readings tell.
    """
    ours = set(agreement_ids)
    facts = read_facts(session, months, period, with_neighbours(session, ours))
    known = posted(session, period, agreement_ids)
    posting = Posting.of(months, period, now)
    new: list[NewCharge] = []
    missing: list[Lacking] = []
    told: list[Silence] = []
    for agreement_id, services in calculated(facts, period).items():
        if agreement_id in ours:
            missing += lacks(facts, agreement_id, services, known)
            told += silences(agreement_id, services, period)
            kept = OF_HOUSE if agreement_id in own else ()
            for ought in oughts(facts, agreement_id, services, known, kept):
                new += changes(posting, ought, known)
    return Report.of(len(ours), new, missing), new, told
