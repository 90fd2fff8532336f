"""What we have of a channel's payments, to be set beside what it says itself."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from portal.db.among import among, is_among, places_for, portions
from portal.db.base import table_of
from portal.db.incoming import Incoming
from portal.db.session import Session
from portal.domain.identity import Officer
from portal.domain.money import Money
from portal.services.incoming.accepting import is_taken_back
from portal.services.incoming.channels import Channel

_MOSCOW: Final = ZoneInfo("Europe/Moscow")
_incoming = table_of(Incoming)
_OWN: Final[Select[Any]] = select(
    _incoming.c.external_id, _incoming.c.account, _incoming.c.amount
).order_by(_incoming.c.id)


@dataclass(frozen=True, slots=True)
class Recorded:
    external_id: str
    account: str
    amount: Money


def recorded(
    session: Session,
    _officer: Officer,
    channel: Channel,
    days: tuple[date, date] | None,
    numbers: Collection[str],
) -> tuple[Recorded, ...]:
    """The channel's incomings of these days, first to last by Moscow's clock, and those with these
    numbers of whatever day: a clock that is wrong by a minute must not make two of one.  What the
    channel has taken back is none of them, unless it says that it is.
    """
    query = _OWN.where(_incoming.c.channel_id == channel.channel_id)
    found: dict[str, Recorded] = {}
    if days is not None:
        first, last = _midnight(days[0]), _midnight(days[1] + timedelta(days=1))
        of_days = query.where(
            _incoming.c.paid_at >= first, _incoming.c.paid_at < last, ~is_taken_back().exists()
        )
        found = {row.external_id: Recorded(*row) for row in session.execute(of_days)}
    for some in portions(sorted(numbers)):
        named = query.where(is_among(_incoming.c.external_id, "number", places_for(some)))
        for row in session.execute(named, among("number", some)):
            found.setdefault(row.external_id, Recorded(*row))
    return tuple(found.values())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), _MOSCOW).astimezone(UTC)
