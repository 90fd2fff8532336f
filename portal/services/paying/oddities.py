"""What a bank has told strangely, or not at all: nothing was made of it, so that people have to
look.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select

from portal.db.base import table_of
from portal.db.incoming import Incoming, PayChannel
from portal.db.ledger import Payment
from portal.db.parties import Agreement
from portal.db.paying import Intent, IntentEvent, RefundEvent, RefundRequest
from portal.db.session import Session
from portal.domain.giving_back import RefundStep
from portal.domain.identity import Officer
from portal.domain.money import Money
from portal.domain.paying import Step

_intent, _event = table_of(Intent), table_of(IntentEvent)
_request, _refund_event = table_of(RefundRequest), table_of(RefundEvent)
_channel, _agreement = table_of(PayChannel), table_of(Agreement)
_payment, _incoming = table_of(Payment), table_of(Incoming)


@dataclass(frozen=True, slots=True)
class Odd:
    """`name` is what people call it by: of a payment the agreement, of a request its document;
    `external_id` is the bank's number of the payment, empty if nobody knows it.
    """

    at: datetime
    channel: str
    external_id: str
    amount: Money
    name: str
    words: str


def odd_payments(session: Session, _officer: Officer) -> tuple[Odd, ...]:
    """Those that are not credited yet, the oldest first."""
    return tuple(Odd(*row) for row in session.execute(_PAYMENTS))


def odd_refunds(session: Session, _officer: Officer) -> tuple[Odd, ...]:
    """Those of which nobody knows whether the money went back, the oldest first."""
    return tuple(Odd(*row) for row in session.execute(_REFUNDS, {"states": _UNKNOWN}))


_UNKNOWN: Final = [RefundStep.STRANGE.value, RefundStep.LOST.value]
_later = _event.alias("later")
_PAYMENTS: Final = (
    select(
        _event.c.at, _channel.c.name, func.coalesce(_event.c.external_id, ""), _intent.c.amount,
        _agreement.c.number, func.coalesce(_event.c.words, ""),
    )
    .join(_intent, _intent.c.id == _event.c.intent_id)
    .join(_channel, _channel.c.id == _intent.c.channel_id)
    .join(_agreement, _agreement.c.id == _intent.c.agreement_id)
    .outerjoin(
        _later, (_later.c.intent_id == _intent.c.id) & (_later.c.state == Step.PAID.value)
    )
    .where(_event.c.state == Step.STRANGE.value, _later.c.id.is_(None))
    .order_by(_event.c.id)
)  # fmt: skip
_REFUNDS: Final = (
    select(
        _refund_event.c.at, _channel.c.name,
        func.coalesce(_payment.c.external_id, _incoming.c.external_id), _request.c.amount,
        _request.c.document, func.coalesce(_refund_event.c.words, ""),
    )
    .join(_request, _request.c.id == _refund_event.c.request_id)
    .join(_channel, _channel.c.id == _request.c.channel_id)
    .outerjoin(_payment, _payment.c.id == _request.c.payment_id)
    .outerjoin(_incoming, _incoming.c.id == _request.c.incoming_id)
    .where(_refund_event.c.state.in_(bindparam("states", expanding=True)))
    .order_by(_refund_event.c.id)
)  # fmt: skip
