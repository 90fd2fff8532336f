"""Возвраты: money that goes back to its payer, of a payment or of what is held in suspense."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, select

from portal.db import journal
from portal.db.base import table_of
from portal.db.incoming import Assignment, Incoming, PayChannel
from portal.db.ledger import Payment, Refund
from portal.db.notices import Event
from portal.db.parties import Agreement
from portal.db.session import Session
from portal.domain.feed import EventKind, refund_facts
from portal.domain.identity import ResidentId
from portal.domain.incoming import AHEAD_MAX
from portal.domain.money import ZERO, Money
from portal.errors import Refused
from portal.services.incoming.crediting import hold_still, take_turn
from portal.services.ledger_refunds import NewRefund, post_refund
from portal.services.ledger_sides import resident_side, suspense_side
from portal.services.office.invoicing.allocating import allocate
from portal.services.office.invoicing.taking_back import take_back

_payment, _agreement, _refund = table_of(Payment), table_of(Agreement), table_of(Refund)
_incoming, _channel, _assignment = table_of(Incoming), table_of(PayChannel), table_of(Assignment)


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """Money that has gone back: of a payment, or of an incoming that nobody's agreement has;
    exactly one of the two is told.  `document` is the number that it has in its channel, `amount`
    None all that is left.  `officer` None: the channel itself says so.
    """

    document: str
    amount: Money | None
    refunded_at: datetime
    payment_id: int | None = None
    incoming_id: int | None = None
    officer: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Refunded:
    """`resident` is None where the money was held in suspense; `taken` came from invoices, which
    are unpaid by so much again unless another payment had a rest for them.
    """

    refund_id: int
    amount: Money
    resident: ResidentId | None
    taken: Money
    is_new: bool


def refund(session: Session, order: RefundOrder, now: datetime) -> Refunded:
    """Note that the money went back: a document of a channel does it once, however often it comes.

    Raises Refused: there is no such money, not so much of it is left, the document is known with
    another sum or of other money, or it is of a day when the money had not come.
    """
    if order.payment_id is not None:
        return _of_payment(session, order, order.payment_id, now)
    return _of_held(session, order, order.incoming_id or 0, now)


def _of_payment(session: Session, order: RefundOrder, payment_id: int, now: datetime) -> Refunded:
    row = session.execute(_PAID, {"payment": payment_id}).one_or_none()
    if row is None:
        raise Refused("Такого платежа нет")
    take_turn(session, row.operator_id, row.agreement_id)
    resident = ResidentId(row.resident_id)
    known = _known(session, row.channel, order)
    if known is not None:
        return Refunded(known.id, known.amount, resident, ZERO, is_new=False)
    amount = _fitting(row, _refunded(session, payment_id), order, now)
    whose = resident_side(row.agreement_id)
    new = _new(order, row.channel, amount, now, whose=whose)
    refund_id = post_refund(session, new)
    taken = take_back(session, payment_id, refund_id, now)
    if taken:
        # What others have left may pay what is open again.
        allocate(session, [row.agreement_id], now)
    journal.add(
        session, Event, resident_id=resident, kind=EventKind.PAYMENT.value,
        happened_at=order.refunded_at, facts=refund_facts(amount),
    )  # fmt: skip
    return Refunded(refund_id, amount, resident, taken, is_new=True)


def _of_held(session: Session, order: RefundOrder, incoming_id: int, now: datetime) -> Refunded:
    """Whole: nobody knows to whom a rest of it would belong."""
    hold_still(session, incoming_id)
    row = session.execute(_HELD, {"incoming": incoming_id}).one_or_none()
    if row is None:
        raise Refused("Такого поступления нет")
    known = _known(session, row.key, order)
    if known is not None:
        return Refunded(known.id, known.amount, None, ZERO, is_new=False)
    if row.agreement_id is not None or row.assigned_to is not None:
        raise Refused("Поступление уже на договоре: верните платеж, которым оно стало")
    amount = _fitting(row, row.refunded or ZERO, order, now)
    if amount != row.amount:
        raise Refused(f"Невыясненное поступление возвращают целиком: {row.amount}")
    new = _new(order, row.key, amount, now, whose=suspense_side(row.operator_id))
    return Refunded(post_refund(session, new), amount, None, ZERO, is_new=True)


def _fitting(row: Any, refunded: Money, order: RefundOrder, now: datetime) -> Money:  # noqa: ANN401 - a row of `_PAID` or `_HELD`
    """How much goes back of the money of `row`.  Raises Refused."""
    amount = fitting_sum(row.amount, row.amount - refunded, order.amount)
    if not row.paid_at <= order.refunded_at <= now + AHEAD_MAX:
        raise Refused("День возврата раньше платежа или ещё не наступил")
    return amount


def fitting_sum(whole: Money, left: Money, wanted: Money | None) -> Money:
    """How much of what is left of `whole` goes back; None is all of it.  Raises Refused."""
    amount = left if wanted is None else wanted
    if not left:
        raise Refused(f"{whole} уже возвращено полностью")
    if not ZERO < amount <= left:
        raise Refused(f"Вернуть можно от копейки до {left}, а не {amount}")
    return amount


def _new(
    order: RefundOrder, channel: str, amount: Money, now: datetime, *, whose: tuple[str, str]
) -> NewRefund:
    return NewRefund(
        payment_id=order.payment_id,
        incoming_id=order.incoming_id,
        whose=whose,
        channel=channel,
        external_id=order.document,
        amount=amount,
        refunded_at=order.refunded_at,
        accepted_at=now,
        officer=order.officer,
        note=order.note,
    )


def _known(session: Session, channel: str, order: RefundOrder) -> Row[Any] | None:
    """The refund of this document, if it is there.  Raises Refused: it is another one."""
    asked = {"channel": channel, "document": order.document}
    row = session.execute(_BY_DOCUMENT, asked).one_or_none()
    if row is None:
        return None
    is_same = (row.payment_id, row.incoming_id) == (order.payment_id, order.incoming_id)
    if not is_same or row.amount != (order.amount or row.amount):
        raise Refused(f"Документом «{order.document}» уже записан другой возврат: {row.amount}")
    return row


def _refunded(session: Session, payment_id: int) -> Money:
    return session.scalar(_SO_FAR, {"payment": payment_id}) or ZERO


# Made once and kept: writing them anew costs more than running them.
_PAID: Final = (
    select(
        _payment.c.agreement_id, _payment.c.channel, _payment.c.amount, _payment.c.paid_at,
        _agreement.c.operator_id, _agreement.c.resident_id,
    )
    .join(_agreement, _agreement.c.id == _payment.c.agreement_id)
    .where(_payment.c.id == bindparam("payment"))
)  # fmt: skip
_HELD: Final = (
    select(
        _channel.c.key, _channel.c.operator_id, _incoming.c.amount, _incoming.c.paid_at,
        _incoming.c.agreement_id, _assignment.c.agreement_id.label("assigned_to"),
        _refund.c.amount.label("refunded"),
    )
    .join(_channel, _channel.c.id == _incoming.c.channel_id)
    .outerjoin(_assignment, _assignment.c.incoming_id == _incoming.c.id)
    .outerjoin(_refund, _refund.c.incoming_id == _incoming.c.id)
    .where(_incoming.c.id == bindparam("incoming"))
)  # fmt: skip
_BY_DOCUMENT: Final = select(_refund).where(
    _refund.c.channel == bindparam("channel"), _refund.c.external_id == bindparam("document")
)
_SO_FAR: Final = select(func.sum(_refund.c.amount)).where(
    _refund.c.payment_id == bindparam("payment")
)
