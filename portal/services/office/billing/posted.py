"""What is posted already for a month: by the run, and by others before it."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, select

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.ledger import Charge
from portal.db.readings import Reading
from portal.db.session import Session
from portal.db.tariffs import Service
from portal.db.types import PeriodType
from portal.domain.charging.line import Line, Part
from portal.domain.charging.methods import Method
from portal.domain.charging.recalculated import YEARLY
from portal.domain.made import made_often
from portal.domain.payee import Payee
from portal.domain.penalty_stated import PENALTY
from portal.domain.period import Period
from portal.domain.proven import GUESSES
from portal.domain.timeline import Days

_charge = table_of(Charge)
_reading, _service = table_of(Reading), table_of(Service)
_read = _service.alias("read")
BILLED: Final = "bill/"
RECALCULATED: Final = "recalculation/"
Served = tuple[int, int]
"""The ids of an account and of a service."""


@made_often(frozen=True, slots=True)
class Standing:
    """A charge that is neither a reversal nor reversed, as the line that it was.

    `line.price_id` below zero is a band: see `facts.py`.
    """

    charge_id: int
    price_id: int
    place: str
    """Its key without the number of the revision."""
    payee: Payee
    line: Line
    period: Period
    """In which it was posted; `for_period` is said where it corrects another."""
    for_period: Period | None


@dataclass(slots=True)
class Posted:
    """Of one month and some agreements."""

    standing: dict[Served, list[Standing]] = field(default_factory=lambda: defaultdict(list))
    revisions: Counter[str] = field(default_factory=Counter)
    """How many charges there have been at a place, those that were reversed included."""
    yearly: dict[Served, list[Standing]] = field(default_factory=lambda: defaultdict(list))
    """What corrects the year that ends with the month; that is nothing of the month itself."""
    elsewhere: set[Served] = field(default_factory=set)
    """What somebody else charged for this month, such as a file of the former billing."""
    _of_accounts: dict[int, set[Served]] = field(default_factory=lambda: defaultdict(set))

    def stands(self, served: Served, standing: Standing) -> None:
        self.standing[served].append(standing)
        self._of_accounts[served[0]].add(served)

    def of_account(self, account_id: int) -> Collection[Served]:
        """What of it stands."""
        return self._of_accounts.get(account_id, ())


def posted(
    session: Session,
    period: Period,
    agreement_ids: Collection[int],
    services: Collection[int] | None = None,
) -> Posted:
    """Charges of the month and, from later months, the recalculations that are for it; only of
    `services` if they are given.
    """
    asked = among("agreement", agreement_ids) | {"period": period}
    query = _charges(places_for(agreement_ids))
    if services is not None:
        asked |= among("service", services)
        query = query.where(is_among(_charge.c.service_id, "service", places_for(services)))
    rows = session.execute(query, asked).all()
    undone = {row.reverses_id for row in rows if row.reverses_id is not None}
    found = Posted()
    for row in rows:
        if row.reverses_id is None:
            _note(found, row, period, is_standing=row.id not in undone)
    return found


@cache
def _charges(places: int) -> Select[Any]:
    period = bindparam("period", type_=PeriodType)
    of_month = (_charge.c.period == period) & _charge.c.for_period.is_(None)
    return (
        select(
            _charge.c.id, _charge.c.key, _charge.c.account_id, _charge.c.service_id,
            _charge.c.reverses_id, _charge.c.part, _charge.c.volume, _charge.c.price_id,
            _charge.c.band_id, _charge.c.price, _charge.c.amount, _charge.c.proof,
            _charge.c.scheme, _charge.c.supplier_id, _charge.c.period, _charge.c.for_period,
        )
        .where(
            is_among(_charge.c.agreement_id, "agreement", places),
            _charge.c.period >= period,  # no month is corrected before it began
            of_month | (_charge.c.for_period == period),
            _charge.c.part != PENALTY,
        )
        .order_by(_charge.c.id)
    )  # fmt: skip


def _note(found: Posted, row: Row[Any], period: Period, *, is_standing: bool) -> None:
    served = row.account_id, row.service_id
    if row.key is None or not row.key.startswith((BILLED, RECALCULATED, YEARLY)):
        if is_standing:
            found.elsewhere.add(served)
        return
    place = row.key.rpartition("/")[0]
    found.revisions[place] += 1
    if is_standing:
        payee = Payee(row.scheme, row.supplier_id)
        standing = Standing(
            row.id, row.price_id, place, payee, _line(row, period), row.period, row.for_period
        )
        if row.key.startswith(YEARLY):
            found.yearly[served].append(standing)
        else:
            found.stands(served, standing)


def _line(row: Row[Any], period: Period) -> Line:
    price_id = row.price_id if row.band_id is None else -row.band_id
    days = _days(row.proof["inputs"]) or Days.of(period)
    return Line(Part(row.part), days, row.volume, price_id, row.price, row.amount, row.proof)


def _days(inputs: dict[str, Any]) -> Days | None:
    """A recalculation tells of no days of its own."""
    if "from" not in inputs:
        return None
    return Days(date.fromisoformat(inputs["from"]), date.fromisoformat(inputs["to"]))


def estimated(
    session: Session, first: Period, last: Period, agreement_ids: Collection[int]
) -> dict[Period, set[int]]:
    """Months from `first` to `last` for which a metered service was charged without readings, and
    a reading came since; with the agreements.
    """
    parameters = among("agreement", agreement_ids) | {"first": first, "last": last}
    found: dict[Period, set[int]] = defaultdict(set)
    for period, agreement_id in session.execute(_guessed(places_for(agreement_ids)), parameters):
        found[period].add(agreement_id)
    return found


@cache
def _guessed(places: int) -> Select[Any]:
    came = (
        select(_reading.c.id)
        .join(_read, _read.c.id == _reading.c.service_id)
        .where(
            _reading.c.account_id == _charge.c.account_id,
            _read.c.external_id == _service.c.external_id,  # of whatever tariff it had
            _reading.c.accepted_at > _charge.c.posted_at,
        )
    )
    return (
        select(_charge.c.period, _charge.c.agreement_id)
        .join(_service, _service.c.id == _charge.c.service_id)
        .where(
            is_among(_charge.c.agreement_id, "agreement", places),
            _charge.c.period >= bindparam("first", type_=PeriodType),
            _charge.c.period <= bindparam("last", type_=PeriodType),
            _charge.c.part == Part.BASE,
            _service.c.method.in_([method.value for method in Method if method.is_read]),
            _charge.c.proof["method"].as_string().in_(GUESSES),
            came.exists(),
        )
        .distinct()
    )
