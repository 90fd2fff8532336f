"""An intent and the steps that it has taken, as the other verbs need them."""

import re
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, select

from portal.db.base import table_of
from portal.db.incoming import PayChannel
from portal.db.parties import Agreement
from portal.db.paying import Intent, IntentEvent, IntentInvoice
from portal.db.session import Session
from portal.domain.paying import PayState, Step, state_of
from portal.errors import NotFound

_intent, _event, _chosen = table_of(Intent), table_of(IntentEvent), table_of(IntentInvoice)
_channel, _agreement = table_of(PayChannel), table_of(Agreement)
# Whatever else stands in an address is nobody's name, and a database may stumble over it.
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
Steps = dict[Step, Row[Any]]
"""In the order in which they were taken."""


def intent_of(session: Session, token: str) -> Row[Any]:
    """With the number of its agreement as `account`, and its channel.  Raises NotFound."""
    is_possible = _TOKEN.fullmatch(token) is not None
    row = session.execute(_BY_TOKEN, {"token": token}).one_or_none() if is_possible else None
    if row is None:
        raise NotFound
    return row


def steps_of(session: Session, intent_id: int) -> Steps:
    rows = session.execute(_EVENTS, {"intent": intent_id})
    return {Step(row.state): row for row in rows}


def state_after(steps: Steps) -> PayState:
    return state_of(next(reversed(steps), None), has_ever_paid=Step.PAID in steps)


def external_id_of(steps: Steps) -> str | None:
    """The bank's number, once it has told one."""
    for step in (Step.PAID, Step.SENT):
        if step in steps:
            return str(steps[step].external_id)
    return None


def address_of(steps: Steps) -> str | None:
    """Where it can be paid still."""
    is_waiting = state_after(steps) is PayState.WAITING
    return steps[Step.SENT].confirmation_url if is_waiting else None


def chosen_of(session: Session, intent_id: int) -> tuple[int, ...]:
    """The invoices, in the order in which they are to be paid."""
    return tuple(session.scalars(_CHOSEN, {"intent": intent_id}))


# Made once and kept.
_BY_TOKEN: Final[Select[Any]] = (
    select(
        _intent, _agreement.c.number.label("account"), _channel.c.key.label("channel"),
        _channel.c.name.label("channel_name"),
    )
    .join(_agreement, _agreement.c.id == _intent.c.agreement_id)
    .join(_channel, _channel.c.id == _intent.c.channel_id)
    .where(_intent.c.token == bindparam("token"))
)  # fmt: skip
_EVENTS: Final = (
    select(_event).where(_event.c.intent_id == bindparam("intent")).order_by(_event.c.id)
)
_CHOSEN: Final = (
    select(_chosen.c.invoice_id)
    .where(_chosen.c.intent_id == bindparam("intent"))
    .order_by(_chosen.c.position)
)
