"""What residents owe by bills that are overdue long enough for a penalty, and what was charged for
it already.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, bindparam, func, select

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.db.ledger import Charge, Payment
from portal.db.session import Session
from portal.db.tariffs import Service
from portal.db.types import PeriodType
from portal.domain.charging.methods import Method
from portal.domain.debt import Debt, Layer, Paid
from portal.domain.money import ZERO, Money, split
from portal.domain.overdue import Asked, Owed, owed
from portal.domain.penalty_rules import FREE_DAYS
from portal.domain.penalty_stated import PENALTY
from portal.domain.period import Period
from portal.services.office.billing.reissued import Came, came_on
from portal.services.office.settling.sharing import LineShare, invoice_shares
from portal.services.penalty_keys import LayerKey, layer_of

_FREE, _DAY = timedelta(FREE_DAYS), timedelta(1)
_invoice, _line, _allocation = table_of(Invoice), table_of(InvoiceLine), table_of(Allocation)
_credit, _other = _invoice.alias("credit"), _invoice.alias("other")
_charge, _payment, _service = table_of(Charge), table_of(Payment), table_of(Service)


@dataclass(frozen=True, slots=True)
class Overdue:
    """A service's part of one bill; `charge` is one that it is owed for, whose price, scheme and
    supplier the penalty has too.
    """

    key: LayerKey
    bill: str
    charge: Row[Any]
    layer: Layer


def read_overdue(
    session: Session,
    agreement_ids: Collection[int],
    through: date,
    zone: ZoneInfo,
    charged: Collection[int],
) -> list[Overdue]:
    """Of the operator's bills that cost a penalty by the end of `through`; those that were settled
    before they did are left out, unless they are among the invoices `charged` for.

    Raises Refused: more was allocated to a bill than it asks for.
    """
    due = {"due": through - _FREE - _DAY, "nothing": ZERO}
    parameters = among("agreement", agreement_ids) | due
    rows = session.execute(_bills(places_for(agreement_ids)), parameters)
    bills = {row.id: row for row in rows if row.id in charged or not _is_free(row, zone)}
    credited = [row.id for row in bills.values() if row.last_credit_on and not row.is_cancelled]
    came = came_on(session, credited, zone)
    shares = invoice_shares(session, bills)
    by_bill: dict[int, list[Row[Any]]] = defaultdict(list)
    for line in session.execute(_lines(places_for(bills)), among("invoice", bills)):
        by_bill[line.invoice_id].append(line)
    return [
        overdue
        for bill_id, bill in bills.items()
        for overdue in _layers(bill, by_bill[bill_id], shares, came)
    ]


def _is_free(bill: Row[Any], zone: ZoneInfo) -> bool:
    """Cancelled, or paid in full within the days that cost nothing and never given back."""
    if bill.is_cancelled:
        return True
    if bill.refunds or bill.paid is None or bill.paid < bill.total:
        return False
    days = [bill.last_credit_on] if bill.last_credit_on else []
    days += [bill.last_paid_at.astimezone(zone).date()] if bill.last_paid_at else []
    return bool(max(days) <= bill.due_on + _FREE)


@cache
def _bills(places: int) -> Select[Any]:
    own = (_invoice.c.id, _invoice.c.number, _invoice.c.period, _invoice.c.due_on, _invoice.c.total)
    amount, paid_at = _allocation.c.amount, _payment.c.paid_at
    cancelled = select(_other.c.id).where(_other.c.cancels_id == _invoice.c.id).exists()
    return (
        select(
            *own, cancelled.label("is_cancelled"), func.max(_credit.c.issued_on)
            .label("last_credit_on"), func.sum(amount, type_=amount.type).label("paid"),
            func.max(paid_at, type_=paid_at.type).label("last_paid_at"),
            func.count(_allocation.c.refund_id).label("refunds"),
        )
        .outerjoin(_allocation, _allocation.c.invoice_id == _invoice.c.id)
        .outerjoin(_payment, _payment.c.id == _allocation.c.payment_id)
        .outerjoin(_credit, _credit.c.id == _allocation.c.credit_id)
        .where(
            is_among(_invoice.c.agreement_id, "agreement", places),
            _invoice.c.supplier_id.is_(None),
            _invoice.c.due_on <= bindparam("due"),
            _invoice.c.total > bindparam("nothing", type_=_invoice.c.total.type),
            _invoice.c.kind == "month",
        )
        .group_by(*own)
        .order_by(_invoice.c.id)
    )  # fmt: skip


@cache
def _lines(places: int) -> Select[Any]:
    return (
        select(
            _line.c.id.label("line_id"), _line.c.invoice_id, _line.c.amount, _service.c.method,
            _charge.c.id, _charge.c.agreement_id, _charge.c.account_id, _charge.c.service_id,
            _charge.c.price_id, _charge.c.price, _charge.c.band_id, _charge.c.scheme,
            _charge.c.supplier_id, _charge.c.part,
        )
        .outerjoin(_charge, _charge.c.id == _line.c.charge_id)
        .outerjoin(_service, _service.c.id == _charge.c.service_id)
        .where(is_among(_line.c.invoice_id, "invoice", places))
        .order_by(_line.c.invoice_id, _line.c.position)
    )  # fmt: skip


def _layers(
    bill: Row[Any],
    lines: list[Row[Any]],
    shares: Mapping[int, tuple[LineShare, ...]],
    came: Mapping[int, Came],
) -> list[Overdue]:
    """There is no penalty on a penalty, nor on what is owed for no charge of ours; of a cancelled
    bill nothing is owed.
    """
    asked = [_asked(line, shares.get(line.line_id, ()), came) for line in lines]
    groups: dict[LayerKey, list[tuple[Row[Any], Owed]]] = defaultdict(list)
    parts = [Owed() for _ in lines] if bill.is_cancelled else owed(asked)
    for line, part in zip(lines, parts, strict=True):
        if line.id is not None and line.part != PENALTY:
            key = bill.id, line.account_id, line.service_id, line.supplier_id or 0
            groups[key].append((line, part))
    return [
        Overdue(key, bill.number, _named(group), _layer(bill, group))
        for key, group in groups.items()
    ]


def _asked(line: Row[Any], shares: Iterable[LineShare], came: Mapping[int, Came]) -> Asked:
    parts = (part for share in shares for part in _dated(share, came.get(share.allocation_id)))
    return Asked(line.amount, tuple(parts))


def _dated(share: LineShare, came: Came | None) -> Came:
    if came is None:
        return ((share.paid_on, share.amount),)
    amounts = split(share.amount, [part.kopecks for _, part in came])
    return tuple((day, part) for (day, _), part in zip(came, amounts, strict=True))


def _named(parts: list[tuple[Row[Any], Owed]]) -> Row[Any]:
    """Rather one that something is owed for."""
    return next((line for line, part in parts if part.principal > ZERO), parts[0][0])


def _layer(bill: Row[Any], parts: list[tuple[Row[Any], Owed]]) -> Layer:
    is_capital_repair = parts[0][0].method == Method.CAPITAL_REPAIR
    principal = Money.total(part.principal for _, part in parts)
    debt = Debt(bill.period, bill.due_on, principal, is_capital_repair)
    paid = _by_day(paid for _, part in parts for paid in part.paid)
    return Layer(debt, paid, _by_day(back for _, part in parts for back in part.returned))


def _by_day(parts: Iterable[Paid]) -> tuple[Paid, ...]:
    return tuple(sorted(parts, key=lambda each: each.paid_on))


@dataclass(frozen=True, slots=True)
class Charged:
    """Penalties of one layer so far."""

    amount: Money = ZERO
    revisions: int = 0
    """How many of them in the month that is charged."""


def read_charged(
    session: Session, period: Period, agreement_ids: Collection[int]
) -> dict[LayerKey, Charged]:
    """What was charged in `period` and before it."""
    parameters = among("agreement", agreement_ids) | {"period": period}
    found: dict[LayerKey, Charged] = defaultdict(Charged)
    for row in session.execute(_penalties(places_for(agreement_ids)), parameters):
        key, was = layer_of(row.key), found[layer_of(row.key)]
        found[key] = Charged(was.amount + row.amount, was.revisions + (row.period == period))
    return dict(found)


@cache
def _penalties(places: int) -> Select[Any]:
    return select(_charge.c.key, _charge.c.period, _charge.c.amount).where(
        is_among(_charge.c.agreement_id, "agreement", places),
        _charge.c.part == PENALTY,
        _charge.c.period <= bindparam("period", type_=PeriodType),
    )
