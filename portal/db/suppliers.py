"""Who supplies, and on which terms the operator collects for them."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base
from portal.domain.money import Money
from portal.domain.quantity import Quantity


class Supplier(Base):
    """Поставщик: a resource or communications company, with its requisites."""

    __tablename__ = "supplier"

    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    inn: Mapped[str]
    kpp: Mapped[str | None]
    account: Mapped[str]
    bank_name: Mapped[str]
    bic: Mapped[str]
    corr_account: Mapped[str | None]
    address: Mapped[str | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    site: Mapped[str | None]


class ServiceTerms(Base):
    """How a service is settled from a day on.  Of `agency` ones the operator keeps a commission: a
    percentage of what was collected, or so much a line charged.
    """

    __tablename__ = "service_terms"
    __table_args__ = (
        UniqueConstraint("service_id", "valid_from"),
        CheckConstraint("scheme IN ('own', 'agency', 'direct')", "scheme"),
        CheckConstraint("(scheme = 'own') = (supplier_id IS NULL)", "supplier"),
    )

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    valid_from: Mapped[date]
    scheme: Mapped[str]
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("supplier.id"))
    commission_percent: Mapped[Quantity | None]
    commission_fixed: Mapped[Money | None]
