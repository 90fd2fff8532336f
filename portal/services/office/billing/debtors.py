"""Of whom there may be something to reckon a penalty of, though nothing else is charged."""

from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, FromClause, bindparam, func, select

from portal.db.base import table_of
from portal.db.invoices import Allocation, Invoice
from portal.db.ledger import Payment, Refund
from portal.db.types import MoneyType, UtcDateTime
from portal.domain.money import ZERO
from portal.domain.period import Period

_invoice, _allocation, _payment = table_of(Invoice), table_of(Allocation), table_of(Payment)
_refund = table_of(Refund)
_MONTHS = 3


def may_owe(agreement: FromClause) -> ColumnElement[bool]:
    """Whether a bill of it is unpaid, or money came or went back lately; needs `lately`."""
    paid = select(
        func.coalesce(func.sum(_allocation.c.amount), bindparam("nothing", ZERO, MoneyType))
    )
    owed = select(_invoice.c.id).where(
        _invoice.c.agreement_id == agreement.c.id,
        _invoice.c.total > paid.where(_allocation.c.invoice_id == _invoice.c.id).scalar_subquery(),
    )
    pays = select(_payment.c.id).where(
        _payment.c.agreement_id == agreement.c.id,
        _payment.c.accepted_at >= bindparam("lately", type_=UtcDateTime),
    )
    refunds = (
        select(_refund.c.id)
        .join(_payment, _payment.c.id == _refund.c.payment_id)
        .where(
            _payment.c.agreement_id == agreement.c.id,
            _refund.c.accepted_at >= bindparam("lately", type_=UtcDateTime),
        )
    )
    return owed.exists() | pays.exists() | refunds.exists()


def lately(period: Period) -> dict[str, Any]:
    """A few months are enough: the runs of each of them looked at what had been paid by then."""
    day = period.shifted(-_MONTHS).first_day
    return {"lately": datetime.combine(day, time.min, UTC)}
