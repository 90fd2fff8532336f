"""Letters to residents: what is to be sent, and what became of it.  Insert-only."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base


class Outbox(Base):
    """A letter, word for word, written in the transaction that it tells of: neither is there
    without the other.  `key` is what it tells, such as «receipt:17», once for ever; `message_id`
    stays the same however often it is sent.
    """

    __tablename__ = "outbox"
    __table_args__ = (CheckConstraint("kind IN ('receipt')", "kind"),)

    kind: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    address: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    message_id: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]


class OutboxEvent(Base):
    """A try to send a letter, or its end: a letter without an end waits.  `words` are the mail
    server's.
    """

    __tablename__ = "outbox_event"
    __table_args__ = (
        UniqueConstraint("outbox_id", "number"),
        CheckConstraint("state IN ('sent', 'failed', 'given_up')", "state"),
        Index(
            "uq_outbox_event_end",
            "outbox_id",
            unique=True,
            sqlite_where=text("state <> 'failed'"),
            postgresql_where=text("state <> 'failed'"),
        ),
    )

    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"))
    number: Mapped[int]
    """Of the tries of this letter, from 1."""
    at: Mapped[datetime]
    state: Mapped[str]
    words: Mapped[str]
