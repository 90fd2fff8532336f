"""Money: charges, payments and the double entry beneath them.  All insert-only."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base, Facts, later, one_of
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Price, Quantity


class Charge(Base):
    """Списание, posted to the month of `posted_at` in the operator's zone; negative where it
    reverses another.  `proof` says how the number came about.

    `for_period` is the month that it is for, where that is not the month of posting; `corrects_id`
    leads to the charge that a recalculation corrects.
    """

    __tablename__ = "charge"
    __table_args__ = (
        Index("ix_charge_statement", "agreement_id", "period"),
        Index(
            "ix_charge_corrects",
            "corrects_id",
            sqlite_where=text("corrects_id IS NOT NULL"),
            postgresql_where=text("corrects_id IS NOT NULL"),
        ),
        CheckConstraint("part IN ('base', 'excess', 'recalculation', 'penalty')", "part"),
        CheckConstraint("scheme IN ('own', 'agency', 'direct')", "scheme"),
    )

    key: Mapped[str | None] = mapped_column(unique=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    reading_id: Mapped[int | None] = mapped_column(ForeignKey("reading.id"), index=True)
    period: Mapped[Period]
    posted_at: Mapped[datetime]
    volume: Mapped[Quantity]
    price_id: Mapped[int] = mapped_column(ForeignKey("price.id"))
    price: Mapped[Price]
    amount: Mapped[Money]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("charge.id"), unique=True)
    proof: Mapped[Facts]
    part: Mapped[str] = mapped_column(server_default="base", info=later("base"))
    for_period: Mapped[Period | None] = mapped_column(info=later(None))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("charge.id"), info=later(None))
    band_id: Mapped[int | None] = mapped_column(ForeignKey("band.id"), info=later(None))
    """Whose price it is, where that is not the price of `price_id`."""
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("supplier.id"), info=later(None))
    scheme: Mapped[str] = mapped_column(server_default="own", info=later("own"))


class Payment(Base):
    """Платеж; `external_id` is the channel's own number, one payment for ever."""

    __tablename__ = "payment"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index("uq_payment_incoming_id", "incoming_id", unique=True),
        CheckConstraint("amount > 0", "amount"),
    )

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    channel: Mapped[str]
    external_id: Mapped[str]
    amount: Mapped[Money]
    paid_at: Mapped[datetime]
    accepted_at: Mapped[datetime]
    note: Mapped[str | None]
    incoming_id: Mapped[int | None] = mapped_column(ForeignKey("incoming.id"), info=later(None))
    """What the channel itself has told of it."""


class Stated(Base):
    """Which invoices the payer said that he pays, in the order in which he named them."""

    __tablename__ = "stated"
    __table_args__ = (
        UniqueConstraint("payment_id", "position"),
        UniqueConstraint("payment_id", "invoice_id"),
    )

    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"))
    position: Mapped[int]
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"))


class Refund(Base):
    """Возврат of a payment or of a part of it, or of money still held in suspense; `external_id`
    is the channel's own number, one refund for ever.

    `officer` NULL: the channel itself has told of it.
    """

    __tablename__ = "refund"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        CheckConstraint("amount > 0", "amount"),
        CheckConstraint("(payment_id IS NULL) <> (incoming_id IS NULL)", "source"),
    )

    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), index=True)
    incoming_id: Mapped[int | None] = mapped_column(ForeignKey("incoming.id"), index=True)
    channel: Mapped[str]
    external_id: Mapped[str]
    amount: Mapped[Money]
    refunded_at: Mapped[datetime]
    accepted_at: Mapped[datetime]
    officer: Mapped[str | None]
    note: Mapped[str | None]


class LedgerAccount(Base):
    """One side of transfers.  Kinds: `resident` (owner: agreement id), `income` (operator id),
    `channel` (its name), `supplier` (operator id/supplier id: the operator collects for him),
    `supplier_direct` (supplier id), `bank` (operator id), `suspense` (operator id: taken from
    people, and not yet known from whom).
    """

    __tablename__ = "ledger_account"
    __table_args__ = (UniqueConstraint("kind", "owner"),)

    kind: Mapped[str]
    owner: Mapped[str]


class Transfer(Base):
    """Money from credit to debit: a resident's debt is debit minus credit of his account.  It comes
    of one charge, payment, share (a commission), remittance, incoming held in suspense, or refund.
    """

    __tablename__ = "transfer"
    __table_args__ = (
        CheckConstraint("amount > 0", "amount"),
        CheckConstraint("debit_id <> credit_id", "sides"),
        CheckConstraint(
            one_of(
                "charge_id", "payment_id", "share_id", "remittance_id", "incoming_id", "refund_id"
            ),
            "source",
        ),
    )

    debit_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"), index=True)
    credit_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"), index=True)
    amount: Mapped[Money]
    code: Mapped[str]
    posted_at: Mapped[datetime]
    charge_id: Mapped[int | None] = mapped_column(ForeignKey("charge.id"), unique=True)
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), unique=True)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"), unique=True)
    share_id: Mapped[int | None] = mapped_column(
        ForeignKey("share.id"), unique=True, info=later(None)
    )
    remittance_id: Mapped[int | None] = mapped_column(
        ForeignKey("remittance.id"), unique=True, info=later(None)
    )
    incoming_id: Mapped[int | None] = mapped_column(
        ForeignKey("incoming.id"), unique=True, info=later(None)
    )
    refund_id: Mapped[int | None] = mapped_column(
        ForeignKey("refund.id"), unique=True, info=later(None)
    )
