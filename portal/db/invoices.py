"""Счета: frozen when issued; what is paid follows from the allocations."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base, Facts, later, one_of
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Price, Quantity


class Invoice(Base):
    """One document of one agreement, period and payee; `payee` and `payer` hold the words as they
    were when it was issued.

    `total` is the sum of the lines, and below zero where the document is a credit.  The portal's
    own documents have a `sequence`, which counts without gaps in the operator's year, and figures:
    total = charged + recalculated + penalty; to be paid are opening + total - paid.
    """

    __tablename__ = "invoice"
    __table_args__ = (
        UniqueConstraint("operator_id", "number"),
        Index("uq_invoice_cancels_id", "cancels_id", unique=True),
        Index("uq_invoice_sequence", "operator_id", "year", "sequence", unique=True),
        Index("ix_invoice_period", "operator_id", "period"),
        CheckConstraint("kind IN ('month', 'cancellation')", "kind"),
        CheckConstraint("(kind = 'cancellation') = (cancels_id IS NOT NULL)", "cancels"),
        CheckConstraint("(sequence IS NULL) = (year IS NULL)", "sequence"),
    )

    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"))
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    number: Mapped[str]
    period: Mapped[Period]
    issued_on: Mapped[date]
    due_on: Mapped[date]
    total: Mapped[Money]
    payee: Mapped[Facts]
    payer: Mapped[Facts]
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("supplier.id"), info=later(None))
    """Whom the resident pays directly; NULL is the operator."""
    kind: Mapped[str] = mapped_column(server_default="month", info=later("month"))
    cancels_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"), info=later(None))
    reason: Mapped[str | None] = mapped_column(info=later(None))
    year: Mapped[int | None] = mapped_column(info=later(None))
    """Of `issued_on`."""
    sequence: Mapped[int | None] = mapped_column(info=later(None))
    opening: Mapped[Money | None] = mapped_column(info=later(None))
    charged: Mapped[Money | None] = mapped_column(info=later(None))
    recalculated: Mapped[Money | None] = mapped_column(info=later(None))
    penalty: Mapped[Money | None] = mapped_column(info=later(None))
    paid: Mapped[Money | None] = mapped_column(info=later(None))


class InvoiceLine(Base):
    """One line of an invoice; without a charge only for what was owed before the portal.

    `turn` counts the lines of one charge: 0 asks for it, 1 takes that back (a cancellation, with
    the opposite amount), 2 asks for it again …
    """

    __tablename__ = "invoice_line"
    __table_args__ = (
        UniqueConstraint("invoice_id", "position"),
        UniqueConstraint("charge_id", "turn"),
    )

    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"))
    position: Mapped[int]
    charge_id: Mapped[int | None] = mapped_column(ForeignKey("charge.id"))
    name: Mapped[str]
    unit: Mapped[str | None]
    volume: Mapped[Quantity | None]
    price: Mapped[Price | None]
    amount: Mapped[Money]
    turn: Mapped[int] = mapped_column(server_default=text("0"), info=later(0))


class Allocation(Base):
    """The part of a payment, or of a document with a negative total, that pays an invoice.  A
    document whose lines add up to nothing pays itself: what they take back pays the others.

    Of a refund, with an amount below zero, it takes back what the refund's payment gave.  Then the
    invoice is open again, and who paid a part of it may pay another: `turn` counts how often it
    was taken from, and within one turn a source gives one part.
    """

    __tablename__ = "allocation"
    __table_args__ = (
        UniqueConstraint("payment_id", "invoice_id", "turn"),
        UniqueConstraint("credit_id", "invoice_id", "turn"),
        UniqueConstraint("refund_id", "invoice_id"),
        CheckConstraint("amount <> 0 AND (amount > 0) = (refund_id IS NULL)", "amount"),
        CheckConstraint(one_of("payment_id", "credit_id", "refund_id"), "source"),
    )

    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    amount: Mapped[Money]
    credit_id: Mapped[int | None] = mapped_column(ForeignKey("invoice.id"), info=later(None))
    allocated_at: Mapped[datetime | None] = mapped_column(info=later(None))
    """NULL: when the payment was accepted."""
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refund.id"), info=later(None))
    turn: Mapped[int] = mapped_column(server_default=text("0"), info=later(0))
