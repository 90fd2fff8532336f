"""Счета: frozen when issued; what is paid follows from the allocations."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base, Facts
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Price, Quantity


class Invoice(Base):
    """One document of one agreement and period; `payee` and `payer` hold the words as they were
    when it was issued.
    """

    __tablename__ = "invoice"
    __table_args__ = (UniqueConstraint("operator_id", "number"),)

    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"))
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    number: Mapped[str]
    period: Mapped[Period]
    issued_on: Mapped[date]
    due_on: Mapped[date]
    total: Mapped[Money]
    payee: Mapped[Facts]
    payer: Mapped[Facts]


class InvoiceLine(Base):
    """One line of an invoice; without a charge only for what was owed before the portal."""

    __tablename__ = "invoice_line"
    __table_args__ = (UniqueConstraint("invoice_id", "position"),)

    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"))
    position: Mapped[int]
    charge_id: Mapped[int | None] = mapped_column(ForeignKey("charge.id"), unique=True)
    name: Mapped[str]
    unit: Mapped[str | None]
    volume: Mapped[Quantity | None]
    price: Mapped[Price | None]
    amount: Mapped[Money]


class Allocation(Base):
    """The part of a payment that pays an invoice."""

    __tablename__ = "allocation"
    __table_args__ = (
        UniqueConstraint("payment_id", "invoice_id"),
        CheckConstraint("amount > 0", "amount"),
    )

    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoice.id"), index=True)
    amount: Mapped[Money]
