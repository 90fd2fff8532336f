"""What residents paid by card: each payment that an intent speaks of is there, with its sum."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Row, Select, select

from portal.db.base import table_of
from portal.db.incoming import Incoming
from portal.db.parties import Agreement
from portal.db.paying import Intent, IntentEvent
from portal.db.session import Session
from portal.domain.paying import Step
from portal.services.audit_finding import Finding, Rule, stream

_intent, _event, _incoming = table_of(Intent), table_of(IntentEvent), table_of(Incoming)
_agreement = table_of(Agreement)


def paying_findings(session: Session) -> Iterator[Finding]:
    for row in stream(session, _PAID):
        for sentence in _faults(row):
            yield Finding(Rule.INCOMING, _intent.name, row.id, sentence)


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
