"""Posting what is given back: a refund debits the resident, or suspense, and credits the channel
through which the money goes.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from portal.db import journal
from portal.db.ledger import Refund, Transfer
from portal.db.session import Session
from portal.domain.money import Money
from portal.services.ledger import ledger_accounts
from portal.services.ledger_sides import Side, refund_sides

REFUND: Final = "refund"


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
