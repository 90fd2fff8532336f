"""The machines' door: a key in, whose device it is out.

Each use is counted on the key's own row, in place: that survives a restart and leaves nothing
behind.  A wrong key is counted by the brake, apart from passwords: a device that was forgotten in
a cupboard keeps nobody from signing in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from portal.db import journal
from portal.db.access import DeviceToken
from portal.db.base import table_of
from portal.db.parties import Resident
from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.domain.own_device import Right
from portal.errors import PortalError
from portal.services import brake
from portal.services.brake import Guesser, TooManyAttempts
from portal.services.device_tokens import is_asleep, living_of
from portal.services.tokens import token_digest

PACE = timedelta(seconds=5)
"""One request in so long, on the average."""
AT_ONCE_MAX = 60
"""So many may come at once after a silence."""
_DOOR = "devices"

_token, _resident = table_of(DeviceToken), table_of(Resident)
# Made once and kept: it runs with every request.
_BY_DIGEST = (
    select(_token, _resident.c.must_change_password)
    .join(_resident, _resident.c.id == _token.c.resident_id)
    .where(_token.c.token_digest == bindparam("digest"))
)


class NotLetIn(PortalError):
    """No key, or one that opens nothing now."""

    def __init__(self, *, is_empty: bool = False) -> None:
        super().__init__(
            "Нужен ключ устройства в заголовке Authorization"
            if is_empty
            else "Ключ неизвестен или больше не действует. Создайте новый в разделе «Профиль»"
        )
        self.is_empty = is_empty


class NotAllowed(PortalError):
    """The key opens less than what was asked for."""

    def __init__(self) -> None:
        super().__init__(
            "Этот ключ только показывает. Чтобы передавать показания, создайте ключ с таким правом"
        )


@dataclass(frozen=True, slots=True)
class Entered:
    """A device whose key opened the door."""

    token_id: int
    resident: ResidentId
    right: Right


def knock(session: Session, secret: bytes, token: str, address: str, now: datetime) -> None:
    """Whether it is worth the database's one writer to `enter`: changes nothing.

    Raises NotLetIn, TooManyAttempts.
    """
    row = _find(session, token)
    if row is None:
        brake.judge(session, _guesser(secret, token, address), now)
    elif not _is_alive(row, now):
        raise NotLetIn
    else:
        _paced(row, now)


def enter(
    session: Session, secret: bytes, token: str, address: str, now: datetime
) -> Entered | None:
    """Count one use of a key; of a wrong one, which answers None, a failure.

    Raises NotLetIn, TooManyAttempts.
    """
    row = _find(session, token, is_locked=True)
    if row is None:
        brake.begin(session, _guesser(secret, token, address), now)
        return None
    if not _is_alive(row, now):
        raise NotLetIn
    session.execute(
        update(_token)
        .where(_token.c.id == row.id)
        .values(last_used_at=now, paced_until=_paced(row, now))
    )
    return Entered(row.id, ResidentId(row.resident_id), Right(row.scope))


def hold_token(session: Session, resident: ResidentId, token_id: int) -> None:
    """Let nobody revoke it until this transaction ends.  Raises NotLetIn: somebody just has."""
    held = (
        select(_token.c.id)
        .where(living_of(resident), _token.c.id == token_id)
        .with_for_update(key_share=True)
    )
    if session.execute(held).one_or_none() is None:
        raise NotLetIn
    journal.note(session, device_token=token_id)


def _find(session: Session, token: str, *, is_locked: bool = False) -> Row[Any] | None:
    query = _BY_DIGEST.with_for_update(of=_token, key_share=True) if is_locked else _BY_DIGEST
    return session.execute(query, {"digest": token_digest(token)}).one_or_none()


def _is_alive(row: Row[Any], now: datetime) -> bool:
    """An initial password is known to others too: with it no key opens anything."""
    is_open = row.revoked_at is None and not row.must_change_password
    return is_open and not is_asleep(row, now)


def _paced(row: Row[Any], now: datetime) -> datetime:
    """The moment from which on it is silence again, after one more request: the generic cell
    rate algorithm of ITU-T I.371, annex A.

    Raises TooManyAttempts.
    """
    begins = max(now, row.paced_until or now)
    wait = begins - now - PACE * (AT_ONCE_MAX - 1)
    if wait > timedelta():
        raise TooManyAttempts(wait)
    return begins + PACE


def _guesser(secret: bytes, token: str, address: str) -> Guesser:
    return Guesser(brake.subject_of(secret, "key", token_digest(token)), address, door=_DOOR)
