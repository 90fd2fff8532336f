"""Stickers with QR codes that hang on meters."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base


class Sticker(Base):
    """Наклейка of one meter; the rest of its token is the signature of `number`.  A meter has one
    that holds, however often it is printed; a revoked one stays, to be known as such.
    """

    __tablename__ = "sticker"
    __table_args__ = (
        Index(
            "uq_sticker_valid",
            "meter_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    number: Mapped[str] = mapped_column(unique=True)
    meter_id: Mapped[int] = mapped_column(ForeignKey("meter.id"))
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
