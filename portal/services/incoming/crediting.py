"""From accepted money to the books: to an agreement, or into suspense."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select

from portal.db import journal
from portal.db.base import table_of
from portal.db.ledger import Transfer
from portal.db.notices import Event
from portal.db.parties import Agreement, Operator
from portal.db.session import Session
from portal.domain.feed import EventKind, payment_facts
from portal.domain.identity import ResidentId
from portal.domain.money import Money
from portal.services.ledger import NewPayment, ledger_accounts, post_payments
from portal.services.ledger_sides import channel_side, suspense_side
from portal.services.office.invoicing.allocating import allocate

HELD: Final = "suspense"
_agreement, _operator = table_of(Agreement), table_of(Operator)


def take_turn(session: Session, operator_id: int, agreement_id: int) -> None:
    """Payments of one agreement are allocated one after the other, and none of them while the
    office issues or cancels the operator's invoices.  SQLite's write transactions queue by
    themselves.
    """
    if session.is_postgresql:
        session.execute(_BESIDE_OTHERS, {"operator": operator_id})
        session.execute(_ALONE, {"agreement": agreement_id})


def credit(session: Session, new: NewPayment, resident: ResidentId, now: datetime) -> None:
    """Post the payment, pay open invoices with it, tell the resident."""
    post_payments(session, [new])
    allocate(session, [new.agreement_id], now)
    journal.add(
        session,
        Event,
        resident_id=resident,
        kind=EventKind.PAYMENT.value,
        happened_at=new.paid_at,
        facts=payment_facts(new.amount),
    )


def hold(
    session: Session, whose: tuple[str, int], incoming_id: int, amount: Money, at: datetime
) -> None:
    """Post an incoming of this channel into the suspense of this operator."""
    key, operator_id = whose
    debit, credit_ = channel_side(key), suspense_side(operator_id)
    sides = ledger_accounts(session, {debit, credit_})
    journal.add(
        session, Transfer, debit_id=sides[debit], credit_id=sides[credit_], amount=amount,
        code=HELD, posted_at=at, incoming_id=incoming_id,
    )  # fmt: skip


# FOR SHARE, which the office's FOR NO KEY UPDATE waits for and other payments do not.
_BESIDE_OTHERS: Final = (
    select(_operator.c.id).where(_operator.c.id == bindparam("operator")).with_for_update(read=True)
)
_ALONE: Final = (
    select(_agreement.c.id)
    .where(_agreement.c.id == bindparam("agreement"))
    .with_for_update(key_share=True)
)
