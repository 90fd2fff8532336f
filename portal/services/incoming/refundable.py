"""Which money an officer means by the number of a payment, as people and files know it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, CompoundSelect, bindparam, literal, null, select, union_all

from portal.db.base import table_of
from portal.db.incoming import Incoming, PayChannel
from portal.db.ledger import Payment
from portal.db.parties import Agreement
from portal.db.session import Session
from portal.domain.identity import Officer
from portal.domain.money import Money
from portal.domain.payment_order import payment_order
from portal.errors import Refused

_payment, _agreement = table_of(Payment), table_of(Agreement)
_incoming, _channel = table_of(Incoming), table_of(PayChannel)


@dataclass(frozen=True, slots=True)
class Refundable:
    """A payment, or what is held under that number; exactly one of the two ids is told."""

    payment_id: int | None
    incoming_id: int | None
    channel: str
    external_id: str
    amount: Money
    agreement: str
    """Empty of what is held."""


def refundable(session: Session, _officer: Officer, number: str, channel: str | None) -> Refundable:
    """Raises Refused: there is none, several channels have one, or several payers have numbered
    their orders alike.
    """
    found = _asked(session, _CALLED, number) or _ordered(session, number)
    fitting = [each for each in found if channel in {None, each.channel}]
    if not fitting:
        raise Refused(f"Платежа № {number} нет. Номера показаны жильцу в «Платежах»")
    if len(fitting) > 1 and any(each.external_id != number for each in fitting):
        whole = ", ".join(each.external_id for each in fitting)
        raise Refused(f"Платежей № {number} несколько. Назовите один целиком: {whole}")
    if len(fitting) > 1:
        keys = ", ".join(sorted(each.channel for each in fitting))
        raise Refused(f"Платеж № {number} есть в разных каналах: добавьте --channel. Есть: {keys}")
    return fitting[0]


def _asked(session: Session, query: CompoundSelect[Any], number: str) -> list[Refundable]:
    return [Refundable(*row) for row in session.execute(query, {"number": number})]


def _ordered(session: Session, number: str) -> list[Refundable]:
    """By the number of a payment order, which is all that its payer is shown."""
    ending = number.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    found = _asked(session, _ENDING, f"%/{ending}")
    orders = [(payment_order(each.external_id), each) for each in found]
    return [each for order, each in orders if order is not None and order.number == number]


def _called(is_this: Callable[[Any], ColumnElement[bool]]) -> CompoundSelect[Any]:
    return union_all(_PAID.where(is_this(_payment)), _HELD.where(is_this(_incoming)))


_PAID: Final = (
    select(
        _payment.c.id, null(), _payment.c.channel, _payment.c.external_id, _payment.c.amount,
        _agreement.c.number,
    )
    .join(_agreement, _agreement.c.id == _payment.c.agreement_id)
)  # fmt: skip
_HELD: Final = (
    select(
        null(), _incoming.c.id, _channel.c.key, _incoming.c.external_id, _incoming.c.amount,
        literal(""),
    )
    .join(_channel, _channel.c.id == _incoming.c.channel_id)
    .outerjoin(_payment, _payment.c.incoming_id == _incoming.c.id)
    .where(_payment.c.id.is_(None))
)  # fmt: skip
_CALLED: Final = _called(lambda table: table.c.external_id == bindparam("number"))
_ENDING: Final = _called(lambda table: table.c.external_id.like(bindparam("number"), escape="\\"))
