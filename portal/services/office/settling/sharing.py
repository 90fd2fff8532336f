"""Whose line of an invoice was paid by what: the one definition of it.

A payment names an invoice, not its lines.  What each line has of it follows from the order in
which payments came to the invoice, so the same is found whenever it is asked.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, select

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.db.ledger import Payment
from portal.db.parties import Operator
from portal.db.session import Session
from portal.domain.money import Money
from portal.domain.settlement import shares

_invoice, _line = table_of(Invoice), table_of(InvoiceLine)
_allocation, _payment, _operator = table_of(Allocation), table_of(Payment), table_of(Operator)


@dataclass(frozen=True, slots=True)
class LineShare:
    """What one allocation paid of one line; below zero of a line in the resident's favour.

    `paid_on` is the day of the payment in the operator's zone.
    """

    allocation_id: int
    paid_on: date
    amount: Money


@dataclass(slots=True)
class _Document:
    """The lines of an invoice in their order, and what is still unpaid of each."""

    line_ids: list[int] = field(default_factory=list)
    unpaid: list[Money] = field(default_factory=list)

    def pays(self, amount: Money) -> list[tuple[int, Money]]:
        """What each line has of `amount`; lines that have nothing are left out."""
        parts = shares(amount, self.unpaid)
        self.unpaid = [line - part for line, part in zip(self.unpaid, parts, strict=True)]
        return [(line_id, part) for line_id, part in zip(self.line_ids, parts, strict=True) if part]


def line_shares(
    session: Session, agreement_ids: Collection[int]
) -> Mapping[int, tuple[LineShare, ...]]:
    """What was paid of each line of these agreements' invoices, in order, by the line's id; lines
    of which nothing was paid are left out.  Two statements, however much there is.

    Raises ValueError: more was allocated to an invoice than it asks for; the audit names it.
    """
    return _shared(session, _invoice.c.agreement_id, agreement_ids)


def invoice_shares(
    session: Session, invoice_ids: Collection[int]
) -> Mapping[int, tuple[LineShare, ...]]:
    """The same of these invoices: what was paid of one does not depend on any other."""
    return _shared(session, _invoice.c.id, invoice_ids)


def _shared(
    session: Session, column: ColumnElement[Any], ids: Collection[int]
) -> dict[int, tuple[LineShare, ...]]:
    places, wanted = places_for(ids), among("wanted", ids)
    documents = _documents(session.execute(_lines(column, places), wanted))
    found: dict[int, list[LineShare]] = defaultdict(list)
    for row in session.execute(_allocations(column, places), wanted):
        paid_on = row.paid_at.astimezone(ZoneInfo(row.timezone)).date()
        for line_id, part in documents[row.invoice_id].pays(row.amount):
            found[line_id].append(LineShare(row.id, paid_on, part))
    return {line_id: tuple(parts) for line_id, parts in found.items()}


def _documents(rows: Any) -> dict[int, _Document]:  # noqa: ANN401 - rows of any statement
    found: dict[int, _Document] = defaultdict(_Document)
    for row in rows:
        document = found[row.invoice_id]
        document.line_ids.append(row.id)
        document.unpaid.append(row.amount)
    return found


@cache
def _lines(column: ColumnElement[Any], places: int) -> Select[Any]:
    """Of invoices of which something was paid."""
    is_touched = select(_allocation.c.id).where(_allocation.c.invoice_id == _invoice.c.id).exists()
    return (
        select(_line.c.invoice_id, _line.c.id, _line.c.amount)
        .join(_invoice, _invoice.c.id == _line.c.invoice_id)
        .where(is_among(column, "wanted", places), is_touched)
        .order_by(_line.c.invoice_id, _line.c.position)
    )


@cache
def _allocations(column: ColumnElement[Any], places: int) -> Select[Any]:
    return (
        select(
            _allocation.c.id, _allocation.c.invoice_id, _allocation.c.amount,
            _payment.c.paid_at, _operator.c.timezone,
        )
        .join(_invoice, _invoice.c.id == _allocation.c.invoice_id)
        .join(_operator, _operator.c.id == _invoice.c.operator_id)
        .join(_payment, _payment.c.id == _allocation.c.payment_id)
        .where(is_among(column, "wanted", places))
        .order_by(_allocation.c.id)
    )  # fmt: skip
