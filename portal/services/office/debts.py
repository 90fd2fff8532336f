"""What an operator's agreements owe by his own invoices, for the bank that takes the money."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, literal, select, type_coerce

from portal.db.base import table_of
from portal.db.invoices import Invoice
from portal.db.parties import Agreement, Premises, Resident
from portal.db.session import Session
from portal.db.types import MoneyType
from portal.documents.debts import DebtLine
from portal.domain.identity import Officer
from portal.domain.money import ZERO
from portal.services.audit_finding import stream
from portal.services.invoices import is_unpaid, paid_so_far

_invoice, _agreement = table_of(Invoice), table_of(Agreement)
_resident, _premises = table_of(Resident), table_of(Premises)


def debts(session: Session, _officer: Officer, operator_id: int) -> Iterator[DebtLine]:
    """In the order in which the agreements were made; one statement, a row at a time."""
    for row in stream(session, _DEBTS.params(operator=operator_id)):
        yield DebtLine(row.number, row.name, row.address or "", row.period, row.owed)


def _unpaid() -> Select[Any]:
    """Whoever is paid directly collects himself."""
    paid = func.coalesce(paid_so_far(), literal(ZERO, MoneyType))
    return select(
        _invoice.c.agreement_id,
        _invoice.c.period,
        type_coerce(_invoice.c.total - paid, MoneyType).label("rest"),
    ).where(
        _invoice.c.operator_id == bindparam("operator"),
        _invoice.c.supplier_id.is_(None),
        is_unpaid(),
    )


def _by_agreement() -> Select[Any]:
    unpaid = _unpaid().subquery()
    owed = type_coerce(func.sum(unpaid.c.rest), MoneyType).label("owed")
    whose = (_agreement.c.id, _agreement.c.number, _resident.c.name, _premises.c.address)
    return (
        select(*whose, func.max(unpaid.c.period).label("period"), owed)
        .join(unpaid, unpaid.c.agreement_id == _agreement.c.id)
        .join(_resident, _resident.c.id == _agreement.c.resident_id)
        .outerjoin(_premises, _premises.c.id == _agreement.c.premises_id)
        .group_by(*whose)
        .order_by(_agreement.c.id)
    )


_DEBTS: Final = _by_agreement()
