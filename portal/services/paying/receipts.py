"""What residents are told of the payments that they began: one, those that are awaited, and which
payment of the history has a receipt.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Row, Select, and_, bindparam, select

from portal.db.base import table_of
from portal.db.incoming import Incoming, PayChannel
from portal.db.ledger import Payment
from portal.db.parties import Agreement
from portal.db.paying import BankResolution, Intent, IntentEvent
from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.domain.paying import PayState, PayTold, Step, Way, looked_into, state_of
from portal.services.agreements import agreements
from portal.services.invoices import unpaid_invoices
from portal.services.paying.telling import told

AWAITED: Final = timedelta(days=7)
"""An open payment that is older says nothing to anybody: its page still stands."""
_OPEN: Final = frozenset({PayState.WAITING, PayState.CHECKING})
_intent, _event = table_of(Intent), table_of(IntentEvent)
_channel, _agreement = table_of(PayChannel), table_of(Agreement)
_incoming, _payment = table_of(Incoming), table_of(Payment)
_resolution = table_of(BankResolution)


@dataclass(frozen=True, slots=True)
class Again:
    """How the same would be paid anew: what of it is still unpaid."""

    agreement_id: int | None = None
    invoice_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Begun:
    """`receipts` are the tokens of payments that are in the history, by their ids; `awaited` is
    what the bank has not decided yet, `cleared` what people have looked into lately; newest first.
    """

    receipts: Mapping[int, str] = field(default_factory=dict)
    awaited: tuple[PayTold, ...] = ()
    cleared: tuple[PayTold, ...] = ()


def pay_receipt(session: Session, resident: ResidentId, token: str) -> tuple[PayTold, Again]:
    """Raises NotFound: there is none, or it is another's."""
    shown = told(session, resident, token)
    is_over = shown.state in {PayState.CANCELED, PayState.REFUSED, PayState.RESOLVED}
    return shown, _again(session, resident, shown) if is_over else Again()


def begun(session: Session, resident: ResidentId, now: datetime) -> Begun:
    """One statement, however many there are."""
    rows = session.execute(_MINE, {"resident": resident}).all()
    receipts = {row.payment_id: row.token for row in rows if row.payment_id is not None}
    shown = [_told(list(steps)) for _, steps in groupby(rows, attrgetter("id"))]
    lately = [each for each in reversed(shown) if now - (each.ended_at or each.begun_at) < AWAITED]
    return Begun(
        receipts,
        tuple(each for each in lately if each.state in _OPEN),
        tuple(each for each in lately if each.state is PayState.RESOLVED),
    )


def _told(steps: list[Row[Any]]) -> PayTold:
    """As a list shows it: what its page says beside is left out."""
    row, taken = steps[-1], {each.state for each in steps}
    state = state_of(Step(row.state) if row.state else None, has_ever_paid=Step.PAID in taken)
    shown = PayTold(
        token=row.token,
        agreement=row.number,
        amount=row.amount,
        way=Way(row.way),
        channel=row.name,
        state=state,
        begun_at=row.created_at,
    )
    odd = next((each for each in steps if each.note is not None), row)
    return looked_into(shown, odd.resolved_at, odd.note)


def _again(session: Session, resident: ResidentId, shown: PayTold) -> Again:
    own = agreements(session, resident)
    agreement = next(each.id for each in own if each.title == shown.agreement)
    ids = (
        each.invoice_id
        for each in unpaid_invoices(session, resident)
        if each.agreement == shown.agreement and each.number in shown.invoices
    )
    return Again(agreement, tuple(ids))


# Made once and kept.
_MINE: Final[Select[Any]] = (
    select(
        _intent.c.id, _intent.c.token, _intent.c.amount, _intent.c.way, _intent.c.created_at,
        _agreement.c.number, _channel.c.name, _event.c.state, _payment.c.id.label("payment_id"),
        _resolution.c.note, _resolution.c.resolved_at,
    )
    .join(_agreement, _agreement.c.id == _intent.c.agreement_id)
    .join(_channel, _channel.c.id == _intent.c.channel_id)
    .outerjoin(_event, _event.c.intent_id == _intent.c.id)
    .outerjoin(_resolution, _resolution.c.intent_event_id == _event.c.id)
    .outerjoin(
        _incoming,
        and_(
            _event.c.state == Step.PAID,
            _incoming.c.channel_id == _intent.c.channel_id,
            _incoming.c.external_id == _event.c.external_id,
        ),
    )
    .outerjoin(_payment, _payment.c.incoming_id == _incoming.c.id)
    .where(_intent.c.resident_id == bindparam("resident"))
    .order_by(_intent.c.id, _event.c.id)
)  # fmt: skip
