"""Settling with suppliers: what was collected for them and what they were sent.  Insert-only."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base
from portal.domain.money import Money
from portal.domain.period import Period


class Share(Base):
    """What of an allocation belongs to one line of the invoice, and what of that the operator
    keeps; `period` is the month in whose settlement it counts.  Below zero where a document takes
    a line back.
    """

    __tablename__ = "share"
    __table_args__ = (UniqueConstraint("allocation_id", "invoice_line_id"),)

    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocation.id"))
    invoice_line_id: Mapped[int] = mapped_column(ForeignKey("invoice_line.id"), index=True)
    amount: Mapped[Money]
    commission: Mapped[Money]
    period: Mapped[Period] = mapped_column(index=True)


class Remittance(Base):
    """Перечисление to a supplier by a document of the bank; below zero he returned it."""

    __tablename__ = "remittance"
    __table_args__ = (
        UniqueConstraint("operator_id", "supplier_id", "document"),
        CheckConstraint("amount <> 0", "amount"),
    )

    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("supplier.id"))
    document: Mapped[str]
    amount: Mapped[Money]
    remitted_on: Mapped[date]
    accepted_at: Mapped[datetime]
    officer: Mapped[str]
