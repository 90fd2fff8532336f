"""Payments that were refused because their number is known: what is open, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, select

from portal.db import journal
from portal.db.base import table_of
from portal.db.incoming import Conflict, Inbox, PayChannel, Resolution
from portal.db.session import Session
from portal.domain.identity import Officer
from portal.domain.money import Money
from portal.errors import Refused
from portal.services.ids import BIGGEST
from portal.services.incoming.suspense import NOTE_MAX

_channel, _inbox = table_of(PayChannel), table_of(Inbox)
_conflict, _resolution = table_of(Conflict), table_of(Resolution)


@dataclass(frozen=True, slots=True)
class Clash:
    """A message that came under the number of another payment and was refused."""

    number: int
    channel: str
    external_id: str
    account: str
    amount: Money
    received_at: datetime


def clashes(session: Session, _officer: Officer) -> tuple[Clash, ...]:
    """Those that nobody has looked into yet, the oldest first."""
    return tuple(Clash(*row) for row in session.execute(_OPEN))


def resolve(session: Session, officer: Officer, number: int, note: str, now: datetime) -> bool:
    """Note what came of the conflict `number`; whether it was open until now.  The first note
    stays.

    Raises Refused: there is no such conflict, nothing is said.
    """
    asked = _WHETHER_RESOLVED.where(_conflict.c.id == number)
    row = session.execute(asked).one_or_none() if 0 < number <= BIGGEST else None
    if row is None:
        raise Refused(f"Отклоненного платежа {number} нет. Список: zhkh-portal suspense")
    if row.resolution_id is not None:
        return False
    journal.add(
        session, Resolution, conflict_id=number, officer=officer.name, resolved_at=now,
        note=outcome(note),
    )  # fmt: skip
    return True


def outcome(note: str) -> str:
    """Raises Refused: nothing is said, or far too much."""
    if not note.strip() or len(note) > NOTE_MAX:
        raise Refused(f"Напишите, чем кончилось, не длиннее {NOTE_MAX} знаков: --note …")
    return note.strip()


_WHETHER_RESOLVED: Final[Select[Any]] = select(
    _conflict.c.id, _resolution.c.id.label("resolution_id")
).outerjoin(_resolution, _resolution.c.conflict_id == _conflict.c.id)
_OPEN: Final[Select[Any]] = (
    select(
        _conflict.c.id, _channel.c.name, _conflict.c.external_id, _conflict.c.account,
        _conflict.c.amount, _inbox.c.received_at,
    )
    .join(_inbox, _inbox.c.id == _conflict.c.inbox_id)
    .join(_channel, _channel.c.id == _inbox.c.channel_id)
    .outerjoin(_resolution, _resolution.c.conflict_id == _conflict.c.id)
    .where(_resolution.c.id.is_(None))
    .order_by(_conflict.c.id)
)  # fmt: skip
