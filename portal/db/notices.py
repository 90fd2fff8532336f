"""What the resident is told: events of the side block, the operator's notices."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base, Facts


class Event(Base):
    """Something that happened to a resident's agreements; `facts` are the words to fill in.

    Facts by kind: tariff {tariff}, payment {amount (kopecks)}, lock {state, login},
    message {notice_id, title}, service {service, amount (kopecks)}.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_newest", "resident_id", "happened_at"),
        CheckConstraint("kind IN ('tariff', 'payment', 'lock', 'message', 'service')", "kind"),
    )

    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"))
    kind: Mapped[str]
    happened_at: Mapped[datetime]
    facts: Mapped[Facts]


class Notice(Base):
    """The operator's message to all its residents, or to one."""

    __tablename__ = "notice"

    key: Mapped[str] = mapped_column(unique=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), index=True)
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"), index=True)
    title: Mapped[str]
    body: Mapped[str]
    published_at: Mapped[datetime]


class NoticeRead(Base):
    """That a resident opened a notice."""

    __tablename__ = "notice_read"
    __table_args__ = (UniqueConstraint("notice_id", "resident_id"),)

    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    read_at: Mapped[datetime]
