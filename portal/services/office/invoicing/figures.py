"""What was owed when a month began and what was paid in it, by agreement and payee.

The operator is owed the own and the agency charges and what was owed before the portal; every
payment is his but for what was allocated to the invoices of those who are paid directly.  What was
given back counts against what was paid, in the month in which it went.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, bindparam, case, func, literal, select, union_all

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.db.ledger import Charge, Payment, Refund
from portal.db.session import Session
from portal.db.types import MoneyType, PeriodType, UtcDateTime
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.domain.settlement import Scheme
from portal.services.office.invoicing.charges import Payee

_charge, _payment, _refund = table_of(Charge), table_of(Payment), table_of(Refund)
_invoice, _line, _allocation = table_of(Invoice), table_of(InvoiceLine), table_of(Allocation)
_PERIOD: ColumnElement[Any] = bindparam("period", type_=PeriodType)
Statement = Callable[[int], Select[Any]]


@dataclass(frozen=True, slots=True)
class Owed:
    """`opening` is below zero where more was paid than asked; `paid` came in during the month."""

    opening: Money = ZERO
    paid: Money = ZERO

    def __add__(self, other: "Owed") -> "Owed":
        return Owed(self.opening + other.opening, self.paid + other.paid)


def owed(
    session: Session, period: Period, zone: ZoneInfo, agreement_ids: Collection[int]
) -> Mapping[tuple[int, Payee], Owed]:
    """Four statements, however many agreements there are."""
    found: dict[tuple[int, Payee], Owed] = defaultdict(Owed)
    asked = among("agreement", agreement_ids) | {
        "period": period,
        "begins": _beginning(period, zone),
        "ends": _beginning(period.shifted(1), zone),
    }

    def rows(statement: Statement) -> list[Any]:
        return list(session.execute(statement(places_for(agreement_ids)), asked))

    for agreement_id, supplier_id, amount in (*rows(_charged), *rows(_uncharged)):
        found[agreement_id, supplier_id] += Owed(opening=amount)
    for agreement_id, before, within in rows(_paid):
        found[agreement_id, None] += Owed(-before, within)
    for agreement_id, supplier_id, before, within in rows(_paid_directly):
        found[agreement_id, supplier_id] += Owed(-before, within)
        found[agreement_id, None] += Owed(before, -within)
    return found


def _beginning(period: Period, zone: ZoneInfo) -> datetime:
    return datetime.combine(period.first_day, datetime.min.time(), zone)


@cache
def _charged(places: int) -> Select[Any]:
    payee = case((_charge.c.scheme == Scheme.DIRECT, _charge.c.supplier_id), else_=None)
    return (
        select(_charge.c.agreement_id, payee, func.sum(_charge.c.amount))
        .where(
            is_among(_charge.c.agreement_id, "agreement", places),
            _charge.c.period < _PERIOD,
        )
        .group_by(_charge.c.agreement_id, payee)
    )


@cache
def _uncharged(places: int) -> Select[Any]:
    """Lines for what was owed before the portal."""
    payer, payee = _invoice.c.agreement_id, _invoice.c.supplier_id
    return (
        select(payer, payee, func.sum(_line.c.amount))
        .join(_line, _line.c.invoice_id == _invoice.c.id)
        .where(
            is_among(payer, "agreement", places),
            _line.c.charge_id.is_(None),
            _invoice.c.period < _PERIOD,
        )
        .group_by(payer, payee)
    )


@cache
def _paid(places: int) -> Select[Any]:
    payer, moment = _payment.c.agreement_id, _payment.c.accepted_at
    wanted = is_among(payer, "agreement", places)
    came = select(payer.label("payer"), moment.label("moment"), _payment.c.amount).where(wanted)
    went = (
        select(payer, _refund.c.accepted_at, -_refund.c.amount)
        .join(_payment, _payment.c.id == _refund.c.payment_id)
        .where(wanted)
    )
    moved = union_all(came, went).subquery()
    return select(moved.c.payer, *_by_time(moved.c.moment, moved.c.amount)).group_by(moved.c.payer)


@cache
def _paid_directly(places: int) -> Select[Any]:
    payer, payee = _invoice.c.agreement_id, _invoice.c.supplier_id
    moment = func.coalesce(_payment.c.accepted_at, _refund.c.accepted_at)
    return (
        select(payer, payee, *_by_time(moment, _allocation.c.amount))
        .join(_allocation, _allocation.c.invoice_id == _invoice.c.id)
        .outerjoin(_payment, _payment.c.id == _allocation.c.payment_id)
        .outerjoin(_refund, _refund.c.id == _allocation.c.refund_id)
        .where(is_among(payer, "agreement", places), payee.is_not(None), moment.is_not(None))
        .group_by(payer, payee)
    )


def _by_time(
    moment: ColumnElement[Any], amount: ColumnElement[Any]
) -> tuple[ColumnElement[Money], ColumnElement[Money]]:
    """The sums of amounts that came in before the month, and in it."""
    begins, ends = (bindparam(name, type_=UtcDateTime) for name in ("begins", "ends"))
    nothing = literal(ZERO, MoneyType)
    return (
        func.sum(case((moment < begins, amount), else_=nothing)),
        func.sum(case(((moment >= begins) & (moment < ends), amount), else_=nothing)),
    )
