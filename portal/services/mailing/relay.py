"""The outbox as whoever carries its letters sees it: which are due, and what became of each."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, func, literal_column, select

from portal.db import journal
from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.outbox import Outbox, OutboxEvent
from portal.db.parties import Resident
from portal.db.session import Session
from portal.domain.letter import End, Letter, next_try

AT_ONCE: Final = 50
"""So many over one connection: mail servers hang up on who has more."""
_outbox, _event, _resident = table_of(Outbox), table_of(OutboxEvent), table_of(Resident)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter that is due."""

    outbox_id: int
    address: str
    letter: Letter
    message_id: str
    written_at: datetime
    is_wanted: bool
    """The resident has not said since that he wants none."""


@dataclass(frozen=True, slots=True)
class Queue:
    """The first letters that are due, and the oldest of all that have no end yet, or the one that
    will be next: who looks again soon need not look at those before it.
    """

    due: tuple[Waiting, ...]
    first_open: int


def queue(session: Session, now: datetime, since: int = 0) -> Queue:
    """Of letters from the id `since` on; in their order."""
    newest = session.scalar(_NEWEST) or 0
    first_open: int | None = None
    due: list[int] = []
    with session.execute(_OPEN, {"since": since}) as rows:
        for row in rows:
            first_open = first_open or row.id
            if _is_due(row, now):
                due.append(row.id)
            if len(due) == AT_ONCE:
                break
    letters = session.execute(_letters(places_for(due)), among("letter", due))
    return Queue(tuple(_waiting(row) for row in letters), first_open or max(since, newest + 1))


def waiting(session: Session) -> int:
    """How many letters have no end yet."""
    return session.execute(_COUNT).scalar_one()


def note_try(session: Session, outbox_id: int, state: End, words: str, now: datetime) -> End | None:
    """What a try came to; a letter that failed too often is given up.  None: it ended before."""
    before = session.execute(_EVENTS, {"letter": outbox_id}).scalars().all()
    if any(each != End.FAILED for each in before):
        return None
    number = len(before) + 1
    if state is End.FAILED and next_try(number, now) is None:
        state = End.GIVEN_UP
    journal.add(
        session, OutboxEvent, outbox_id=outbox_id, number=number, at=now, state=state.value,
        words=words,
    )  # fmt: skip
    return state


def _is_due(row: Row[Any], now: datetime) -> bool:
    if not row.failures:
        return True
    due_at = next_try(row.failures, row.last)
    return due_at is None or due_at <= now


def _waiting(row: Row[Any]) -> Waiting:
    return Waiting(
        outbox_id=row.id,
        address=row.address,
        letter=Letter(row.subject, row.body),
        message_id=row.message_id,
        written_at=row.created_at,
        is_wanted=row.wants_receipts,
    )


_end = _event.alias("ends")
_IS_OPEN: Final = ~(
    select(_end.c.id)
    .where(_end.c.outbox_id == _outbox.c.id, _end.c.state != literal_column("'failed'"))
    .exists()
)
# Made once and kept: they run every few seconds.
_NEWEST: Final = select(func.max(_outbox.c.id))
_COUNT: Final = select(func.count()).select_from(_outbox).where(_IS_OPEN)
_EVENTS: Final = select(_event.c.state).where(_event.c.outbox_id == bindparam("letter"))
_OPEN: Final = (
    select(
        _outbox.c.id, func.count(_event.c.id).label("failures"), func.max(_event.c.at).label("last")
    )
    .outerjoin(_event, _event.c.outbox_id == _outbox.c.id)
    .where(_outbox.c.id >= bindparam("since"), _IS_OPEN)
    .group_by(_outbox.c.id)
    .order_by(_outbox.c.id)
)


@cache
def _letters(places: int) -> Select[Any]:
    return (
        select(*_outbox.columns, _resident.c.wants_receipts)
        .join(_resident, _resident.c.id == _outbox.c.resident_id)
        .where(is_among(_outbox.c.id, "letter", places))
        .order_by(_outbox.c.id)
    )
