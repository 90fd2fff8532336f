"""Taking an invoice back: by another document that says the opposite."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, select

from portal.db import journal
from portal.db.base import table_of
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.db.parties import Operator
from portal.db.session import Session
from portal.domain.identity import Officer
from portal.domain.money import ZERO, Money
from portal.errors import Refused
from portal.services.office.billing.periods import REASON_MAX, Months, months_of
from portal.services.office.invoicing.allocating import allocate
from portal.services.office.invoicing.numbering import next_numbers
from portal.services.office.invoicing.remaining import turn_of

CANCELLATION: Final = "cancellation"
_OPPOSITE = ("total", "charged", "recalculated", "penalty")
_SAME = ("operator_id", "agreement_id", "supplier_id", "period", "payee", "payer")
_invoice, _line, _allocation = table_of(Invoice), table_of(InvoiceLine), table_of(Allocation)
_operator = table_of(Operator)
_TURN: Final = select(turn_of(_invoice.c.id)).where(_invoice.c.id == bindparam("invoice"))


def cancel_invoice(
    session: Session, _officer: Officer, number: str, keys: tuple[str, ...], reason: str,
    now: datetime,
) -> str:  # fmt: skip
    """The number of the cancelling document.  It settles what is unpaid of the invoice; what was
    paid of it becomes a credit that pays other invoices.

    Raises Refused: no such invoice, or more than one, or it is cancelled, or no reason is given.
    """
    if not reason.strip() or len(reason) > REASON_MAX:
        raise Refused(f"Укажите причину, не длиннее {REASON_MAX} знаков: ее увидит жилец")
    operator_id = _found(session, number, keys).operator_id
    months = months_of(session, operator_id)
    # Once more: what stands is known only now that nobody else writes.
    original = _found(session, number, keys)
    _refuse_what_is_cancelled(session, original)
    document = _document(session, months, original, now) | {"reason": reason.strip()}
    cancelling_id = journal.add(session, Invoice, **document)
    _take_lines_back(session, original.id, cancelling_id)
    _settle(session, original, cancelling_id, now)
    if original.supplier_id is None:
        allocate(session, [original.agreement_id], now)
    return str(document["number"])


def _found(session: Session, number: str, keys: tuple[str, ...]) -> Row[Any]:
    query = (
        select(_invoice)
        .join(_operator, _operator.c.id == _invoice.c.operator_id)
        .where(_invoice.c.number == number)
    )
    rows = session.execute(query.where(_operator.c.key.in_(keys)) if keys else query).all()
    if not rows:
        raise Refused(f"Счета № {number} нет")
    if len(rows) > 1:
        raise Refused(f"Счет № {number} есть у нескольких исполнителей: добавьте --operator")
    return rows[0]


def _refuse_what_is_cancelled(session: Session, original: Row[Any]) -> None:
    if original.kind == CANCELLATION:
        raise Refused(f"Счет № {original.number} сам отменяет другой, отменить его нельзя")
    by = select(_invoice.c.number).where(_invoice.c.cancels_id == original.id)
    if known := session.scalar(by):
        raise Refused(f"Счет № {original.number} уже отменен документом № {known}")


def _document(
    session: Session, months: Months, original: Row[Any], now: datetime
) -> dict[str, Any]:
    day = now.astimezone(months.zone).date()
    (number,) = next_numbers(session, months.operator_id, day.year, 1)
    same = {name: getattr(original, name) for name in _SAME}
    return same | {name: _opposite(getattr(original, name)) for name in _OPPOSITE} | {
        "kind": CANCELLATION, "cancels_id": original.id, "number": number.text,
        "year": number.year, "sequence": number.sequence, "issued_on": day, "due_on": day,
    }  # fmt: skip


def _opposite(value: Any) -> Any:  # noqa: ANN401 - of an amount or a volume, or of none
    return None if value is None else -value


def _take_lines_back(session: Session, original_id: int, cancelling_id: int) -> None:
    """Line by line in the same places, so that each charge may be asked for again."""
    lines = select(_line).where(_line.c.invoice_id == original_id).order_by(_line.c.position)
    rows = [
        {
            "invoice_id": cancelling_id, "position": row.position, "charge_id": row.charge_id,
            "name": row.name, "unit": row.unit, "price": row.price,
            "volume": _opposite(row.volume), "amount": -row.amount, "turn": row.turn + 1,
        }
        for row in session.execute(lines)
    ]  # fmt: skip
    journal.add_all(session, InvoiceLine, rows)


def _settle(session: Session, original: Row[Any], cancelling_id: int, now: datetime) -> None:
    """What of the two nothing has settled yet settles itself."""
    if original.total >= ZERO:
        credit_id, invoice_id = cancelling_id, original.id
        gone = _gone(session, "invoice_id", original.id)
    else:
        credit_id, invoice_id = original.id, cancelling_id
        gone = _gone(session, "credit_id", original.id)
    rest = max(original.total, -original.total) - gone
    if rest > ZERO:
        journal.add(
            session, Allocation, credit_id=credit_id, invoice_id=invoice_id, amount=rest,
            allocated_at=now, turn=session.scalar(_TURN, {"invoice": invoice_id}),
        )  # fmt: skip


def _gone(session: Session, column: str, invoice_id: int) -> Money:
    query = select(func.sum(_allocation.c.amount)).where(_allocation.c[column] == invoice_id)
    return session.scalar(query) or ZERO
