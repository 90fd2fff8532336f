"""Whose line of an invoice was paid by what: the one definition of it.

An allocation names an invoice, not its lines.  What each line has of it follows from the order in
which money came to the invoice, so the same is found whenever it is asked; penalties come last.  A
document in the resident's favour pays others with what its own lines take back.  A refund takes
from each line what its payment gave there, in proportion, but of penalties first.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, func, literal, select, union_all

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.db.ledger import Charge, Payment, Refund
from portal.db.parties import Operator
from portal.db.session import Session
from portal.domain.money import ZERO, Money
from portal.domain.penalty_stated import PENALTY
from portal.domain.settlement import returned, shares, shares_in_turn
from portal.errors import Refused

_invoice, _line = table_of(Invoice), table_of(InvoiceLine)
_allocation, _payment, _operator = table_of(Allocation), table_of(Payment), table_of(Operator)
_refund, _charge = table_of(Refund), table_of(Charge)
_credit = _invoice.alias("credit")


@dataclass(frozen=True, slots=True)
class LineShare:
    """What one allocation paid of one line; below zero of a line in the resident's favour.

    `paid_on` is the day of the payment in the operator's zone, of a credit the day of its document;
    of a refund, whose parts have the opposite sign, the day on which the money went back.
    """

    allocation_id: int
    paid_on: date
    amount: Money


@dataclass(slots=True)
class _Document:
    """The lines of an invoice in their order, what is still unpaid of each, and what each payment
    has given to each.
    """

    number: str = ""
    line_ids: list[int] = field(default_factory=list)
    unpaid: list[Money] = field(default_factory=list)
    is_penalty: list[bool] = field(default_factory=list)
    given: dict[int, list[Money]] = field(default_factory=dict)

    def moves(self, row: Row[Any]) -> list[tuple[int, Money]]:
        """What each line has of the amount of an allocation that the document was paid, or as a
        credit paid, or with which it pays itself, or that is taken back; lines that have nothing
        are left out.

        Raises Refused: more than is unpaid, or more is taken back than the payment gave.
        """
        try:
            parts = self._parts(row)
        except ValueError as fault:
            raise Refused(
                f"Счет № {self.number} оплачен больше, чем в нем стоит. Что с ним не так, "
                "скажет zhkh-portal audit"
            ) from fault
        self.unpaid = [line - part for line, part in zip(self.unpaid, parts, strict=True)]
        if (payment_id := row.payment_id or row.refunded_id) is not None:
            had = self._given_by(payment_id)
            self.given[payment_id] = [one + part for one, part in zip(had, parts, strict=True)]
        return [(line_id, part) for line_id, part in zip(self.line_ids, parts, strict=True) if part]

    def _parts(self, row: Row[Any]) -> list[Money]:
        if row.refunded_id is not None:
            return returned(-row.amount, self._given_by(row.refunded_id), self.is_penalty)
        if row.is_credit:
            return [-part for part in shares(row.amount, [-line for line in self.unpaid])]
        if row.credit_id == row.document_id:
            return shares(ZERO, self.unpaid)
        return shares_in_turn(row.amount, self.unpaid, self.is_penalty)

    def _given_by(self, payment_id: int) -> list[Money]:
        return self.given.get(payment_id) or [ZERO] * len(self.line_ids)


def line_shares(
    session: Session, agreement_ids: Collection[int]
) -> Mapping[int, tuple[LineShare, ...]]:
    """What was paid of each line of these agreements' invoices, in order, by the line's id; lines
    of which nothing was paid are left out.  Two statements, however much there is.

    Raises Refused: more was allocated to an invoice than it asks for.
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
        paid_on = _paid_on(row)
        for line_id, part in documents[row.document_id].moves(row):
            found[line_id].append(LineShare(row.id, paid_on, part))
    return {line_id: tuple(parts) for line_id, parts in found.items()}


def _paid_on(row: Row[Any]) -> date:
    if row.moved_at is None:
        issued_on: date = row.issued_on
        return issued_on
    moment: date = row.moved_at.astimezone(ZoneInfo(row.timezone)).date()
    return moment


def _documents(rows: Iterable[Row[Any]]) -> dict[int, _Document]:
    found: dict[int, _Document] = defaultdict(_Document)
    for row in rows:
        document = found[row.invoice_id]
        document.number = row.number
        document.line_ids.append(row.id)
        document.unpaid.append(row.amount)
        document.is_penalty.append(row.part == PENALTY)
    return found


@cache
def _lines(column: ColumnElement[Any], places: int) -> Select[Any]:
    """Of invoices of which something was paid, or with which."""
    allocated = [
        select(_allocation.c.id).where(end == _invoice.c.id).exists()
        for end in (_allocation.c.invoice_id, _allocation.c.credit_id)
    ]
    return (
        select(_line.c.invoice_id, _line.c.id, _line.c.amount, _invoice.c.number, _charge.c.part)
        .join(_invoice, _invoice.c.id == _line.c.invoice_id)
        .outerjoin(_charge, _charge.c.id == _line.c.charge_id)
        .where(is_among(column, "wanted", places), allocated[0] | allocated[1])
        .order_by(_line.c.invoice_id, _line.c.position)
    )


@cache
def _allocations(column: ColumnElement[Any], places: int) -> Select[Any]:
    """Each once for the invoice that was paid and once for the document that paid it, if that is
    another, in the order in which they came.
    """
    ends = ((_allocation.c.invoice_id, False), (_allocation.c.credit_id, True))
    wanted = is_among(column, "wanted", places)
    paid, paying = (_at_end(end, is_credit=is_credit).where(wanted) for end, is_credit in ends)
    others = paying.where(_allocation.c.invoice_id != _allocation.c.credit_id)
    rows = union_all(paid, others).subquery()
    return select(rows).order_by(rows.c.id)


def _at_end(document_id: ColumnElement[Any], *, is_credit: bool) -> Select[Any]:
    """`refunded_id` is the payment that a refund is of."""
    return (
        select(
            _allocation.c.id, document_id.label("document_id"), _allocation.c.amount,
            _allocation.c.credit_id, _allocation.c.payment_id,
            _refund.c.payment_id.label("refunded_id"),
            func.coalesce(_payment.c.paid_at, _refund.c.refunded_at).label("moved_at"),
            _credit.c.issued_on, _operator.c.timezone, literal(is_credit).label("is_credit"),
        )
        .join(_invoice, _invoice.c.id == document_id)
        .join(_operator, _operator.c.id == _invoice.c.operator_id)
        .outerjoin(_payment, _payment.c.id == _allocation.c.payment_id)
        .outerjoin(_refund, _refund.c.id == _allocation.c.refund_id)
        .outerjoin(_credit, _credit.c.id == _allocation.c.credit_id)
    )  # fmt: skip
