"""Taking a payment that a payment system has taken from a person: once, whatever it repeats."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, select

from portal.db import journal
from portal.db.base import table_of
from portal.db.incoming import Conflict, Incoming
from portal.db.ledger import Payment, Refund
from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.domain.incoming import AHEAD_MAX, Order, Receipt, Refusal, bounds_refusal
from portal.services.incoming.channels import Channel
from portal.services.incoming.crediting import credit, hold, payment_of, take_turn
from portal.services.incoming.finding import Holder, holder_of, is_same_number

_incoming, _payment, _refund = table_of(Incoming), table_of(Payment), table_of(Refund)
_conflicting = table_of(Conflict)


@dataclass(frozen=True, slots=True)
class Accepted:
    """`answer` is what the first message of this number was told; `resident` is None where the
    money is held in suspense.
    """

    receipt: Receipt
    answer: str
    resident: ResidentId | None
    is_new: bool


def accept(
    session: Session,
    channel: Channel,
    order: Order,
    inbox_id: int,
    told: Callable[[Receipt], str],
    now: datetime,
) -> Accepted | Refusal:
    """The channel's number is one payment for ever: a repeat changes nothing and finds the first
    answer.  What cannot be credited is held in suspense: a person has paid it already.
    """
    known = _known(session, channel, order.external_id)
    if known is not None and _is_same(known, order):
        return Accepted(_receipt(known), known.answer, None, is_new=False)
    if known is not None or _is_loaded(session, channel, order):
        return _conflict(session, order, inbox_id)
    refusal = _refusal(channel, order, now)
    return refusal or _taken(session, channel, order, inbox_id, told, now)


def accepted(session: Session, channel: Channel, external_id: str) -> Receipt | Refusal:
    """What a `status` is answered: writes nothing."""
    known = _known(session, channel, external_id)
    if known is None:
        return Refusal.NO_PAYMENT
    return Refusal.CANCELLED if is_cancelled(session, channel, external_id) else _receipt(known)


def is_cancelled(session: Session, channel: Channel, external_id: str) -> bool:
    asked = {"channel": channel.channel_id, "number": external_id}
    return session.execute(_CANCELLED, asked).first() is not None


def is_taken_back() -> Select[Any]:
    """The refunds by which channels took back their payments, which they do under the payments' own
    numbers, for queries over the table of incomings.
    """
    own = select(_payment.c.id).where(_payment.c.incoming_id == _incoming.c.id)
    of_it = _refund.c.payment_id.in_(own.correlate(_incoming))
    return (
        select(_refund.c.id)
        .where(
            _refund.c.external_id == _incoming.c.external_id,
            _refund.c.officer.is_(None),
            of_it | (_refund.c.incoming_id == _incoming.c.id),
        )
        .correlate(_incoming)
    )


def _taken(
    session: Session,
    channel: Channel,
    order: Order,
    inbox_id: int,
    told: Callable[[Receipt], str],
    now: datetime,
) -> Accepted:
    holder = holder_of(session, channel, order.account, now)
    if holder is not None:
        take_turn(session, channel.operator_id, holder.agreement_id)

    def row_of(number: int) -> dict[str, Any]:
        receipt = _receipt_of(number, order, now)
        return {
            "channel_id": channel.channel_id, "external_id": order.external_id,
            "account": order.account, "amount": order.amount, "paid_at": order.paid_at,
            "accepted_at": now, "answer": told(receipt), "inbox_id": inbox_id,
            "agreement_id": None if holder is None else holder.agreement_id,
        }  # fmt: skip

    number = journal.add_numbered(session, Incoming, row_of)
    _post(session, channel, holder, order, number, now)
    receipt = _receipt_of(number, order, now)
    resident = None if holder is None else holder.resident
    return Accepted(receipt, told(receipt), resident, is_new=True)


def _post(
    session: Session,
    channel: Channel,
    holder: Holder | None,
    order: Order,
    number: int,
    now: datetime,
) -> None:
    if holder is None:
        hold(session, (channel.key, channel.operator_id), number, order.amount, now)
        return
    new = payment_of(channel, order, holder.agreement_id, number, now)
    credit(session, new, holder.resident, now)


def _refusal(channel: Channel, order: Order, now: datetime) -> Refusal | None:
    """The account is no matter here: money of an unknown one is kept.

    A sum out of bounds is refused because the protocols have a word for it, and a final one (OSMP
    241 and 242, Сбербанк 10 and 11): whoever hears it gives the money back and asks no more.  Had
    he kept it all the same, his registry would say so, and a registry knows no bounds.
    """
    if not channel.is_open:
        return Refusal.FORBIDDEN
    if order.paid_at > now + AHEAD_MAX:
        return Refusal.BAD_DATE
    return bounds_refusal(order.amount, channel.amount_min, channel.amount_max)


def _conflict(session: Session, order: Order, inbox_id: int) -> Refusal:
    """A bank's answer, kept once, may be refused as often as it is heard."""
    if session.execute(_IN_CONFLICT, {"inbox": inbox_id}).first() is not None:
        return Refusal.CONFLICT
    journal.add(
        session, Conflict, inbox_id=inbox_id, external_id=order.external_id,
        account=order.account, amount=order.amount,
    )  # fmt: skip
    return Refusal.CONFLICT


def _known(session: Session, channel: Channel, external_id: str) -> Row[Any] | None:
    asked = {"channel": channel.channel_id, "number": external_id}
    return session.execute(_KNOWN, asked).one_or_none()


def _is_same(known: Row[Any], order: Order) -> bool:
    return known.amount == order.amount and is_same_number(known.account, order.account)


def _is_loaded(session: Session, channel: Channel, order: Order) -> bool:
    """Whether the operator has entered a payment of this number himself: nobody can tell whether
    it is this one.  Those that came through the channel are `_known`'s, which may just have looked
    too early to see one: then the unique key stops us, and we look again.
    """
    asked = {"channel": channel.key, "number": order.external_id}
    return session.execute(_LOADED, asked).one_or_none() is not None


def _receipt(row: Row[Any]) -> Receipt:
    return Receipt(row.id, row.external_id, row.account, row.amount, row.accepted_at)


def _receipt_of(number: int, order: Order, now: datetime) -> Receipt:
    return Receipt(number, order.external_id, order.account, order.amount, now)


# Made once and kept: they run with every message.
_KNOWN: Final = select(_incoming).where(
    _incoming.c.channel_id == bindparam("channel"), _incoming.c.external_id == bindparam("number")
)
_LOADED: Final = select(_payment.c.id).where(
    _payment.c.channel == bindparam("channel"),
    _payment.c.external_id == bindparam("number"),
    _payment.c.incoming_id.is_(None),
)
_IN_CONFLICT: Final = select(_conflicting.c.id).where(_conflicting.c.inbox_id == bindparam("inbox"))
_CANCELLED: Final = _KNOWN.where(is_taken_back().exists())
