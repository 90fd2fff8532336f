"""Paying invoices with what came in: of each source first whatever fell due first (ГК РФ,
ст. 319.1).  Those who are paid directly are left out: their money is not the operator's.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select

from portal.db import journal
from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.db.ledger import Payment
from portal.db.session import Session
from portal.db.types import MoneyType
from portal.domain.money import ZERO, Money

_allocation, _invoice, _payment = table_of(Allocation), table_of(Invoice), table_of(Payment)
_line = table_of(InvoiceLine)
_NOTHING: ColumnElement[Money] = literal(ZERO, MoneyType)


@dataclass(slots=True)
class _Source:
    """A payment, or a document in the resident's favour, with what is left of it."""

    column: str
    source_id: int
    agreement_id: int
    at: datetime
    rest: Money


@dataclass(slots=True)
class _Open:
    invoice_id: int
    rest: Money


def allocate(session: Session, agreement_ids: Collection[int], now: datetime) -> Money:
    """Allocate what is left of the payments and credits of these agreements to their open
    invoices; how much that was.  What nothing asks for stays an advance.
    """
    asked = among("agreement", agreement_ids)
    places = places_for(agreement_ids)
    _balance(session, agreement_ids, now)
    still_open: dict[int, list[_Open]] = defaultdict(list)
    for row in session.execute(_open(places), asked):
        still_open[row.agreement_id].append(_Open(row.id, row.total - (row.gone or ZERO)))
    if not still_open:
        return ZERO
    sources = [_of_payment(row) for row in session.execute(_payments(places), asked)]
    sources += [_of_credit(row) for row in session.execute(_credits(places), asked)]
    sources.sort(key=lambda source: (source.at, source.column, source.source_id))
    paired = {tuple(row) for row in session.execute(_pairs(places), asked)}
    rows = [
        row | {"allocated_at": now}
        for source in sources
        for row in _spent(source, still_open[source.agreement_id], paired)
    ]
    journal.add_all(session, Allocation, rows)
    return Money.total(row["amount"] for row in rows)


def _balance(session: Session, agreement_ids: Collection[int], now: datetime) -> None:
    """A document whose lines add up to nothing asks for nothing: what they take back pays the
    others, for they may be of different suppliers.
    """
    rows = session.execute(_balanced(places_for(agreement_ids)), among("agreement", agreement_ids))
    new = [
        {"credit_id": row.id, "invoice_id": row.id, "amount": row.amount, "allocated_at": now}
        for row in rows
    ]
    journal.add_all(session, Allocation, new)


def _of_payment(row: Any) -> _Source:  # noqa: ANN401 - a row of `_payments`
    rest = row.amount - (row.gone or ZERO)
    return _Source("payment_id", row.id, row.agreement_id, row.accepted_at, rest)


def _of_credit(row: Any) -> _Source:  # noqa: ANN401 - a row of `_credits`
    at = datetime.combine(row.issued_on, datetime.min.time(), UTC)
    return _Source("credit_id", row.id, row.agreement_id, at, -row.total - (row.gone or ZERO))


def _spent(
    source: _Source, still_open: list[_Open], paired: set[tuple[Any, ...]]
) -> Iterator[dict[str, Any]]:
    """A payment that was loaded with its part of an invoice gives no second part to it."""
    for invoice in still_open:
        amount = min(source.rest, invoice.rest)
        is_payment = source.column == "payment_id"
        if amount > ZERO and not (is_payment and (source.source_id, invoice.invoice_id) in paired):
            source.rest -= amount
            invoice.rest -= amount
            yield {
                source.column: source.source_id, "invoice_id": invoice.invoice_id,
                "amount": amount,
            }  # fmt: skip


def _gone(column: ColumnElement[Any], of: ColumnElement[Any]) -> ColumnElement[Any]:
    """What is allocated already; NULL is nothing."""
    sums = select(func.sum(_allocation.c.amount)).where(column == of)
    return sums.correlate(of.table).scalar_subquery()


@cache
def _open(places: int) -> Select[Any]:
    gone = _gone(_allocation.c.invoice_id, _invoice.c.id)
    return (
        select(_invoice.c.id, _invoice.c.agreement_id, _invoice.c.total, gone.label("gone"))
        .where(
            is_among(_invoice.c.agreement_id, "agreement", places),
            _invoice.c.supplier_id.is_(None),
            _invoice.c.total > func.coalesce(gone, _NOTHING),
        )
        .order_by(_invoice.c.due_on, _invoice.c.period, _invoice.c.id)
    )


@cache
def _balanced(places: int) -> Select[Any]:
    """Those that have not paid themselves yet, with what their lines ask for."""
    itself = select(_allocation.c.id).where(
        _allocation.c.invoice_id == _invoice.c.id, _allocation.c.credit_id == _invoice.c.id
    )
    return (
        select(_invoice.c.id, func.sum(_line.c.amount).label("amount"))
        .join(_line, _line.c.invoice_id == _invoice.c.id)
        .where(
            is_among(_invoice.c.agreement_id, "agreement", places),
            _invoice.c.supplier_id.is_(None),
            _invoice.c.total == _NOTHING,
            _line.c.amount > _NOTHING,
            ~itself.exists(),
        )
        .group_by(_invoice.c.id)
        .order_by(_invoice.c.id)
    )


@cache
def _payments(places: int) -> Select[Any]:
    gone = _gone(_allocation.c.payment_id, _payment.c.id)
    columns = (_payment.c.id, _payment.c.agreement_id, _payment.c.amount, _payment.c.accepted_at)
    return select(*columns, gone.label("gone")).where(
        is_among(_payment.c.agreement_id, "agreement", places),
        _payment.c.amount > func.coalesce(gone, _NOTHING),
    )


@cache
def _credits(places: int) -> Select[Any]:
    gone = _gone(_allocation.c.credit_id, _invoice.c.id)
    columns = (_invoice.c.id, _invoice.c.agreement_id, _invoice.c.total, _invoice.c.issued_on)
    return select(*columns, gone.label("gone")).where(
        is_among(_invoice.c.agreement_id, "agreement", places),
        _invoice.c.supplier_id.is_(None),
        _invoice.c.total < _NOTHING,
    )


@cache
def _pairs(places: int) -> Select[Any]:
    return (
        select(_allocation.c.payment_id, _allocation.c.invoice_id)
        .join(_payment, _payment.c.id == _allocation.c.payment_id)
        .where(is_among(_payment.c.agreement_id, "agreement", places))
    )
