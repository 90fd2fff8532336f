"""What the bank has said becomes a step of the intent, and money in the books: once, whoever asks
and however often.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, select

from portal.db import journal
from portal.db.base import table_of
from portal.db.incoming import PayChannel
from portal.db.paying import IntentEvent
from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.domain.incoming import AHEAD_MAX, Order, Refusal
from portal.domain.paying import BankTold, Intent, PayState, Step, Verdict, judge
from portal.services.incoming import inbox
from portal.services.incoming.accepting import accept
from portal.services.incoming.channels import Channel, entered
from portal.services.paying.answers import OURS
from portal.services.paying.keeping import kept
from portal.services.paying.steps import (
    Steps,
    chosen_of,
    external_id_of,
    intent_of,
    state_after,
    steps_of,
)

WORDS_MAX: Final = 500
_channel = table_of(PayChannel)
_CHANNEL: Final = select(_channel).where(_channel.c.id == bindparam("channel"))


@dataclass(frozen=True, slots=True)
class Settled:
    """`is_new`: something has changed for the resident; `is_strange`: for people to look at."""

    resident: ResidentId
    state: PayState
    is_new: bool
    is_strange: bool = False


def settle(session: Session, token: str, told: BankTold, now: datetime) -> Settled:
    """Make of the intent what the bank says of it.  Money that was credited stays credited.

    Raises NotFound.
    """
    row = intent_of(session, token)
    steps = steps_of(session, row.id)
    if Step.PAID in steps:
        return _unchanged(row, steps)
    verdict = judge(Intent(token, row.account, row.amount, external_id_of(steps)), told)
    match verdict:
        case Verdict.CREDIT:
            return _credited(session, row, steps, told, now)
        case Verdict.CANCELED:
            return _stepped(session, row, steps, Step.CANCELED, told, now)
        case Verdict.WAIT:
            return _stepped(session, row, steps, Step.SENT, told, now)
        case Verdict.STRANGE:
            return _strange(session, row, steps, told, now)


def note_declined(session: Session, token: str, words: str, now: datetime) -> Settled:
    """The bank would not begin it: nobody was asked for money.  Raises NotFound."""
    return _ended(session, token, Step.DECLINED, words, now)


def note_unsent(session: Session, token: str, now: datetime) -> Settled:
    """The bank has never answered, and may not be asked anew: the resident never saw its page, so
    that nothing can have been paid.  Raises NotFound.
    """
    return _ended(session, token, Step.CANCELED, "банк не ответил", now)


def _ended(session: Session, token: str, step: Step, words: str, now: datetime) -> Settled:
    row = intent_of(session, token)
    steps = steps_of(session, row.id)
    if steps:
        return _unchanged(row, steps)
    _add(session, row.id, step, now, words=words[:WORDS_MAX])
    return _changed(session, row)


def _credited(
    session: Session, row: Row[Any], steps: Steps, told: BankTold, now: datetime
) -> Settled:
    """In one transaction, so that the step is there if and only if the money is."""
    channel = _taking(session, row.channel_id)
    inbox_id = _kept(session, channel, told, now)
    order = Order(
        told.external_id, row.account, row.amount, _paid_at(row, told, now),
        stated=chosen_of(session, row.id),
    )  # fmt: skip
    done = accept(session, channel, order, inbox_id, lambda _receipt: "", now)
    if isinstance(done, Refusal):
        return _stepped(session, row, steps, Step.STRANGE, told, now, done.value)
    _add(session, row.id, Step.PAID, now, external_id=told.external_id)
    return _changed(session, row)


def _strange(
    session: Session, row: Row[Any], steps: Steps, told: BankTold, now: datetime
) -> Settled:
    if Step.STRANGE not in steps:
        _kept(session, _taking(session, row.channel_id), told, now)
    words = (
        f"{told.status}, paid {told.is_paid}, {told.amount} {told.currency}, "
        f"account {told.account}, intent {told.token}"
    )
    return _stepped(session, row, steps, Step.STRANGE, told, now, words)


def _stepped(
    session: Session,
    row: Row[Any],
    steps: Steps,
    step: Step,
    told: BankTold,
    now: datetime,
    words: str | None = None,
) -> Settled:
    is_strange = step is Step.STRANGE
    if step in steps or (step is Step.SENT and steps):
        return replace(_unchanged(row, steps), is_strange=is_strange)
    _add(
        session, row.id, step, now, external_id=told.external_id,
        confirmation_url=told.confirmation_url, words=words and words[:WORDS_MAX],
    )  # fmt: skip
    return replace(_changed(session, row), is_strange=is_strange)


def _add(session: Session, intent_id: int, step: Step, now: datetime, **told: str | None) -> None:
    journal.add(session, IntentEvent, intent_id=intent_id, at=now, state=step.value, **told)


def _unchanged(row: Row[Any], steps: Steps) -> Settled:
    return Settled(ResidentId(row.resident_id), state_after(steps), is_new=False)


def _changed(session: Session, row: Row[Any]) -> Settled:
    state = state_after(steps_of(session, row.id))
    return Settled(ResidentId(row.resident_id), state, is_new=True)


def _kept(session: Session, channel: Channel, told: BankTold, now: datetime) -> int:
    """The message that the bank's word is: mostly it is kept before anybody settles it."""
    return told.kept_as or inbox.keep(session, channel, OURS, kept(told.raw), now)


def _taking(session: Session, channel_id: int) -> Channel:
    """A channel that was closed or bounded meanwhile: what was paid is paid."""
    row = session.execute(_CHANNEL, {"channel": channel_id}).one()
    return replace(entered(row), is_open=True, amount_min=None, amount_max=None)


def _paid_at(row: Row[Any], told: BankTold, now: datetime) -> datetime:
    """The bank's own moment, if it can be."""
    earliest, latest = row.created_at - AHEAD_MAX, now + AHEAD_MAX
    at = told.paid_at
    return at if at is not None and earliest <= at <= latest else now
