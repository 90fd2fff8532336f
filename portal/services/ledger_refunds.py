"""Posting what is given back: a refund debits the resident, or suspense, and credits the channel
through which the money goes.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, func, literal, select

from portal.db import journal
from portal.db.base import table_of
from portal.db.ledger import Payment, Refund, Transfer
from portal.db.session import Session
from portal.db.types import MoneyType
from portal.domain.money import ZERO, Money
from portal.services.ledger import ledger_accounts
from portal.services.ledger_sides import Side, refund_sides

REFUND: Final = "refund"
_payment, _refund = table_of(Payment), table_of(Refund)
_NOTHING: Final = literal(ZERO, MoneyType)


@dataclass(frozen=True, slots=True)
class NewRefund:
    """A refund to be posted; exactly one of the ids of a payment and of what is held is told.
    `whose` is the side that has the money: the resident's, or the suspense of an operator.
    """

    payment_id: int | None
    incoming_id: int | None
    whose: Side
    channel: str
    external_id: str
    amount: Money
    refunded_at: datetime
    accepted_at: datetime
    officer: str | None = None
    note: str | None = None


_COLUMNS: Final = tuple(name for name in NewRefund.__slots__ if name != "whose")


def given_back(until: ColumnElement[datetime] | None = None) -> ColumnElement[Money]:
    """What has gone back of a payment, for queries over the payment table: at all, or before
    `until` was over.
    """
    sums: Any = select(func.coalesce(func.sum(_refund.c.amount), _NOTHING)).where(
        _refund.c.payment_id == _payment.c.id
    )
    if until is None:
        return sums.correlate(_payment).scalar_subquery()  # type: ignore[no-any-return] # of sums
    by_then = sums.where(_refund.c.accepted_at <= until)
    return by_then.correlate(_payment, until.table).scalar_subquery()  # type: ignore[no-any-return] # of sums


def post_refund(session: Session, new: NewRefund) -> int:
    """Store it with its transfer; its id."""
    refund_id = journal.add(session, Refund, **{name: getattr(new, name) for name in _COLUMNS})
    debit, credit = refund_sides(new.whose, new.channel)
    sides = ledger_accounts(session, {debit, credit})
    journal.add(
        session, Transfer, debit_id=sides[debit], credit_id=sides[credit], amount=new.amount,
        code=REFUND, posted_at=new.accepted_at, refund_id=refund_id,
    )  # fmt: skip
    return refund_id
