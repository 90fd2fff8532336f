"""Payments by card and through СБП that residents have begun, and what became of them.

All of it is insert-only.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base, later
from portal.domain.money import Money


class Intent(Base):
    """Намерение заплатить, stored before anybody is asked for money.  `token` is its name outside,
    and the key under which the bank makes one payment of it whatever we repeat; `key` is that of
    the form, so that two taps are one.  `origin` is where the resident comes back to: what is asked
    for again under the same token has to be the same.
    """

    __tablename__ = "intent"
    __table_args__ = (
        UniqueConstraint("resident_id", "key"),
        CheckConstraint("amount > 0", "amount"),
        CheckConstraint("way IN ('card', 'sbp')", "way"),
    )

    token: Mapped[str] = mapped_column(unique=True)
    key: Mapped[str]
    channel_id: Mapped[int] = mapped_column(ForeignKey("pay_channel.id"))
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"))
    amount: Mapped[Money]
    way: Mapped[str]
    origin: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(index=True)
    receipt_email: Mapped[str | None] = mapped_column(info=later(None))
    receipt_phone: Mapped[str | None] = mapped_column(info=later(None))
    """Where the fiscal receipts go, that of a refund too (54-ФЗ, статья 1.2, пункт 2): what the
    resident had when he began.  Both NULL: what he has now, or there are none.
    """


class IntentInvoice(Base):
    """An invoice that the resident has chosen to pay with it."""

    __tablename__ = "intent_invoice"
    __table_args__ = (
        UniqueConstraint("intent_id", "position"),
        UniqueConstraint("intent_id", "invoice_id"),
    )

    intent_id: Mapped[int] = mapped_column(ForeignKey("intent.id"))
    position: Mapped[int]
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)


class IntentEvent(Base):
    """A step of an intent, each once: so that it is credited once whoever settles it.

    `external_id` is the bank's number of the payment, `confirmation_url` where the resident pays
    it, `words` are for the operator.
    """

    __tablename__ = "intent_event"
    __table_args__ = (
        UniqueConstraint("intent_id", "state"),
        CheckConstraint("state IN ('sent', 'declined', 'canceled', 'strange', 'paid')", "state"),
    )

    intent_id: Mapped[int] = mapped_column(ForeignKey("intent.id"))
    at: Mapped[datetime]
    state: Mapped[str]
    external_id: Mapped[str | None] = mapped_column(index=True)
    confirmation_url: Mapped[str | None]
    words: Mapped[str | None]


class RefundRequest(Base):
    """What an officer has asked a bank to give back, stored before the bank is: of a payment, or of
    money held in suspense.  `token` is the key under which the bank does it once, `document` the
    officer's own name of it, so that the same command again is the same request.
    """

    __tablename__ = "refund_request"
    __table_args__ = (
        UniqueConstraint("channel_id", "document"),
        CheckConstraint("amount > 0", "amount"),
        CheckConstraint("(payment_id IS NULL) <> (incoming_id IS NULL)", "source"),
    )

    token: Mapped[str] = mapped_column(unique=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("pay_channel.id"))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), index=True)
    incoming_id: Mapped[int | None] = mapped_column(ForeignKey("incoming.id"), index=True)
    document: Mapped[str]
    amount: Mapped[Money]
    officer: Mapped[str]
    note: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)


class RefundEvent(Base):
    """A step of a request for a refund, each once; `external_id` is the bank's number of it."""

    __tablename__ = "refund_event"
    __table_args__ = (
        UniqueConstraint("request_id", "state"),
        CheckConstraint(
            "state IN ('sent', 'declined', 'canceled', 'strange', 'lost', 'done')", "state"
        ),
    )

    request_id: Mapped[int] = mapped_column(ForeignKey("refund_request.id"))
    at: Mapped[datetime]
    state: Mapped[str]
    external_id: Mapped[str | None]
    words: Mapped[str | None]


class BankResolution(Base):
    """Разобрано: what came of a payment or of a refund of which a bank has told something strange,
    or nothing, once somebody has asked it.
    """

    __tablename__ = "bank_resolution"
    __table_args__ = (
        CheckConstraint("(intent_event_id IS NULL) <> (refund_event_id IS NULL)", "source"),
    )

    intent_event_id: Mapped[int | None] = mapped_column(ForeignKey("intent_event.id"), unique=True)
    refund_event_id: Mapped[int | None] = mapped_column(ForeignKey("refund_event.id"), unique=True)
    officer: Mapped[str]
    resolved_at: Mapped[datetime]
    note: Mapped[str]
