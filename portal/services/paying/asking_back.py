"""Requests that a bank gives money back: judged and stored before the bank is asked."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, select

from portal.db import journal
from portal.db.base import table_of
from portal.db.incoming import PayChannel
from portal.db.ledger import Payment, Refund
from portal.db.parties import Agreement
from portal.db.paying import RefundEvent, RefundRequest
from portal.db.session import Session
from portal.domain.giving_back import RefundStep
from portal.domain.identity import Officer
from portal.domain.incoming import Unspoken
from portal.domain.money import ZERO, Money
from portal.errors import Refused
from portal.services.incoming.crediting import hold_still, take_turn
from portal.services.incoming.refundable import Refundable
from portal.services.incoming.refunding import fitting_sum
from portal.services.incoming.suspense import NOTE_MAX

DOCUMENT_MAX: Final = 100
_TOKEN_BYTES: Final = 24
_request, _event = table_of(RefundRequest), table_of(RefundEvent)
_channel, _refund = table_of(PayChannel), table_of(Refund)
_payment, _agreement = table_of(Payment), table_of(Agreement)


@dataclass(frozen=True, slots=True)
class BackOrder:
    """What an officer wants back; `amount` None is all that is left, `document` his own name of the
    request.
    """

    money: Refundable
    amount: Money | None
    document: str
    note: str


@dataclass(frozen=True, slots=True)
class Requested:
    """`is_new`: nobody can have asked the bank yet."""

    token: str
    is_new: bool


def is_through_bank(session: Session, channel: str) -> bool:
    """Whether a bank took the money of this channel, and has to be asked to give it back."""
    return session.execute(_BANKS, {"key": channel}).first() is not None


def ask_back(session: Session, officer: Officer, order: BackOrder, now: datetime) -> Requested:
    """Store the request; nothing has been asked of the bank yet.  The same again is the same.

    Raises Refused: not so much is left, under this document other money was asked for, no reason.
    """
    _judge_words(order)
    channel_id = session.execute(_BANKS, {"key": order.money.channel}).scalar_one()
    _take_turn(session, order.money)
    asked = {"channel": channel_id, "document": order.document}
    first = session.execute(_BY_DOCUMENT, asked).one_or_none()
    if first is not None:
        return Requested(_repeated(first, order), is_new=False)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    journal.add(
        session, RefundRequest, token=token, channel_id=channel_id,
        payment_id=order.money.payment_id, incoming_id=order.money.incoming_id,
        document=order.document, amount=_judged_sum(session, order), officer=officer.name,
        note=order.note, created_at=now,
    )  # fmt: skip
    return Requested(token, is_new=True)


def _judge_words(order: BackOrder) -> None:
    if not order.document.strip() or len(order.document) > DOCUMENT_MAX:
        raise Refused(f"Назовите документ не длиннее {DOCUMENT_MAX} знаков: --document …")
    if not order.note.strip() or len(order.note) > NOTE_MAX:
        raise Refused(f"Напишите, почему возвращаете, не длиннее {NOTE_MAX} знаков: --note …")


def _take_turn(session: Session, money: Refundable) -> None:
    """Of two requests for the same money the second sees the first."""
    if money.payment_id is None:
        hold_still(session, money.incoming_id or 0)
        return
    whose = session.execute(_WHOSE, {"payment": money.payment_id}).one()
    take_turn(session, whose.operator_id, whose.id)


def _repeated(first: Row[Any], order: BackOrder) -> str:
    # What was held then may be a payment now: the bank's number is the same.
    is_same = first.payment_id in {None, order.money.payment_id} and first.incoming_id in {
        None, order.money.incoming_id or first.incoming_id,
    }  # fmt: skip
    if not is_same or first.amount != (order.amount or first.amount):
        raise Refused(f"Документом «{order.document}» уже просили вернуть другое: {first.amount}")
    return str(first.token)


def _judged_sum(session: Session, order: BackOrder) -> Money:
    """What was asked for already, and has no end, may be gone."""
    asked = {"payment": order.money.payment_id, "incoming": order.money.incoming_id}
    spent = (session.scalar(each, asked) or ZERO for each in (_GONE, _ASKED))
    left = order.money.amount - Money.total(spent)
    amount = fitting_sum(order.money.amount, left, order.amount)
    if order.money.payment_id is None and amount != order.money.amount:
        raise Refused(f"Невыясненное поступление возвращают целиком: {order.money.amount}")
    return amount


# Made once and kept.
_BANKS: Final = select(_channel.c.id).where(
    _channel.c.key == bindparam("key"), _channel.c.dialect == Unspoken.YOOKASSA.value
)
_BY_DOCUMENT: Final = select(_request).where(
    _request.c.channel_id == bindparam("channel"), _request.c.document == bindparam("document")
)
_WHOSE: Final = (
    select(_agreement.c.id, _agreement.c.operator_id)
    .join(_payment, _payment.c.agreement_id == _agreement.c.id)
    .where(_payment.c.id == bindparam("payment"))
)
_GONE: Final = select(func.sum(_refund.c.amount)).where(
    (_refund.c.payment_id == bindparam("payment", type_=_refund.c.payment_id.type))
    | (_refund.c.incoming_id == bindparam("incoming", type_=_refund.c.incoming_id.type))
)
_ASKED: Final = select(func.sum(_request.c.amount)).where(
    (_request.c.payment_id == bindparam("payment", type_=_request.c.payment_id.type))
    | (_request.c.incoming_id == bindparam("incoming", type_=_request.c.incoming_id.type)),
    ~select(_event.c.id)
    .where(_event.c.request_id == _request.c.id, _event.c.state != RefundStep.SENT.value)
    .exists(),
)
