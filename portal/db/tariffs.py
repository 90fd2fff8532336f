"""What is charged for: tariffs, their services, dated prices."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base, later
from portal.domain.quantity import Price as PriceValue


class Tariff(Base):
    """Тариф; kind `services` is the old billing's type 5, the only one with meter readings."""

    __tablename__ = "tariff"
    __table_args__ = (CheckConstraint("kind IN ('services', 'internet', 'telephony')", "kind"),)

    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]


class Service(Base):
    """Услуга of a tariff.  `one_time` ones are charged by a reading, `periodic` ones by the
    month.
    """

    __tablename__ = "service"
    __table_args__ = (
        UniqueConstraint("tariff_id", "external_id"),
        CheckConstraint("kind IN ('one_time', 'periodic')", "kind"),
        CheckConstraint("photo IN ('off', 'optional', 'required')", "photo"),
    )

    tariff_id: Mapped[int] = mapped_column(ForeignKey("tariff.id"))
    external_id: Mapped[str]
    name: Mapped[str]
    unit: Mapped[str]
    kind: Mapped[str]
    method: Mapped[str]
    resident_may_manage: Mapped[bool]
    position: Mapped[int]
    photo: Mapped[str] = mapped_column(server_default="off", info=later("off"))
    """Whether its readings come with a photo of the meter: see `portal.domain.photo`."""


class Price(Base):
    """Roubles a unit from a day on; never edited, a new price is a new row."""

    __tablename__ = "price"
    __table_args__ = (UniqueConstraint("service_id", "valid_from"),)

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    valid_from: Mapped[date]
    price: Mapped[PriceValue]
