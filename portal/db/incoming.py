"""Money that other payment systems take for us: through which channels, and what they said.

All but the channels is insert-only.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base, later
from portal.domain.money import Money


class PayChannel(Base):
    """Канал приема платежей: one agreement with one payment system, in one operator's favour.

    `account_pattern` NULL is any number of the portal's, a bound that is NULL is none.
    `networks` are divided by commas, and empty only this computer.  A channel with a `login` asks
    for HTTP Basic, one with a `certificate` for that fingerprint in the words of a trusted proxy.

    A channel for cards has a shop with the bank and `ways` in which it can be paid; the shop's
    secret is not here.  With `has_receipts` the bank makes the fiscal receipt (54-ФЗ).
    """

    __tablename__ = "pay_channel"

    key: Mapped[str] = mapped_column(unique=True)
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"))
    dialect: Mapped[str]
    name: Mapped[str]
    account_pattern: Mapped[str | None]
    amount_min: Mapped[Money | None]
    amount_max: Mapped[Money | None]
    networks: Mapped[str]
    login: Mapped[str | None]
    secret_digest: Mapped[str | None]
    certificate: Mapped[str | None]
    is_open: Mapped[bool]
    place: Mapped[str | None] = mapped_column(info=later(None))
    """Where a terminal stands, for residents."""
    ways: Mapped[str | None] = mapped_column(info=later(None))
    """Divided by commas."""
    shop_id: Mapped[str | None] = mapped_column(info=later(None))
    base_url: Mapped[str | None] = mapped_column(info=later(None))
    """NULL is the bank's own."""
    has_receipts: Mapped[bool] = mapped_column(server_default=false(), info=later(absent=False))
    vat_code: Mapped[int | None] = mapped_column(info=later(None))
    tax_system: Mapped[int | None] = mapped_column(info=later(None))


class Inbox(Base):
    """A message with an effect as it came, stored before anything is made of it."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index(
            "ix_inbox_question",
            "question",
            "channel_id",
            sqlite_where=text("question IS NOT NULL"),
            postgresql_where=text("question IS NOT NULL"),
        ),
    )

    channel_id: Mapped[int] = mapped_column(ForeignKey("pay_channel.id"))
    received_at: Mapped[datetime]
    address: Mapped[str]
    message: Mapped[str]
    question: Mapped[str | None] = mapped_column(info=later(None))
    """Of ours, to which a bank has answered this; NULL: the message came by itself."""


class Incoming(Base):
    """Поступление: money that a channel has taken from a person.  Its id is the number that the
    channel is told; `answer` is what it was told, to the letter.

    `agreement_id` NULL: whose it is was not known, the operator holds it in suspense.
    """

    __tablename__ = "incoming"
    __table_args__ = (
        UniqueConstraint("channel_id", "external_id"),
        Index("ix_incoming_agreement_id", "agreement_id"),
        CheckConstraint("amount > 0", "amount"),
    )

    channel_id: Mapped[int] = mapped_column(ForeignKey("pay_channel.id"))
    external_id: Mapped[str]
    account: Mapped[str]
    amount: Mapped[Money]
    paid_at: Mapped[datetime]
    accepted_at: Mapped[datetime]
    answer: Mapped[str]
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"), unique=True)
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))


class Assignment(Base):
    """To which agreement money held in suspense was given."""

    __tablename__ = "assignment"

    incoming_id: Mapped[int] = mapped_column(ForeignKey("incoming.id"), unique=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    officer: Mapped[str]
    assigned_at: Mapped[datetime]
    note: Mapped[str]


class Conflict(Base):
    """A message that was refused because its number is known with another sum or account."""

    __tablename__ = "conflict"

    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"), unique=True)
    external_id: Mapped[str]
    account: Mapped[str]
    amount: Mapped[Money]


class Resolution(Base):
    """Разобрано: what came of a conflict, once somebody has asked the payment system."""

    __tablename__ = "resolution"

    conflict_id: Mapped[int] = mapped_column(ForeignKey("conflict.id"), unique=True)
    officer: Mapped[str]
    resolved_at: Mapped[datetime]
    note: Mapped[str]
