"""From accepted money to the books: to an agreement, or into suspense."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Select, bindparam, select

from portal.db import journal
from portal.db.among import among, is_among, places_for, portions
from portal.db.base import table_of
from portal.db.incoming import Incoming
from portal.db.ledger import Transfer
from portal.db.notices import Event
from portal.db.parties import Agreement, Operator
from portal.db.session import Session
from portal.domain.feed import EventKind, payment_facts
from portal.domain.identity import ResidentId
from portal.domain.incoming import Order
from portal.domain.money import Money
from portal.services.incoming.channels import Channel
from portal.services.ledger import NewPayment, ledger_accounts, post_payments
from portal.services.ledger_sides import channel_side, suspense_side
from portal.services.mailing.receipts import write_receipts
from portal.services.office.invoicing.allocating import allocate

HELD: Final = "suspense"
_agreement, _operator = table_of(Agreement), table_of(Operator)
_incoming = table_of(Incoming)


def take_turn(session: Session, operator_id: int, *agreement_ids: int) -> None:
    """Payments of one agreement are allocated one after the other, and none of them while the
    office issues or cancels the operator's invoices.  SQLite's write transactions queue by
    themselves.
    """
    if session.is_postgresql:
        session.execute(_BESIDE_OTHERS, {"operator": operator_id})
        for some in portions(sorted(set(agreement_ids))):
            session.execute(_alone(places_for(some)), among("agreement", some))


def hold_still(session: Session, incoming_id: int) -> None:
    """What is held in suspense is given to an agreement or back to the payer, never both."""
    if session.is_postgresql:
        session.execute(_ONE_AT_A_TIME, {"incoming": incoming_id})


def payment_of(
    channel: Channel, order: Order, agreement_id: int, incoming_id: int, now: datetime
) -> NewPayment:
    """The payment that an incoming becomes for the agreement that it names."""
    return NewPayment(
        agreement_id=agreement_id,
        channel=channel.key,
        external_id=order.external_id,
        amount=order.amount,
        paid_at=order.paid_at,
        accepted_at=now,
        incoming_id=incoming_id,
        stated=order.stated,
    )


def credit(session: Session, new: NewPayment, resident: ResidentId, now: datetime) -> None:
    """Post the payment, pay open invoices with it, tell the resident on his pages and by mail."""
    credit_all(session, [(new, resident)], now)


def credit_all(
    session: Session, payments: Sequence[tuple[NewPayment, ResidentId]], now: datetime
) -> None:
    """`credit` of many at once, each with its resident."""
    ids = post_payments(session, [new for new, _ in payments])
    for some in portions(sorted({new.agreement_id for new, _ in payments})):
        allocate(session, some, now)
    events = [
        {
            "resident_id": resident, "kind": EventKind.PAYMENT.value, "happened_at": new.paid_at,
            "facts": payment_facts(new.amount),
        }
        for new, resident in payments
    ]  # fmt: skip
    journal.add_all(session, Event, events)
    write_receipts(session, list(zip(ids, payments, strict=True)), now)


def hold(
    session: Session, whose: tuple[str, int], incoming_id: int, amount: Money, at: datetime
) -> None:
    """Post an incoming of this channel into the suspense of this operator."""
    hold_all(session, whose, [(incoming_id, amount)], at)


def hold_all(
    session: Session, whose: tuple[str, int], incomings: Sequence[tuple[int, Money]], at: datetime
) -> None:
    """`hold` of many at once, each by its id and sum."""
    key, operator_id = whose
    debit, credit_ = channel_side(key), suspense_side(operator_id)
    sides = ledger_accounts(session, {debit, credit_})
    rows = [
        {
            "debit_id": sides[debit], "credit_id": sides[credit_], "amount": amount, "code": HELD,
            "posted_at": at, "incoming_id": incoming_id,
        }
        for incoming_id, amount in incomings
    ]  # fmt: skip
    journal.add_all(session, Transfer, rows)


# FOR SHARE, which the office's FOR NO KEY UPDATE waits for and other payments do not.
_BESIDE_OTHERS: Final = (
    select(_operator.c.id).where(_operator.c.id == bindparam("operator")).with_for_update(read=True)
)

_ONE_AT_A_TIME: Final = (
    select(_incoming.c.id)
    .where(_incoming.c.id == bindparam("incoming"))
    .with_for_update(key_share=True)
)


@cache
def _alone(places: int) -> Select[Any]:
    """In order of ids: two files with the same agreements do not wait for each other."""
    return (
        select(_agreement.c.id)
        .where(is_among(_agreement.c.id, "agreement", places))
        .order_by(_agreement.c.id)
        .with_for_update(key_share=True)
    )
