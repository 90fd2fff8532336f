"""Keys of the resident's own devices, as he makes and revokes them in «Профиль».

A key is made with the password, so a new password ends it; a session neither makes nor ends one.
Only its digest is stored.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from portal.db import journal
from portal.db.access import DeviceToken
from portal.db.base import table_of
from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.domain.own_device import OwnDevice, Right
from portal.errors import Invalid, NotFound, Refused
from portal.services.tokens import token_digest

IDLE = timedelta(days=365)
NAME_MAX = 40
TOKENS_MAX = 20
_PREFIX = "zhkh_"  # what searches for leaked secrets know it by
_TOKEN_BYTES = 32
_NAME = re.compile(r"[\w .,:()«»№+/'-]+")

_token = table_of(DeviceToken)


@dataclass(frozen=True, slots=True)
class NewToken:
    """The only moment at which the key is known to the server."""

    token_id: int
    name: str
    right: Right
    secret: str = field(repr=False)


def own_devices(session: Session, resident: ResidentId, now: datetime) -> tuple[OwnDevice, ...]:
    """Those whose keys were not revoked, the newest first."""
    rows = session.execute(select(_token).where(living_of(resident)).order_by(_token.c.id.desc()))
    return tuple(
        OwnDevice(
            token_id=row.id,
            name=row.name,
            right=Right(row.scope),
            made_at=row.made_at,
            last_used_at=row.last_used_at,
            is_asleep=is_asleep(row, now),
        )
        for row in rows
    )


def make_token(
    session: Session, resident: ResidentId, name: str, right: str, now: datetime
) -> NewToken:
    """A key for one more device.

    Raises Invalid: no name, one that is taken, no such right; Refused: there are enough.
    """
    name, chosen = _name(name), _right(right)
    taken = set(session.scalars(select(_token.c.name).where(living_of(resident))))
    if name in taken:
        raise Invalid("name", "Ключ с таким названием уже есть. Отзовите его или назовите иначе")
    if len(taken) >= TOKENS_MAX:
        raise Refused(f"Ключей уже {TOKENS_MAX}. Отзовите те, которыми не пользуетесь")
    secret = _PREFIX + token_urlsafe(_TOKEN_BYTES)
    token_id = journal.add(
        session, DeviceToken, token_digest=token_digest(secret), resident_id=resident, name=name,
        scope=chosen.value, made_at=now,
    )  # fmt: skip
    return NewToken(token_id, name, chosen, secret)


def revoke_token(session: Session, resident: ResidentId, token_id: int, now: datetime) -> None:
    """From the commit on it opens nothing; one that was revoked already stays so.

    Raises NotFound: absent, or another's.
    """
    row = session.execute(
        select(_token.c.revoked_at)
        .where(_token.c.resident_id == resident, _token.c.id == token_id)
        .with_for_update(key_share=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    if row.revoked_at is None:
        journal.change(session, DeviceToken, token_id, revoked_at=now)


def revoke_all_tokens(session: Session, resident: ResidentId, now: datetime) -> int:
    """How many there were: who knew the old password may have made one."""
    living = session.scalars(
        select(_token.c.id).where(living_of(resident)).with_for_update(key_share=True)
    ).all()
    for token_id in living:
        journal.change(session, DeviceToken, token_id, revoked_at=now)
    return len(living)


def living_of(resident: ResidentId) -> ColumnElement[bool]:
    """Not revoked."""
    return (_token.c.resident_id == resident) & _token.c.revoked_at.is_(None)


def is_asleep(row: Row[Any], now: datetime) -> bool:
    """Whether nobody has used it for a year: then it opens nothing."""
    return bool(now - (row.last_used_at or row.made_at) >= IDLE)


def _name(typed: str) -> str:
    name = " ".join(typed.split()) if typed.isprintable() else typed
    if not name:
        raise Invalid("name", "Назовите устройство, например: Датчик воды")
    if len(name) > NAME_MAX:
        raise Invalid("name", f"Слишком длинное название: больше {NAME_MAX} знаков")
    if _NAME.fullmatch(name) is None:
        raise Invalid("name", "В названии могут быть буквы, цифры, пробелы, точки, дефисы и скобки")
    return name


def _right(chosen: str) -> Right:
    try:
        return Right(chosen)
    except ValueError:
        raise Invalid("right", "Выберите, что можно устройству") from None
