"""Photos that have been kept long enough, and those that were never sent with a reading."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from portal.db import journal
from portal.db.base import table_of
from portal.db.photos import Photo
from portal.db.session import Session
from portal.domain.identity import Officer
from portal.services import photo_files
from portal.services.photos import UNSENT_KEPT, is_unsent, own_photos

AT_ONCE = 200
"""So many a transaction: nobody's submission waits long."""
_photo = table_of(Photo)


@dataclass(frozen=True, slots=True)
class Outlived:
    """How many photos were marked as removed."""

    sent: int
    unsent: int

    @property
    def is_all(self) -> bool:
        """Whether there was room for more in this transaction, so that none is left."""
        return self.sent + self.unsent < AT_ONCE


def remove_outlived(session: Session, _officer: Officer, keep_days: int, now: datetime) -> Outlived:
    """Mark photos whose readings are older than `keep_days`, and those that nobody has sent
    with a reading for too long.
    """
    own_photos(session)
    is_old = _photo.c.taken_in_at < now - timedelta(days=keep_days)
    is_forgotten = (_photo.c.taken_in_at < now - UNSENT_KEPT) & is_unsent()
    rows = session.execute(
        select(_photo.c.id, is_unsent().label("is_unsent"))
        .where(_photo.c.removed_at.is_(None), is_old | is_forgotten)
        .order_by(_photo.c.id)
        .limit(AT_ONCE)
    ).all()
    for row in rows:
        journal.change(session, Photo, row.id, removed_at=now)
    unsent = sum(bool(row.is_unsent) for row in rows)
    return Outlived(len(rows) - unsent, unsent)


def sweep_files(session: Session, _officer: Officer, folder: Path) -> int:
    """Remove the files of which no row is left that is kept; how many.  It must not share a
    transaction with `remove_outlived`: a file does not come back when a transaction fails.
    """
    own_photos(session)
    kept = session.scalars(select(_photo.c.sha256).where(_photo.c.removed_at.is_(None)))
    return photo_files.sweep(folder, frozenset(kept))
