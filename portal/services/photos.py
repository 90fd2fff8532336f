"""A resident's photos of his meters: taken in, attached to readings, shown to him alone."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from portal.db import journal
from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.photos import Photo
from portal.db.readings import Reading
from portal.db.session import Session
from portal.domain.deadline import TOLERANCE_DAYS_MAX
from portal.domain.identity import ResidentId
from portal.errors import NotFound, Refused
from portal.services import photo_files
from portal.services.photo_picture import Picture
from portal.services.register_state import BY_RESIDENT

UNSENT_MAX = 50
"""How many pictures without a reading a resident may leave here at a time."""
# Its reading may wait on a phone without a network, as long as any operator puts up with.
UNSENT_KEPT = timedelta(days=TOLERANCE_DAYS_MAX + 1)
_LOCK = 354_003
"""The number of PostgreSQL's advisory lock; ours alone."""
LOST = "Снимок счетчика не найден. Сфотографируйте счетчик ещё раз"

_photo, _reading = table_of(Photo), table_of(Reading)
_MINE: ColumnElement[bool] = (
    _photo.c.resident_id == bindparam("resident")
) & _photo.c.removed_at.is_(None)


def take_in(
    session: Session, resident: ResidentId, picture: Picture, folder: Path, now: datetime
) -> str:
    """Keep a picture in `folder` until a reading refers to it, a month at most; its SHA-256.  The
    same picture again is the same row and the same file.

    Raises Refused: too many pictures without a reading.
    """
    share_photos(session)
    sha256 = picture.sha256
    if sha256 not in photo_ids(session, resident, {sha256}):
        _refuse_a_hoard(session, resident, now)
        journal.add(
            session, Photo, resident_id=resident, sha256=sha256, size=len(picture.data),
            width=picture.width, height=picture.height, source=BY_RESIDENT, taken_in_at=now,
        )  # fmt: skip
    photo_files.put(folder, picture)
    return sha256


def photo_ids(session: Session, resident: ResidentId, hashes: Collection[str]) -> Mapping[str, int]:
    """The ids of those of the pictures that the resident has here."""
    if not hashes:
        return {}
    parameters = {"resident": resident} | among("sha256", sorted(hashes))
    rows = session.execute(_ids(places_for(hashes)), parameters)
    return {row.sha256: row.id for row in rows}


def photo_hash(session: Session, resident: ResidentId, photo_id: int) -> str:
    """The name of the picture's file.  Raises NotFound: another's, or no longer kept."""
    sha256 = session.scalar(_BY_ID, {"resident": resident, "photo": photo_id})
    if sha256 is None:
        raise NotFound
    return str(sha256)


def is_unsent() -> ColumnElement[bool]:
    """Over the table of photos: no reading refers to it."""
    return ~select(_reading.c.id).where(_reading.c.photo_id == _photo.c.id).exists()


def share_photos(session: Session) -> None:
    """Until the transaction ends no picture is removed.  SQLite has one writer anyway."""
    if session.is_postgresql:
        session.execute(select(func.pg_advisory_xact_lock_shared(_LOCK)))


def own_photos(session: Session) -> None:
    """Until the transaction ends nobody takes a picture in or refers to one."""
    if session.is_postgresql:
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _refuse_a_hoard(session: Session, resident: ResidentId, now: datetime) -> None:
    since = {"resident": resident, "since": now - UNSENT_KEPT}
    if (session.scalar(_UNSENT, since) or 0) >= UNSENT_MAX:
        raise Refused(
            "Слишком много снимков без показаний. Передайте показания с теми, что уже сделаны"
        )


@cache
def _ids(places: int) -> Select[Any]:
    return select(_photo.c.id, _photo.c.sha256).where(
        _MINE, is_among(_photo.c.sha256, "sha256", places)
    )


_BY_ID = select(_photo.c.sha256).where(_MINE, _photo.c.id == bindparam("photo"))
_UNSENT = (
    select(func.count())
    .select_from(_photo)
    .where(
        _MINE,
        _photo.c.taken_in_at > bindparam("since", type_=_photo.c.taken_in_at.type),
        is_unsent(),
    )
)
