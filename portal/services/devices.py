"""The browsers that a resident has signed in from: the brake lets them pass by a stranger's tries.

What lets somebody pass must end: with the password that it was given for, with «Выйти везде», and
when newer ones have taken its place.
"""

from collections.abc import Sequence
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import Column, Select, select

from portal.db import journal
from portal.db.access import KnownDevice
from portal.db.base import table_of
from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.services.tokens import token_digest

DEVICES_MAX = 5
"""Tokens in one browser: residents of a household who share it."""
KNOWN_MAX = 10
"""Devices of one resident; the oldest is forgotten for a newer one."""
_TOKEN_BYTES = 32

_known_device = table_of(KnownDevice)


def known_digests(
    session: Session, resident: ResidentId, tokens: Sequence[str]
) -> tuple[str | None, tuple[str, ...]]:
    """The digest of the first of a browser's tokens that is known as this resident's, and those
    of all his known devices, the oldest first; without tokens nothing is looked up.
    """
    sent = {token_digest(token) for token in tokens[:DEVICES_MAX]}
    if not sent:
        return None, ()
    digests = tuple(session.scalars(_known(resident, _known_device.c.token_digest)))
    return next((digest for digest in digests if digest in sent), None), digests


def know(session: Session, resident: ResidentId, now: datetime) -> str:
    """Always a token of our making: one that the browser brought may have been planted there."""
    token = token_urlsafe(_TOKEN_BYTES)
    journal.add(
        session,
        KnownDevice,
        token_digest=token_digest(token),
        resident_id=resident,
        created_at=now,
    )
    ids = session.scalars(_known(resident, _known_device.c.id)).all()
    _forget(session, ids[:-KNOWN_MAX], now)
    return token


def forget_all(session: Session, resident: ResidentId, now: datetime) -> None:
    """From now on every browser of the resident's is a stranger's until it signs in."""
    _forget(session, session.scalars(_known(resident, _known_device.c.id)).all(), now)


def _forget(session: Session, ids: Sequence[int], now: datetime) -> None:
    for device_id in ids:
        journal.change(session, KnownDevice, device_id, forgotten_at=now)


def _known(resident: ResidentId, column: Column[Any]) -> Select[tuple[Any]]:
    return (
        select(column)
        .where(_known_device.c.resident_id == resident, _known_device.c.forgotten_at.is_(None))
        .order_by(_known_device.c.id)
    )
