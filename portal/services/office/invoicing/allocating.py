"""Paying invoices with what came in: with a payment first what the payer said he pays, then of each
source whatever fell due first (ГК РФ, ст. 319.1).  Those who are paid directly are left out: their
money is not the operator's.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select

from portal.db import journal
from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.db.ledger import Payment, Stated
from portal.db.session import Session
from portal.db.types import MoneyType
from portal.domain.money import ZERO, Money
from portal.services.office.invoicing.remaining import gone_of, left_of_payment, turn_of

_allocation, _invoice, _payment = table_of(Allocation), table_of(Invoice), table_of(Payment)
_line, _named = table_of(InvoiceLine), table_of(Stated)
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
    turn: int


def allocate(session: Session, agreement_ids: Collection[int], now: datetime) -> Money:
    """Allocate what is left of the payments and credits of these agreements to their open
    invoices; how much that was.  What nothing asks for stays an advance.
    """
    asked = among("agreement", agreement_ids)
    places = places_for(agreement_ids)
    _balance(session, agreement_ids, now)
    still_open: dict[int, list[_Open]] = defaultdict(list)
    for row in session.execute(_open(places), asked):
        open_ = _Open(row.id, row.total - (row.gone or ZERO), row.turn)
        still_open[row.agreement_id].append(open_)
    if not still_open:
        return ZERO
    sources = [_of_payment(row) for row in session.execute(_payments(places), asked)]
    sources += [_of_credit(row) for row in session.execute(_credits(places), asked)]
    sources.sort(key=lambda source: (source.at, source.column, source.source_id))
    paired = {tuple(row) for row in session.execute(_pairs(places), asked)}
    stated = _stated_of(session, [source for source in sources if source.column == "payment_id"])
    rows = [
        row | {"allocated_at": now}
        for source in sources
        for row in _spent(source, _in_turn(source, still_open, stated), paired)
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
    return _Source("payment_id", row.id, row.agreement_id, row.accepted_at, row.rest)


def _of_credit(row: Any) -> _Source:  # noqa: ANN401 - a row of `_credits`
    at = datetime.combine(row.issued_on, datetime.min.time(), UTC)
    return _Source("credit_id", row.id, row.agreement_id, at, -row.total - (row.gone or ZERO))


def _stated_of(session: Session, payments: Sequence[_Source]) -> dict[int, list[int]]:
    """What each of these payments named, in the payer's order."""
    found: dict[int, list[int]] = defaultdict(list)
    if payments:
        ids = [source.source_id for source in payments]
        rows = session.execute(_stated(places_for(ids)), among("payment", ids))
        for payment_id, invoice_id in rows:
            found[payment_id].append(invoice_id)
    return found


def _in_turn(
    source: _Source, still_open: Mapping[int, list[_Open]], stated: Mapping[int, list[int]]
) -> list[_Open]:
    """What this source pays first, and what then.  What was named and is not open is no matter."""
    theirs = still_open.get(source.agreement_id, [])
    named = stated.get(source.source_id, []) if source.column == "payment_id" else []
    by_id = {invoice.invoice_id: invoice for invoice in theirs}
    first = [by_id[invoice_id] for invoice_id in named if invoice_id in by_id]
    return first + [invoice for invoice in theirs if invoice not in first]


def _spent(
    source: _Source, still_open: list[_Open], paired: set[tuple[Any, ...]]
) -> Iterator[dict[str, Any]]:
    """A payment that was loaded with its part of an invoice gives no second part to it, unless
    something was taken from it since.
    """
    for invoice in still_open:
        amount = min(source.rest, invoice.rest)
        is_payment = source.column == "payment_id"
        pair = (source.source_id, invoice.invoice_id, invoice.turn)
        if amount > ZERO and not (is_payment and pair in paired):
            source.rest -= amount
            invoice.rest -= amount
            yield {
                source.column: source.source_id, "invoice_id": invoice.invoice_id,
                "amount": amount, "turn": invoice.turn,
            }  # fmt: skip


@cache
def _open(places: int) -> Select[Any]:
    gone = gone_of(_allocation.c.invoice_id, _invoice.c.id)
    columns = (_invoice.c.id, _invoice.c.agreement_id, _invoice.c.total)
    return (
        select(*columns, gone.label("gone"), turn_of(_invoice.c.id).label("turn"))
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
    columns = (_payment.c.id, _payment.c.agreement_id, _payment.c.accepted_at)
    return select(*columns, left_of_payment().label("rest")).where(
        is_among(_payment.c.agreement_id, "agreement", places),
        left_of_payment() > _NOTHING,
    )


@cache
def _credits(places: int) -> Select[Any]:
    gone = gone_of(_allocation.c.credit_id, _invoice.c.id)
    columns = (_invoice.c.id, _invoice.c.agreement_id, _invoice.c.total, _invoice.c.issued_on)
    return select(*columns, gone.label("gone")).where(
        is_among(_invoice.c.agreement_id, "agreement", places),
        _invoice.c.supplier_id.is_(None),
        _invoice.c.total < _NOTHING,
    )


@cache
def _pairs(places: int) -> Select[Any]:
    return (
        select(_allocation.c.payment_id, _allocation.c.invoice_id, _allocation.c.turn)
        .join(_payment, _payment.c.id == _allocation.c.payment_id)
        .where(is_among(_payment.c.agreement_id, "agreement", places))
    )


@cache
def _stated(places: int) -> Select[Any]:
    return (
        select(_named.c.payment_id, _named.c.invoice_id)
        .where(is_among(_named.c.payment_id, "payment", places))
        .order_by(_named.c.payment_id, _named.c.position)
    )
