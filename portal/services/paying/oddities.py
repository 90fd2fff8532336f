"""What a bank has told strangely, or not at all: nothing was made of it, so that people have to
look, and say what came of it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, func, literal, select

from portal.db import journal
from portal.db.base import table_of
from portal.db.incoming import Incoming, PayChannel
from portal.db.ledger import Payment
from portal.db.parties import Agreement
from portal.db.paying import BankResolution, Intent, IntentEvent, RefundEvent, RefundRequest
from portal.db.session import Session
from portal.domain.giving_back import RefundStep
from portal.domain.identity import Officer
from portal.domain.money import Money
from portal.domain.paying import Step
from portal.errors import Refused
from portal.services.ids import BIGGEST
from portal.services.incoming.resolving import outcome

PAYMENT, REFUND = "карта-", "возврат-"
"""What the number of an odd payment, and of an odd refund, begins with."""
_intent, _event = table_of(Intent), table_of(IntentEvent)
_request, _refund_event = table_of(RefundRequest), table_of(RefundEvent)
_channel, _agreement = table_of(PayChannel), table_of(Agreement)
_payment, _incoming = table_of(Payment), table_of(Incoming)
_resolution = table_of(BankResolution)


@dataclass(frozen=True, slots=True)
class Odd:
    """`number` is that of its step, by which it is resolved; `name` is what people call it by: of a
    payment the agreement, of a request its document; `external_id` is the bank's number of the
    payment, empty if nobody knows it.
    """

    number: int
    at: datetime
    channel: str
    external_id: str
    amount: Money
    name: str
    words: str


def odd_payments(session: Session, _officer: Officer) -> tuple[Odd, ...]:
    """Those that are not credited yet and nobody has looked into, the oldest first."""
    return tuple(Odd(*row) for row in session.execute(_PAYMENTS))


def odd_refunds(session: Session, _officer: Officer) -> tuple[Odd, ...]:
    """Those of which nobody knows whether the money went back, and nobody has looked into, the
    oldest first.
    """
    return tuple(Odd(*row) for row in session.execute(_REFUNDS, {"states": _UNKNOWN}))


def resolve_odd(session: Session, officer: Officer, number: str, note: str, now: datetime) -> bool:
    """Note what came of «карта-12» or «возврат-7»; whether it was open until now.  The first note
    stays.  It moves no money.

    Raises Refused: nothing odd has this number, nothing is said.
    """
    row = _odd(session, number)
    if row is None:
        raise Refused(f"Под номером {number} разбирать нечего. Список: zhkh-portal suspense")
    if row.resolution_id is not None:
        return False
    journal.add(
        session, BankResolution, officer=officer.name, resolved_at=now, note=outcome(note),
        **{row.column: row.id},
    )  # fmt: skip
    return True


def _odd(session: Session, number: str) -> Row[Any] | None:
    for start, query in _BY_NUMBER.items():
        digits = number.removeprefix(start)
        is_id = digits != number and digits.isascii() and digits.isdecimal()
        if is_id and 0 < int(digits) <= BIGGEST:
            return session.execute(query, {"id": int(digits)}).one_or_none()
    return None


def _by_number(event: Any, column: str, states: list[str]) -> Select[Any]:  # noqa: ANN401 - a table
    own = _resolution.c[column] == event.c.id
    return (
        select(event.c.id, literal(column).label("column"), _resolution.c.id.label("resolution_id"))
        .outerjoin(_resolution, own)
        .where(event.c.id == bindparam("id"), event.c.state.in_(states))
    )


_UNKNOWN: Final = [RefundStep.STRANGE.value, RefundStep.LOST.value]
_later = _event.alias("later")
_PAYMENTS: Final = (
    select(
        _event.c.id, _event.c.at, _channel.c.name, func.coalesce(_event.c.external_id, ""),
        _intent.c.amount, _agreement.c.number, func.coalesce(_event.c.words, ""),
    )
    .join(_intent, _intent.c.id == _event.c.intent_id)
    .join(_channel, _channel.c.id == _intent.c.channel_id)
    .join(_agreement, _agreement.c.id == _intent.c.agreement_id)
    .outerjoin(
        _later, (_later.c.intent_id == _intent.c.id) & (_later.c.state == Step.PAID.value)
    )
    .outerjoin(_resolution, _resolution.c.intent_event_id == _event.c.id)
    .where(
        _event.c.state == Step.STRANGE.value, _later.c.id.is_(None), _resolution.c.id.is_(None)
    )
    .order_by(_event.c.id)
)  # fmt: skip
_REFUNDS: Final = (
    select(
        _refund_event.c.id, _refund_event.c.at, _channel.c.name,
        func.coalesce(_payment.c.external_id, _incoming.c.external_id), _request.c.amount,
        _request.c.document, func.coalesce(_refund_event.c.words, ""),
    )
    .join(_request, _request.c.id == _refund_event.c.request_id)
    .join(_channel, _channel.c.id == _request.c.channel_id)
    .outerjoin(_payment, _payment.c.id == _request.c.payment_id)
    .outerjoin(_incoming, _incoming.c.id == _request.c.incoming_id)
    .outerjoin(_resolution, _resolution.c.refund_event_id == _refund_event.c.id)
    .where(
        _refund_event.c.state.in_(bindparam("states", expanding=True)), _resolution.c.id.is_(None)
    )
    .order_by(_refund_event.c.id)
)  # fmt: skip
_BY_NUMBER: Final = {
    PAYMENT: _by_number(_event, "intent_event_id", [Step.STRANGE.value]),
    REFUND: _by_number(_refund_event, "refund_event_id", _UNKNOWN),
}
