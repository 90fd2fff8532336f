"""Every invoice: its lines, its sum, what was paid for it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, case, func, literal, select, true

from portal.db.base import table_of
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.db.ledger import Charge, Payment
from portal.db.session import Session
from portal.db.types import MoneyType
from portal.domain.money import ZERO
from portal.services.audit_finding import Finding, Rule, stream

_invoice, _line, _charge = table_of(Invoice), table_of(InvoiceLine), table_of(Charge)
_allocation, _payment = table_of(Allocation), table_of(Payment)
_credit = _invoice.alias("credit")
_OF_ANOTHER = _allocation.c.credit_id.is_distinct_from(_allocation.c.invoice_id)
"""Not of a document whose lines add up to nothing, which pays itself."""


def invoice_findings(session: Session) -> Iterator[Finding]:
    """Invoices whose lines do not make their sum, and lines that are not as charged."""
    for row in stream(session, _summed(_invoice, _invoice.c.total, _line, _line.c.invoice_id)):
        total = row.parts or ZERO
        if total != row.whole:
            sentence = f"строки дают {total}, а в счете {row.whole}"
            yield Finding(Rule.INVOICE, _invoice.name, row.id, sentence)
    for row in stream(session, _charged_lines()):
        for sentence in _line_faults(row):
            yield Finding(Rule.INVOICE, _line.name, row.id, sentence)


def allocation_findings(session: Session) -> Iterator[Finding]:
    """Parts of payments and credits that exceed them or the invoice, or that pay another's."""
    for table, whole, part_of in (
        (_payment, _payment.c.amount, _allocation.c.payment_id),
        (_invoice, _invoice.c.total, _allocation.c.invoice_id),
        (_invoice, -_invoice.c.total, _allocation.c.credit_id),
    ):
        for row in stream(session, _summed(table, whole, _allocation, part_of, _OF_ANOTHER)):
            if row.parts is not None and row.parts > row.whole:
                sentence = f"разнесено {row.parts}, а всего {row.whole}"
                yield Finding(Rule.ALLOCATION, table.name, row.id, sentence)
    for row in stream(session, _balanced()):
        if row.total or row.amount != row.asked:
            sentence = f"счет на {row.total} оплачивает сам себя: {row.amount} из {row.asked}"
            yield Finding(Rule.ALLOCATION, _allocation.name, row.id, sentence)
    for row in stream(session, _strange_allocations()):
        sentence = "платеж по одному договору, а счет по другому"
        yield Finding(Rule.ALLOCATION, _allocation.name, row.id, sentence)
    for row in stream(session, _turned()):
        if row.turn != row.taken:
            sentence = f"очередь {row.turn}, а у счета брали {row.taken} раз"
            yield Finding(Rule.ALLOCATION, _allocation.name, row.id, sentence)
    for row in stream(session, _strange_credits()):
        sentence = "документ одного договора или получателя оплачивает счет другого"
        yield Finding(Rule.ALLOCATION, _allocation.name, row.id, sentence)


def _summed(
    table: Table,
    whole: ColumnElement[Any],
    parts: Table,
    part_of: ColumnElement[Any],
    counted: ColumnElement[bool] | None = None,
) -> Select[Any]:
    """Each row of `table` with the sum of its parts, or of those that are `counted`."""
    sums = (
        select(part_of.label("id"), func.sum(parts.c.amount).label("parts"))
        .where(true() if counted is None else counted)
        .group_by(part_of)
        .subquery()
    )
    columns = [table.c.id, whole.label("whole"), sums.c.parts]
    return select(*columns).outerjoin_from(table, sums, sums.c.id == table.c.id)


def _balanced() -> Select[Any]:
    """Documents that pay themselves, with what their lines ask for."""
    asked = case((_line.c.amount > literal(ZERO, MoneyType), _line.c.amount))
    return (
        select(
            _allocation.c.id, _allocation.c.amount, _invoice.c.total,
            func.sum(asked, type_=_line.c.amount.type).label("asked"),
        )
        .join(_invoice, _invoice.c.id == _allocation.c.invoice_id)
        .outerjoin(_line, _line.c.invoice_id == _invoice.c.id)
        .where(_allocation.c.credit_id == _allocation.c.invoice_id)
        .group_by(_allocation.c.id, _allocation.c.amount, _invoice.c.total)
    )  # fmt: skip


def _charged_lines() -> Select[Any]:
    return (
        select(
            _line.c.id, _line.c.charge_id, _line.c.volume, _line.c.price, _line.c.amount,
            _line.c.turn,
            _invoice.c.agreement_id, _charge.c.agreement_id.label("charged_agreement_id"),
            _charge.c.volume.label("charged_volume"), _charge.c.price.label("charged_price"),
            _charge.c.amount.label("charged_amount"),
        )
        .join(_invoice, _invoice.c.id == _line.c.invoice_id)
        .join(_charge, _charge.c.id == _line.c.charge_id)
    )  # fmt: skip


def _line_faults(row: Row[Any]) -> Iterator[str]:
    volume, amount = row.charged_volume, row.charged_amount
    if row.turn % 2:
        volume, amount = -volume, -amount
    if row.amount != amount:
        yield f"в строке {row.amount}, а списано {amount}"
    if (row.volume, row.price) != (volume, row.charged_price):
        yield f"объем или цена не те, что в списании {row.charge_id}"
    if row.agreement_id != row.charged_agreement_id:
        yield f"списание {row.charge_id} другого договора"


def _turned() -> Select[Any]:
    """Allocations of invoices from which something was taken, with how often until then."""
    so_far = func.count(_allocation.c.refund_id).over(
        partition_by=_allocation.c.invoice_id, order_by=_allocation.c.id
    )
    taken_from = select(_allocation.c.invoice_id).where(_allocation.c.refund_id.is_not(None))
    is_told = _allocation.c.invoice_id.in_(taken_from) | (_allocation.c.turn != 0)
    return select(_allocation.c.id, _allocation.c.turn, so_far.label("taken")).where(is_told)


def _strange_allocations() -> Select[Any]:
    return (
        select(_allocation.c.id)
        .join(_payment, _payment.c.id == _allocation.c.payment_id)
        .join(_invoice, _invoice.c.id == _allocation.c.invoice_id)
        .where(_payment.c.agreement_id != _invoice.c.agreement_id)
    )


def _strange_credits() -> Select[Any]:
    agreements = _credit.c.agreement_id != _invoice.c.agreement_id
    return (
        select(_allocation.c.id)
        .join(_credit, _credit.c.id == _allocation.c.credit_id)
        .join(_invoice, _invoice.c.id == _allocation.c.invoice_id)
        .where(agreements | _credit.c.supplier_id.is_distinct_from(_invoice.c.supplier_id))
    )
