"""Счета: what is to be paid, and how."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, literal, select

from portal.db.base import table_of
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.db.parties import Agreement
from portal.db.session import Session
from portal.domain.bill import (
    InvoiceDocument,
    InvoiceFigures,
    InvoiceItem,
    InvoiceSummary,
    Requisites,
)
from portal.domain.identity import ResidentId
from portal.domain.money import ZERO, Money
from portal.domain.payment_purpose import purpose_of
from portal.domain.payment_qr import Payer, payment_qr
from portal.errors import NotFound
from portal.services.agreements import ensure_own
from portal.services.ids import ensure_possible

_invoice, _line = table_of(Invoice), table_of(InvoiceLine)
_allocation, _agreement = table_of(Allocation), table_of(Agreement)
_cancelled, _cancelling = _invoice.alias("cancelled"), _invoice.alias("cancelling")
_FIGURES = InvoiceFigures.__slots__


def paid_so_far() -> ColumnElement[Money]:
    """What others paid of an invoice, for queries over the invoice table; NULL is nothing."""
    return (
        select(func.sum(_allocation.c.amount))
        .where(
            _allocation.c.invoice_id == _invoice.c.id,
            _allocation.c.credit_id.is_distinct_from(_allocation.c.invoice_id),
        )
        .correlate(_invoice)
        .scalar_subquery()
    )


def is_unpaid() -> ColumnElement[bool]:
    """Whether something of an invoice remains to be paid, for queries over the invoice table."""
    return _invoice.c.total > func.coalesce(paid_so_far(), literal(ZERO, _invoice.c.total.type))


def invoices(
    session: Session, resident: ResidentId, agreement_id: int | None = None
) -> tuple[InvoiceSummary, ...]:
    """Unpaid ones first, then paid ones; of each the newest period first.

    Raises NotFound: `agreement_id` is not the resident's.
    """
    asked: dict[str, int] = {"resident": resident}
    if agreement_id is not None:
        asked["agreement"] = ensure_possible(agreement_id)
    statement = _NEWEST_FIRST if agreement_id is None else _OF_AGREEMENT
    found = [_summary(row) for row in session.execute(statement, asked)]
    if not found:
        ensure_own(session, resident, agreement_id)
    return tuple(sorted(found, key=lambda invoice: not invoice.is_unpaid))


def unpaid_invoices(session: Session, resident: ResidentId) -> tuple[InvoiceSummary, ...]:
    """In the order in which they fall due."""
    rows = session.execute(_UNPAID, {"resident": resident})
    return tuple(_summary(row) for row in rows)


def invoice_document(session: Session, resident: ResidentId, invoice_id: int) -> InvoiceDocument:
    """The invoice as it was issued; its QR asks for what remains of it (for the whole of a paid
    one, and is empty when there is nothing to pay or it was cancelled and is not owed for others).

    Raises NotFound.
    """
    asked = {"resident": resident, "invoice": ensure_possible(invoice_id)}
    row = session.execute(_DOCUMENT, asked).one_or_none()
    if row is None:
        raise NotFound
    summary = _summary(row)
    requisites = _requisites(row.payee)
    payer = Payer.named(row.payer.get("name") or "", row.payer.get("address") or "")
    purpose = purpose_of(summary)
    return InvoiceDocument(
        summary=summary,
        payer_name=row.payer.get("name") or "",
        payer_address=payer.address,
        items=_items(session, invoice_id),
        requisites=requisites,
        purpose=purpose,
        qr_text=_qr_text(summary, requisites, purpose, payer),
        figures=_figures(row),
        reason=row.reason or row.reason_against or "",
        passed_on=_passed_on(session, invoice_id) if summary.cancelled_by else (),
        returned=-(row.returned or ZERO),
    )


def _passed_on(session: Session, invoice_id: int) -> tuple[str, ...]:
    return tuple(session.scalars(_PASSED_ON, {"invoice": invoice_id}))


def _summaries() -> Select[Any]:
    return (
        select(
            _invoice.c.id, _invoice.c.number, _agreement.c.number.label("agreement"),
            _invoice.c.period, _invoice.c.issued_on, _invoice.c.due_on, _invoice.c.total,
            paid_so_far().label("allocated"), _cancelled.c.number.label("cancels"),
            _cancelling.c.number.label("cancelled_by"), _invoice.c.payee, _invoice.c.supplier_id,
        )
        .join(_agreement, _agreement.c.id == _invoice.c.agreement_id)
        .outerjoin(_cancelled, _cancelled.c.id == _invoice.c.cancels_id)
        .outerjoin(_cancelling, _cancelling.c.cancels_id == _invoice.c.id)
        .where(_agreement.c.resident_id == bindparam("resident"))
    )  # fmt: skip


def _summary(row: Row[Any]) -> InvoiceSummary:
    return InvoiceSummary(
        invoice_id=row.id,
        number=row.number,
        agreement=row.agreement,
        period=row.period,
        issued_on=row.issued_on,
        due_on=row.due_on,
        total=row.total,
        paid=row.allocated or ZERO,
        cancels=row.cancels or "",
        cancelled_by=row.cancelled_by or "",
        payee="" if row.supplier_id is None else row.payee.get("name") or "",
    )


def _figures(row: Row[Any]) -> InvoiceFigures | None:
    figures = [getattr(row, name) for name in _FIGURES]
    return None if None in figures else InvoiceFigures(*figures)


def _items(session: Session, invoice_id: int) -> tuple[InvoiceItem, ...]:
    rows = session.execute(_ITEMS, {"invoice": invoice_id})
    return tuple(
        InvoiceItem(row.name, row.unit or "", row.volume, row.price, row.amount) for row in rows
    )


def _requisites(payee: Mapping[str, Any]) -> Requisites:
    return Requisites(**{name: payee.get(name) or "" for name in Requisites.__slots__})


def _qr_text(summary: InvoiceSummary, payee: Requisites, purpose: str, payer: Payer) -> str:
    to_pay = summary.remainder if summary.is_unpaid else summary.total
    if to_pay.kopecks <= 0 or (summary.cancelled_by and not summary.is_unpaid):
        return ""
    return payment_qr(
        payee,
        to_pay,
        purpose,
        personal_account=summary.agreement,
        period=summary.period,
        payer=payer,
    )


# Made once and kept: writing them anew costs more than running them.
_SUMMARIES = _summaries()
_NEWEST_FIRST = _SUMMARIES.order_by(_invoice.c.period.desc(), _invoice.c.id.desc())
_OF_AGREEMENT = _NEWEST_FIRST.where(_agreement.c.id == bindparam("agreement"))
_UNPAID = _SUMMARIES.where(is_unpaid()).order_by(_invoice.c.due_on, _invoice.c.id)
_RETURNED = (
    select(func.sum(_allocation.c.amount))
    .where(_allocation.c.invoice_id == _invoice.c.id, _allocation.c.refund_id.is_not(None))
    .correlate(_invoice)
    .scalar_subquery()
)
_DOCUMENT = _SUMMARIES.add_columns(
    _invoice.c.payer,
    _invoice.c.reason,
    _cancelling.c.reason.label("reason_against"),
    _RETURNED.label("returned"),
    *(_invoice.c[name] for name in _FIGURES),
).where(_invoice.c.id == bindparam("invoice"))
_PASSED_ON = (
    select(_invoice.c.number)
    .join(_allocation, _allocation.c.invoice_id == _invoice.c.id)
    .join(_cancelling, _cancelling.c.id == _allocation.c.credit_id)
    .where(
        _cancelling.c.cancels_id == bindparam("invoice"),
        _invoice.c.id.not_in([_cancelling.c.id, _cancelling.c.cancels_id]),
    )
    .group_by(_invoice.c.id, _invoice.c.number)
    .order_by(_invoice.c.id)
)
_ITEMS = select(_line).where(_line.c.invoice_id == bindparam("invoice")).order_by(_line.c.position)
