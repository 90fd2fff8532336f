"""Суммы по реестрам: kept as documents that are nobody's payment, and set beside the registries
that say whose the money is, whichever comes first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, select

from portal.db import journal
from portal.db.base import table_of
from portal.db.incoming import PayChannel
from portal.db.lumps import Lump as LumpRow
from portal.db.lumps import Registry
from portal.db.session import Session
from portal.domain.identity import Officer
from portal.domain.lumps import Listed, Lump, Tie, Tied, tie
from portal.services.incoming.channels import Channel
from portal.services.incoming.inbox import keep_all

_lump, _registry, _channel = table_of(LumpRow), table_of(Registry), table_of(PayChannel)


@dataclass(frozen=True, slots=True)
class NewLump:
    """A lump of a file, which says of it what is `written`."""

    lump: Lump
    written: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the sums of a file come to: `new` are those that are not kept yet, `ties` have a
    registry, and `alone` wait for theirs.
    """

    ties: tuple[Tie, ...] = ()
    alone: tuple[Lump, ...] = ()
    new: int = 0


NOTHING: Final = Weighed()


def weigh(
    session: Session, channel: Channel, lumps: Sequence[NewLump], registry: Listed | None
) -> Weighed:
    """The sums and the registry of a file among all of its operator's: writes nothing."""
    if not lumps and registry is None:
        return NOTHING
    kept, registries = _kept(session, channel.operator_id), _taken(session, channel.operator_id)
    told = {each.lump.key: each.lump for each in lumps}
    fresh = [lump for key, lump in told.items() if key not in {each.key for each in kept}]
    digests = {each.key for each in registries}
    is_new = registry is not None and registry.key not in digests
    found = tie([*kept, *fresh], [*registries, *([registry] if registry and is_new else [])])
    own = None if registry is None else registry.key
    return Weighed(
        tuple(each for each in found.ties if each.lump.key in told or each.listed.key == own),
        tuple(lump for lump in found.alone if lump.key in told),
        len(fresh),
    )


def unlisted(session: Session, _officer: Officer, operator_id: int | None) -> tuple[Lump, ...]:
    """Those for which no registry has come yet, of this operator or of all."""
    operators = session.scalars(_OPERATORS).all() if operator_id is None else [operator_id]
    return tuple(lump for each in operators for lump in _tied(session, each).alone)


def keep_lumps(
    session: Session, channel: Channel, source: str, lumps: Iterable[NewLump], now: datetime
) -> bool:
    """Those that are not kept yet, of the file that `source` names; whether there are any."""
    asked = {"channel": channel.channel_id}
    known = set(session.scalars(_KEYS, asked))
    fresh = [each for each in lumps if each.lump.key not in known]
    messages = (f"{each.lump.words}\n{each.written}" for each in fresh)
    inbox = keep_all(session, channel, source, messages, now)
    rows = [
        {
            "channel_id": channel.channel_id, "external_id": each.lump.key,
            "number": each.lump.number, "registry_number": each.lump.registry,
            "credited_on": each.lump.day, "amount": each.lump.amount,
            "purpose": each.lump.words, "inbox_id": inbox_id,
        }
        for each, inbox_id in zip(fresh, inbox, strict=True)
    ]  # fmt: skip
    return bool(journal.add_all(session, LumpRow, rows))


def keep_registry(session: Session, channel: Channel, listed: Listed, now: datetime) -> bool:
    """Once, when its payments are taken; whether this was the time."""
    asked = {"channel": channel.channel_id, "digest": listed.key}
    if session.execute(_SAME, asked).first() is not None:
        return False
    journal.add(
        session, Registry, channel_id=channel.channel_id, digest=listed.key, name=listed.name,
        number=listed.number, ordered_on=listed.ordered_on, first_day=listed.first,
        last_day=listed.last, payments=listed.count, amount=listed.amount,
        transferred=listed.transferred, taken_at=now,
    )  # fmt: skip
    return True


def _tied(session: Session, operator_id: int) -> Tied:
    return tie(_kept(session, operator_id), _taken(session, operator_id))


def _kept(session: Session, operator_id: int) -> list[Lump]:
    return [Lump(*row) for row in session.execute(_LUMPS, {"operator": operator_id})]


def _taken(session: Session, operator_id: int) -> list[Listed]:
    return [Listed(*row) for row in session.execute(_REGISTRIES, {"operator": operator_id})]


# Made once and kept.
_OPERATORS: Final = select(_channel.c.operator_id).distinct().order_by(_channel.c.operator_id)
_KEYS: Final = select(_lump.c.external_id).where(_lump.c.channel_id == bindparam("channel"))
_SAME: Final = select(_registry.c.id).where(
    _registry.c.channel_id == bindparam("channel"), _registry.c.digest == bindparam("digest")
)
_LUMPS: Final[Select[Any]] = (
    select(
        _lump.c.external_id, _lump.c.number, _lump.c.registry_number, _lump.c.credited_on,
        _lump.c.amount, _lump.c.purpose,
    )
    .join(_channel, _channel.c.id == _lump.c.channel_id)
    .where(_channel.c.operator_id == bindparam("operator"))
    .order_by(_lump.c.id)
)  # fmt: skip
_REGISTRIES: Final[Select[Any]] = (
    select(
        _registry.c.digest, _registry.c.name, _registry.c.number, _registry.c.ordered_on,
        _registry.c.first_day, _registry.c.last_day, _registry.c.payments, _registry.c.amount,
        _registry.c.transferred,
    )
    .join(_channel, _channel.c.id == _registry.c.channel_id)
    .where(_channel.c.operator_id == bindparam("operator"))
    .order_by(_registry.c.id)
)  # fmt: skip
