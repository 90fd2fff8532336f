"""Giving back of a payment what invoices have of it: first what no invoice has, then what was
given last.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, null, select, union_all

from portal.db import journal
from portal.db.base import table_of
from portal.db.invoices import Allocation
from portal.db.ledger import Payment, Refund
from portal.db.session import Session
from portal.db.types import MoneyType
from portal.domain.money import ZERO, Money
from portal.services.office.invoicing.remaining import left_of_payment, turn_of

_allocation, _payment, _refund = table_of(Allocation), table_of(Payment), table_of(Refund)


@dataclass(frozen=True, slots=True)
class Given:
    """What an invoice has of a payment, and how often something was taken from the invoice."""

    invoice_id: int
    amount: Money
    turn: int


def take_back(session: Session, payment_id: int, refund_id: int, now: datetime) -> Money:
    """Take from the invoices what the refund is more than the payment's rest was; how much that
    is.  The refund is stored already.
    """
    asked = {"payment": payment_id}
    lacking = -Money.total(session.scalars(_LEFT, asked))
    given = [Given(*row) for row in session.execute(_GIVEN, asked)]
    rows: list[dict[str, Any]] = [
        {
            "refund_id": refund_id, "invoice_id": one.invoice_id, "amount": -part,
            "turn": one.turn + 1, "allocated_at": now,
        }
        for one, part in _taken(given, lacking)
    ]  # fmt: skip
    journal.add_all(session, Allocation, rows)
    return Money.total(-row["amount"] for row in rows)


def _taken(given: list[Given], lacking: Money) -> Iterator[tuple[Given, Money]]:
    for one in given:
        part = min(one.amount, lacking)
        if part > ZERO:
            lacking -= part
            yield one, part


def _given() -> Select[Any]:
    """By invoice, the last one given to first."""
    given = select(_allocation.c.invoice_id, _allocation.c.amount, _allocation.c.id.label("part"))
    taken = select(_allocation.c.invoice_id, _allocation.c.amount, null()).join(
        _refund, _refund.c.id == _allocation.c.refund_id
    )
    moved = union_all(
        given.where(_allocation.c.payment_id == bindparam("payment")),
        taken.where(_refund.c.payment_id == bindparam("payment")),
    ).subquery()
    amount = func.sum(moved.c.amount)
    return (
        select(moved.c.invoice_id, amount, turn_of(moved.c.invoice_id))
        .group_by(moved.c.invoice_id)
        .having(amount > bindparam("nothing", ZERO, MoneyType))
        .order_by(func.max(moved.c.part).desc())
    )


_LEFT: Final = select(left_of_payment()).where(_payment.c.id == bindparam("payment"))
_GIVEN: Final = _given()
