"""What went on to a supplier was there: remittances in the order in which they were noted, between
what was shared before them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Select, select

from portal.db.audit_records import AuditRecord
from portal.db.base import table_of
from portal.db.invoices import Invoice, InvoiceLine
from portal.db.ledger import Charge
from portal.db.session import Session
from portal.db.settlements import Remittance, Share
from portal.domain.money import ZERO, Money
from portal.domain.settlement import Scheme, transfer
from portal.services.audit_finding import Finding, Rule, stream
from portal.services.office.settling.agreed import of_lines

_invoice, _line, _share = table_of(Invoice), table_of(InvoiceLine), table_of(Share)
_charge, _remittance, _record = table_of(Charge), table_of(Remittance), table_of(AuditRecord)
_Parties = tuple[int, int]
"""The ids of the operator and of the supplier."""
_Moved = Mapping[int, tuple[_Parties, Money]]


def remittance_findings(session: Session) -> Iterator[Finding]:
    """Remittances of more than lay with the operator when they were noted, or returns of more than
    the supplier owed; the journal knows the order.
    """
    sent = {
        row.id: ((row.operator_id, row.supplier_id), row.amount)
        for row in stream(session, select(_remittance))
    }
    if not sent:
        return
    shared = {
        row.id: ((row.operator_id, row.supplier_id), row.amount - row.commission)
        for row in stream(session, _shares())
    }
    held: dict[_Parties, Money] = defaultdict(lambda: ZERO)
    for row in stream(session, _records()):
        for parties, amount in _written(row.shares, shared):
            held[parties] += amount
        for remittance_id in sorted(map(int, row.remittances or {})):
            parties, amount = sent.get(remittance_id, ((0, 0), ZERO))
            if sentence := _fault(held[parties], amount):
                yield Finding(Rule.SETTLEMENT, _remittance.name, remittance_id, sentence)
            held[parties] -= amount


def _fault(held: Money, amount: Money) -> str:
    try:
        transfer(held, amount)
    except ValueError:
        return f"перечислено {amount}, а к перечислению тогда было {held}"
    return ""


def _written(claims: Mapping[str, Any] | None, known: _Moved) -> Iterator[tuple[_Parties, Money]]:
    """Rows that are gone, and those of no supplier, are left out."""
    return (known[int(row_id)] for row_id in claims or {} if int(row_id) in known)


def _shares() -> Select[Any]:
    """What of the money that came in is the suppliers'."""
    columns = (
        _share.c.id, _share.c.amount, _share.c.commission, _invoice.c.operator_id,
        _charge.c.supplier_id,
    )  # fmt: skip
    return (
        of_lines(*columns)
        .join(_share, _share.c.invoice_line_id == _line.c.id)
        .where(_charge.c.scheme == Scheme.AGENCY)
    )


def _records() -> Select[Any]:
    """Of transactions that shared or remitted something, in their order."""
    shares, remittances = (_record.c.claims[table.name] for table in (_share, _remittance))
    is_one = shares.as_string().is_not(None) | remittances.as_string().is_not(None)
    return (
        select(shares.label("shares"), remittances.label("remittances"))
        .where(is_one)
        .order_by(_record.c.id)
    )
