"""Money that a bank says it has given back, on its own or because the operator asked it to."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select

from portal.db.base import table_of
from portal.db.incoming import Incoming, PayChannel
from portal.db.ledger import Payment
from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.domain.paying import BankRefund
from portal.services.incoming.refunding import RefundOrder, refund

_incoming, _payment, _channel = table_of(Incoming), table_of(Payment), table_of(PayChannel)


def settle_refund(
    session: Session, channel_id: int, told: BankRefund, now: datetime
) -> ResidentId | None:
    """Note it in the books, once; whose page has changed.  None: nobody's, for nothing of ours
    went back.

    Raises Refused: not so much of the payment is left.
    """
    return book_refund(session, channel_id, told, now, (None, None))


def book_refund(
    session: Session,
    channel_id: int,
    told: BankRefund,
    now: datetime,
    asked_by: tuple[str | None, str | None],
) -> ResidentId | None:
    """`settle_refund` of what the officer `asked_by` wanted, and why."""
    officer, note = asked_by
    asked = {"channel": channel_id, "number": told.payment_id}
    row = session.execute(_TAKEN, asked).one_or_none()
    if row is None or told.given_back is None:
        return None
    at = told.refunded_at
    is_credited = row.payment_id is not None
    order = RefundOrder(
        document=told.external_id,
        amount=told.given_back,
        refunded_at=at if at is not None and row.paid_at <= at <= now else max(now, row.paid_at),
        payment_id=row.payment_id,
        incoming_id=None if is_credited else row.id,
        officer=officer,
        note=note,
    )
    return refund(session, order, now).resident


def is_taken(session: Session, channel_id: int, number: str) -> bool:
    """Whether the bank's payment of this number is in the books."""
    return session.execute(_TAKEN, {"channel": channel_id, "number": number}).first() is not None


def shop_of(session: Session, channel_id: int) -> tuple[str, str, str | None]:
    """The channel's key, shop and base address."""
    row = session.execute(_SHOP, {"channel": channel_id}).one()
    return row.key, row.shop_id or "", row.base_url


# Made once and kept.
_TAKEN: Final = (
    select(_incoming.c.id, _incoming.c.paid_at, _payment.c.id.label("payment_id"))
    .outerjoin(_payment, _payment.c.incoming_id == _incoming.c.id)
    .where(
        _incoming.c.channel_id == bindparam("channel"),
        _incoming.c.external_id == bindparam("number"),
    )
)
_SHOP: Final = select(_channel.c.key, _channel.c.shop_id, _channel.c.base_url).where(
    _channel.c.id == bindparam("channel")
)
