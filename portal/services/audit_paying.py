"""What residents paid by card: each payment that an intent speaks of is there, with its sum; and so
is each refund that a bank has made of it.
"""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Row, Select, select

from portal.db.base import table_of
from portal.db.incoming import Incoming, PayChannel
from portal.db.ledger import Refund
from portal.db.parties import Agreement
from portal.db.paying import Intent, IntentEvent, RefundEvent, RefundRequest
from portal.db.session import Session
from portal.domain.giving_back import RefundStep
from portal.domain.paying import Step
from portal.services.audit_finding import Finding, Rule, stream

_intent, _event, _incoming = table_of(Intent), table_of(IntentEvent), table_of(Incoming)
_agreement, _channel, _refund = table_of(Agreement), table_of(PayChannel), table_of(Refund)
_request, _refund_event = table_of(RefundRequest), table_of(RefundEvent)


def paying_findings(session: Session) -> Iterator[Finding]:
    for row in stream(session, _PAID):
        for sentence in _faults(row):
            yield Finding(Rule.INCOMING, _intent.name, row.id, sentence)
    for row in stream(session, _GIVEN_BACK):
        if row.refunded is None:
            sentence = f"возврат {row.external_id} исполнен банком, а в книгах его нет"
            yield Finding(Rule.REFUND, _request.name, row.id, sentence)
        elif row.refunded != row.amount:
            sentence = f"просили вернуть {row.amount}, а записано {row.refunded}"
            yield Finding(Rule.REFUND, _request.name, row.id, sentence)


def _faults(row: Row[Any]) -> Iterator[str]:
    if row.owner_id != row.resident_id:
        yield "оплата начата по договору другого жильца"
    if row.state is None:
        return
    if row.incoming_id is None:
        yield f"оплата {row.external_id} зачтена, а поступления нет"
    elif row.taken != row.amount:
        yield f"начата оплата {row.amount}, а поступило {row.taken}"


_PAID: Final[Select[Any]] = (
    select(
        _intent.c.id, _intent.c.amount, _intent.c.resident_id, _event.c.state,
        _event.c.external_id, _incoming.c.id.label("incoming_id"),
        _incoming.c.amount.label("taken"), _agreement.c.resident_id.label("owner_id"),
    )
    .outerjoin(_agreement, _agreement.c.id == _intent.c.agreement_id)
    .outerjoin(
        _event, (_event.c.intent_id == _intent.c.id) & (_event.c.state == Step.PAID.value)
    )
    .outerjoin(
        _incoming,
        (_incoming.c.channel_id == _intent.c.channel_id)
        & (_incoming.c.external_id == _event.c.external_id),
    )
)  # fmt: skip
_GIVEN_BACK: Final[Select[Any]] = (
    select(
        _request.c.id, _request.c.amount, _refund_event.c.external_id,
        _refund.c.amount.label("refunded"),
    )
    .join(_channel, _channel.c.id == _request.c.channel_id)
    .join(
        _refund_event,
        (_refund_event.c.request_id == _request.c.id)
        & (_refund_event.c.state == RefundStep.DONE.value),
    )
    .outerjoin(
        _refund,
        (_refund.c.channel == _channel.c.key)
        & (_refund.c.external_id == _refund_event.c.external_id),
    )
)  # fmt: skip
