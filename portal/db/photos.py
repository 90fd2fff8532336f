"""Photos of meters: the rows; the pictures themselves are files named by their content."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base


class Photo(Base):
    """One picture of one resident.  `removed_at` marks a picture that is no longer kept; the row
    stays, because readings refer to it.
    """

    __tablename__ = "photo"
    __table_args__ = (
        Index(
            "uq_photo_kept",
            "resident_id",
            "sha256",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"))
    sha256: Mapped[str]
    size: Mapped[int]
    """In bytes."""
    width: Mapped[int]
    height: Mapped[int]
    source: Mapped[str]
    """By whom it was taken in, as of a reading."""
    taken_in_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
