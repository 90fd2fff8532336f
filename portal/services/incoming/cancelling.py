"""Отмена: a payment system takes back a payment that it has told us of, whole and once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, select

from portal.db.base import table_of
from portal.db.incoming import Incoming
from portal.db.ledger import Payment
from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.domain.incoming import Receipt, Refusal
from portal.domain.period import Period
from portal.errors import Refused
from portal.services.incoming.accepting import is_cancelled
from portal.services.incoming.channels import Channel
from portal.services.incoming.refunding import RefundOrder, refund
from portal.services.office.billing.periods import months_of

_incoming, _payment = table_of(Incoming), table_of(Payment)


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The receipt of the payment; `resident` is whoever has lost it just now."""

    receipt: Receipt
    resident: ResidentId | None
    is_new: bool


def cancel(
    session: Session, channel: Channel, external_id: str, now: datetime
) -> Cancelled | Refusal:
    """A repeat changes nothing and is told the same.  What the books of a closed month have, or
    what went back in part already, is no longer the payment system's to take back: the operator
    refunds it himself.
    """
    asked = {"channel": channel.channel_id, "number": external_id}
    row = session.execute(_TOLD, asked).one_or_none()
    if row is None:
        return Refusal.NOTHING_TO_CANCEL
    receipt = Receipt(row.id, external_id, row.account, row.amount, row.accepted_at)
    if is_cancelled(session, channel, external_id):
        return Cancelled(receipt, None, is_new=False)
    if not channel.is_open:
        return Refusal.FORBIDDEN
    months = months_of(session, channel.operator_id)
    if months.is_closed(Period.at(row.credited_at, months.zone)):
        return Refusal.NOT_CANCELLABLE
    try:
        done = refund(session, _order(row, external_id, now), now)
    except Refused:
        return Refusal.NOT_CANCELLABLE
    return Cancelled(receipt, done.resident if done.is_new else None, done.is_new)


def _order(row: Any, external_id: str, now: datetime) -> RefundOrder:  # noqa: ANN401 - of `_TOLD`
    """Under the payment's own number; a clock of theirs may be before ours."""
    return RefundOrder(
        document=external_id,
        amount=row.amount,
        refunded_at=max(now, row.paid_at),
        payment_id=row.payment_id,
        incoming_id=row.id if row.payment_id is None else None,
    )


_TOLD: Final = (
    select(
        _incoming.c.id, _incoming.c.account, _incoming.c.amount, _incoming.c.paid_at,
        _incoming.c.accepted_at, _payment.c.id.label("payment_id"),
        func.coalesce(_payment.c.accepted_at, _incoming.c.accepted_at).label("credited_at"),
    )
    .outerjoin(_payment, _payment.c.incoming_id == _incoming.c.id)
    .where(
        _incoming.c.channel_id == bindparam("channel"),
        _incoming.c.external_id == bindparam("number"),
    )
)  # fmt: skip
