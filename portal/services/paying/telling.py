"""What a resident is told of a payment that he has begun."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, select

from portal.db.base import table_of
from portal.db.incoming import Incoming
from portal.db.invoices import Allocation, Invoice
from portal.db.ledger import Payment, Refund
from portal.db.paying import BankResolution, IntentInvoice
from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.domain.money import ZERO, Money
from portal.domain.paying import PayState, PayTold, Step, Way, looked_into
from portal.errors import NotFound
from portal.services.paying.steps import (
    Steps,
    address_of,
    external_id_of,
    intent_of,
    state_after,
    steps_of,
)

_chosen, _invoice, _allocation = table_of(IntentInvoice), table_of(Invoice), table_of(Allocation)
_incoming, _payment, _refund = table_of(Incoming), table_of(Payment), table_of(Refund)
_resolution = table_of(BankResolution)


def told(session: Session, resident: ResidentId, token: str) -> PayTold:
    """Raises NotFound: there is none, or it is another's."""
    row = intent_of(session, token)
    if row.resident_id != resident:
        raise NotFound
    steps = steps_of(session, row.id)
    state = state_after(steps)
    shown = PayTold(
        token=token,
        agreement=row.account,
        amount=row.amount,
        way=Way(row.way),
        channel=row.channel_name,
        state=state,
        begun_at=row.created_at,
        ended_at=_ended_at(state, steps),
        external_id=external_id_of(steps),
        confirmation_url=address_of(steps),
        invoices=tuple(session.scalars(_CHOSEN, {"intent": row.id})),
    )
    if state is PayState.DONE:
        return _with_receipt(session, row, shown)
    odd = steps.get(Step.STRANGE)
    return shown if odd is None else _with_outcome(session, odd.id, shown)


def _with_outcome(session: Session, step_id: int, shown: PayTold) -> PayTold:
    """People may have looked into what nobody could make anything of."""
    row = session.execute(_OUTCOME, {"step": step_id}).one_or_none()
    return shown if row is None else looked_into(shown, row.resolved_at, row.note)


def _with_receipt(session: Session, row: Row[Any], shown: PayTold) -> PayTold:
    """Money in suspense pays nothing yet, and what went back pays nothing any more."""
    asked = {"channel": row.channel_id, "number": shown.external_id}
    taken = session.execute(_TAKEN, asked).one()
    if taken.payment_id is None:
        return replace(shown, number=taken.id)
    refunded = session.scalar(_REFUNDED, {"payment": taken.payment_id}) or ZERO
    parts = session.execute(_APPLIED, {"payment": taken.payment_id}).all()
    return replace(
        shown,
        number=taken.id,
        applied_to=tuple(part.number for part in parts if part.amount > ZERO),
        advance=row.amount - refunded - Money.total(part.amount for part in parts),
        refunded=refunded,
    )


def _ended_at(state: PayState, steps: Steps) -> datetime | None:
    if state in {PayState.WAITING, PayState.CHECKING}:
        return None
    last = Step.PAID if state is PayState.DONE else next(reversed(steps))
    at: datetime = steps[last].at
    return at


# Made once and kept.
_CHOSEN: Final = (
    select(_invoice.c.number)
    .join(_chosen, _chosen.c.invoice_id == _invoice.c.id)
    .where(_chosen.c.intent_id == bindparam("intent"))
    .order_by(_chosen.c.position)
)
_OUTCOME: Final = select(_resolution.c.resolved_at, _resolution.c.note).where(
    _resolution.c.intent_event_id == bindparam("step")
)
_TAKEN: Final = (
    select(_incoming.c.id, _payment.c.id.label("payment_id"))
    .outerjoin(_payment, _payment.c.incoming_id == _incoming.c.id)
    .where(
        _incoming.c.channel_id == bindparam("channel"),
        _incoming.c.external_id == bindparam("number"),
    )
)
_OF_REFUNDS: Final = select(_refund.c.id).where(_refund.c.payment_id == bindparam("payment"))
_APPLIED: Final = (
    select(_invoice.c.number, func.sum(_allocation.c.amount).label("amount"))
    .join(_allocation, _allocation.c.invoice_id == _invoice.c.id)
    .where(
        (_allocation.c.payment_id == bindparam("payment"))
        | _allocation.c.refund_id.in_(_OF_REFUNDS)
    )
    .group_by(_invoice.c.id, _invoice.c.number)
    .order_by(func.min(_allocation.c.id))
)
_REFUNDED: Final = select(func.sum(_refund.c.amount)).where(
    _refund.c.payment_id == bindparam("payment")
)
