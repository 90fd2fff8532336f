"""Суммы по реестрам: what a bank paid for many at once, and the registries that say whose it is.

Neither is anybody's payment.  All of it is insert-only.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base
from portal.domain.money import Money


class Lump(Base):
    """A document of a statement; `registry_number` is what its purpose names, empty if nothing,
    `purpose` is for people, all of it is in the inbox.
    """

    __tablename__ = "lump"
    __table_args__ = (
        UniqueConstraint("channel_id", "external_id"),
        CheckConstraint("amount > 0", "amount"),
    )

    channel_id: Mapped[int] = mapped_column(ForeignKey("pay_channel.id"))
    external_id: Mapped[str]
    number: Mapped[str]
    registry_number: Mapped[str]
    credited_on: Mapped[date]
    amount: Mapped[Money]
    purpose: Mapped[str]
    inbox_id: Mapped[int] = mapped_column(ForeignKey("inbox.id"), unique=True)


class Registry(Base):
    """A registry of payments whose payments are taken; `digest` is of them, so that the same
    registry in another file is the same.  `number` and `ordered_on` are of the payment order that
    it names, `transferred` is what it says is left without the fee.
    """

    __tablename__ = "registry"
    __table_args__ = (
        UniqueConstraint("channel_id", "digest"),
        CheckConstraint("amount > 0", "amount"),
    )

    channel_id: Mapped[int] = mapped_column(ForeignKey("pay_channel.id"))
    digest: Mapped[str]
    name: Mapped[str]
    number: Mapped[str]
    ordered_on: Mapped[date | None]
    first_day: Mapped[date]
    last_day: Mapped[date]
    payments: Mapped[int]
    amount: Mapped[Money]
    transferred: Mapped[Money | None]
    taken_at: Mapped[datetime]
