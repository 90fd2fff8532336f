"""Meter readings: a chain by date for each service of each account."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base, Facts, later
from portal.domain.quantity import Quantity


class Submission(Base):
    """One tap of «Подтвердить»: its key, what was asked, the answer that every repeat gets."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("resident_id", "key"),)

    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"))
    key: Mapped[str]
    request_digest: Mapped[str]
    answer: Mapped[Facts]
    accepted_at: Mapped[datetime]


class Reading(Base):
    """Показания.  Insert-only: a correction is a new row that supersedes; the one row that
    nothing supersedes is the accepted successor of its `previous`.

    The unique keys carry this through any race: two accepted successors of one reading cannot
    be stored, whatever the code forgot to check.
    """

    __tablename__ = "reading"
    __table_args__ = (
        UniqueConstraint("account_id", "service_id", "previous_id", "revision"),
        Index(
            "uq_reading_first",
            "account_id",
            "service_id",
            "revision",
            unique=True,
            sqlite_where=text("previous_id IS NULL"),
            postgresql_where=text("previous_id IS NULL"),
        ),
        Index("ix_reading_chain", "account_id", "service_id", "taken_on"),
        Index("ix_reading_photo", "photo_id"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    meter_id: Mapped[int | None] = mapped_column(ForeignKey("meter.id"))
    taken_on: Mapped[date]
    value: Mapped[Quantity]
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("reading.id"))
    revision: Mapped[int]
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("reading.id"), unique=True)
    source: Mapped[str]
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"))
    accepted_at: Mapped[datetime]
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photo.id"), info=later(None))
