"""What was used or done and is charged by the piece: not by meters, not by the month."""

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Quantity


class Usage(Base):
    """What another rating system counted in a month, under its own number; `amount` where it has
    priced it as well.
    """

    __tablename__ = "usage"
    __table_args__ = (UniqueConstraint("account_id", "service_id", "external_id"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    period: Mapped[Period]
    external_id: Mapped[str]
    volume: Mapped[Quantity]
    amount: Mapped[Money | None]


class Work(Base):
    """Разовая работа, such as a call-out."""

    __tablename__ = "work"
    __table_args__ = (UniqueConstraint("account_id", "service_id", "key"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    key: Mapped[str]
    done_on: Mapped[date]
    quantity: Mapped[Quantity]
