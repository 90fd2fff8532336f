"""What a document says was owed and paid when it was issued: the books as they stood then, gone
through once more in the order in which the journal has their rows.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, case, func, null, or_, select

from portal.db.audit_records import AuditRecord
from portal.db.base import table_of
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.db.ledger import Charge, Payment, Refund
from portal.db.parties import Operator
from portal.db.session import Session
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.domain.settlement import Scheme
from portal.services.audit_finding import Finding, Rule, stream
from portal.services.ledger_settled import beginning_of

_invoice, _line, _allocation = table_of(Invoice), table_of(InvoiceLine), table_of(Allocation)
_charge, _payment, _operator = table_of(Charge), table_of(Payment), table_of(Operator)
_record, _refund = table_of(AuditRecord), table_of(Refund)
_TABLES: Final = (_charge.name, _line.name, _payment.name, _refund.name, _allocation.name)
_Key = tuple[int, int | None]
"""An agreement, and who is paid directly: None is the operator."""
_NOBODY: ColumnElement[Any] = null().label("supplier_id")
_NOT_PAID: ColumnElement[Any] = null().label("accepted_at")


@dataclass(slots=True)
class _Books:
    """What was written so far."""

    asked: dict[_Key, dict[Period, Money]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(lambda: ZERO))
    )
    paid: dict[_Key, list[tuple[datetime, Money]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def write(self, row: Row[Any]) -> None:
        """What is paid directly is not paid to the operator."""
        key = row.agreement_id, row.supplier_id
        if row.accepted_at is None:
            self.asked[key][row.period] += row.amount
            return
        self.paid[key].append((row.accepted_at, row.amount))
        if row.supplier_id is not None:
            self.paid[row.agreement_id, None].append((row.accepted_at, -row.amount))

    def owed(self, row: Row[Any]) -> tuple[Money, Money]:
        """When the month of a document began, and what was paid in it."""
        key, zone = (row.agreement_id, row.supplier_id), ZoneInfo(row.timezone)
        begins, ends = (beginning_of(row.period.shifted(months), zone) for months in (0, 1))
        before = Money.total(a for period, a in self.asked[key].items() if period < row.period)
        paid = self.paid[key]
        earlier = Money.total(amount for at, amount in paid if at < begins)
        return before - earlier, Money.total(amount for at, amount in paid if begins <= at < ends)


def figure_findings(session: Session) -> Iterator[Finding]:
    """Documents that ask for another debt than there was.  Those that were issued in one
    transaction with charges or payments are not judged: it has no order within.
    """
    documents = {row.id: row for row in stream(session, _documents())}
    if not documents:
        return
    queries = (_charges(), _lines(), _payments(), _refunds(), _direct())
    rows = {
        name: {row.id: row for row in stream(session, query)}
        for name, query in zip(_TABLES, queries, strict=True)
    }
    books = _Books()
    for record in stream(session, _records()):
        if not (record.charge or record.payment or record.refund):
            yield from _faults(books, documents, record.invoice)
        for name in _TABLES:
            for row_id in map(int, getattr(record, name) or ()):
                row = rows[name].pop(row_id, None)
                if row is not None:
                    books.write(row)


def _faults(
    books: _Books, documents: dict[int, Row[Any]], written: Mapping[str, Any] | None
) -> Iterator[Finding]:
    for row in (documents.pop(i) for i in map(int, written or ()) if i in documents):
        opening, paid = books.owed(row)
        for name, figure, known in (
            ("долг на начало", row.opening, opening), ("оплачено", row.paid, paid),
        ):  # fmt: skip
            if figure != known:
                sentence = f"{name} {figure}, а по книгам при выставлении было {known}"
                yield Finding(Rule.DOCUMENT, _invoice.name, row.id, sentence)


def _documents() -> Select[Any]:
    columns = ("id", "agreement_id", "supplier_id", "period", "opening", "paid")
    return (
        select(*(_invoice.c[name] for name in columns), _operator.c.timezone)
        .join(_operator, _operator.c.id == _invoice.c.operator_id)
        .where(_invoice.c.kind == "month", _invoice.c.opening.is_not(None))
        .where(_invoice.c.paid.is_not(None))
    )


def _charges() -> Select[Any]:
    directly = case((_charge.c.scheme == Scheme.DIRECT, _charge.c.supplier_id))
    return select(
        _charge.c.id, _charge.c.agreement_id, directly.label("supplier_id"), _charge.c.period,
        _charge.c.amount, _NOT_PAID,
    )  # fmt: skip


def _lines() -> Select[Any]:
    """For what was owed before the portal."""
    return (
        select(
            _line.c.id, _invoice.c.agreement_id, _invoice.c.supplier_id, _invoice.c.period,
            _line.c.amount, _NOT_PAID,
        )
        .join(_invoice, _invoice.c.id == _line.c.invoice_id)
        .where(_line.c.charge_id.is_(None))
    )  # fmt: skip


def _payments() -> Select[Any]:
    return select(
        _payment.c.id, _payment.c.agreement_id, _NOBODY, _payment.c.amount, _payment.c.accepted_at
    )


def _refunds() -> Select[Any]:
    amount = (-_refund.c.amount).label("amount")
    return select(
        _refund.c.id, _payment.c.agreement_id, _NOBODY, amount, _refund.c.accepted_at
    ).join(_payment, _payment.c.id == _refund.c.payment_id)


def _direct() -> Select[Any]:
    """Parts of payments that went to suppliers who are paid directly, and what came back."""
    moment = func.coalesce(_payment.c.accepted_at, _refund.c.accepted_at)
    return (
        select(
            _allocation.c.id, _invoice.c.agreement_id, _invoice.c.supplier_id,
            _allocation.c.amount, moment.label("accepted_at"),
        )
        .join(_invoice, _invoice.c.id == _allocation.c.invoice_id)
        .outerjoin(_payment, _payment.c.id == _allocation.c.payment_id)
        .outerjoin(_refund, _refund.c.id == _allocation.c.refund_id)
        .where(_invoice.c.supplier_id.is_not(None), moment.is_not(None))
    )  # fmt: skip


def _records() -> Select[Any]:
    """What each transaction wrote of these tables, in their order."""
    names = (_invoice.name, *_TABLES)
    claims = [_record.c.claims[name] for name in names]
    is_one = or_(*(claim.as_string().is_not(None) for claim in claims))
    told = [claim.label(name) for claim, name in zip(claims, names, strict=True)]
    return select(*told).where(is_one).order_by(_record.c.id)
