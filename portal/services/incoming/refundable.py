"""Which money an officer means by the number of a payment, as people and files know it."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, literal, null, select, union_all

from portal.db.base import table_of
from portal.db.incoming import Incoming, PayChannel
from portal.db.ledger import Payment
from portal.db.parties import Agreement
from portal.db.session import Session
from portal.domain.identity import Officer
from portal.domain.money import Money
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
    """Raises Refused: there is none, or several channels have one."""
    asked: dict[str, Any] = {"number": number}
    found = [Refundable(*row) for row in session.execute(_CALLED, asked)]
    fitting = [each for each in found if channel in {None, each.channel}]
    if not fitting:
        raise Refused(f"Платежа № {number} нет. Номера показаны жильцу в «Платежах»")
    if len(fitting) > 1:
        keys = ", ".join(sorted(each.channel for each in fitting))
        raise Refused(f"Платеж № {number} есть в разных каналах: добавьте --channel. Есть: {keys}")
    return fitting[0]


_CALLED: Final = union_all(
    select(
        _payment.c.id, null(), _payment.c.channel, _payment.c.external_id, _payment.c.amount,
        _agreement.c.number,
    )
    .join(_agreement, _agreement.c.id == _payment.c.agreement_id)
    .where(_payment.c.external_id == bindparam("number")),
    select(
        null(), _incoming.c.id, _channel.c.key, _incoming.c.external_id, _incoming.c.amount,
        literal(""),
    )
    .join(_channel, _channel.c.id == _incoming.c.channel_id)
    .outerjoin(_payment, _payment.c.incoming_id == _incoming.c.id)
    .where(_incoming.c.external_id == bindparam("number"), _payment.c.id.is_(None)),
)  # fmt: skip
