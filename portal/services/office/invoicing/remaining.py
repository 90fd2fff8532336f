"""What is left of a payment, and how often an invoice was taken from: one definition of each."""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, type_coerce

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.invoices import Allocation, Invoice
from portal.db.ledger import Payment, Refund
from portal.db.session import Session
from portal.db.types import MoneyType
from portal.domain.money import ZERO, Money
from portal.services.ledger_refunds import given_back

_allocation, _invoice = table_of(Allocation), table_of(Invoice)
_payment, _refund = table_of(Payment), table_of(Refund)
_NOTHING: ColumnElement[Money] = literal(ZERO, MoneyType)


def gone_of(column: ColumnElement[Any], of: ColumnElement[Any]) -> ColumnElement[Any]:
    """What is allocated already by a column of the allocations; NULL is nothing."""
    sums = select(func.sum(_allocation.c.amount)).where(column == of)
    return sums.correlate(of.table).scalar_subquery()


def left_of_payment() -> ColumnElement[Money]:
    """What neither an invoice has nor was given back, for queries over the payment table.  What a
    refund took from invoices has gone to the payer, not to the rest.
    """
    taken = select(func.sum(_allocation.c.amount)).join(
        _refund, _refund.c.id == _allocation.c.refund_id
    )
    parts = (
        gone_of(_allocation.c.payment_id, _payment.c.id),
        taken.where(_refund.c.payment_id == _payment.c.id).correlate(_payment).scalar_subquery(),
        given_back(),
    )
    rest: ColumnElement[Any] = _payment.c.amount
    for part in parts:
        rest = rest - func.coalesce(part, _NOTHING)
    return type_coerce(rest, MoneyType)


def turn_of(invoice_id: ColumnElement[Any]) -> ColumnElement[int]:
    """How often something was taken from an invoice."""
    count = select(func.count()).where(
        _allocation.c.invoice_id == invoice_id, _allocation.c.refund_id.is_not(None)
    )
    return count.correlate(invoice_id.table).scalar_subquery()


def turns_of(session: Session, invoice_ids: Collection[int]) -> dict[int, int]:
    """`turn_of` of these invoices; those from which nothing was taken are left out."""
    if not invoice_ids:
        return {}
    asked = among("invoice", invoice_ids)
    rows = session.execute(_turns(places_for(invoice_ids)), asked)
    return {row.id: row.turn for row in rows if row.turn}


@cache
def _turns(places: int) -> Select[Any]:
    columns = (_invoice.c.id, turn_of(_invoice.c.id).label("turn"))
    return select(*columns).where(is_among(_invoice.c.id, "invoice", places))
