"""What is charged for: tariffs, their services, dated prices, norms and bands."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base, later
from portal.domain.quantity import Price as PriceValue
from portal.domain.quantity import Quantity


class Tariff(Base):
    """Тариф; kind `services` is the old billing's type 5, the only one with meter readings."""

    __tablename__ = "tariff"
    __table_args__ = (CheckConstraint("kind IN ('services', 'internet', 'telephony')", "kind"),)

    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]


class Service(Base):
    """Услуга of a tariff.  `one_time` ones are charged by a reading, `periodic` ones by the
    month; how, says the method: see `portal.domain.charging.methods`.
    """

    __tablename__ = "service"
    __table_args__ = (
        UniqueConstraint("tariff_id", "external_id"),
        CheckConstraint("kind IN ('one_time', 'periodic')", "kind"),
        CheckConstraint("photo IN ('off', 'optional', 'required')", "photo"),
        CheckConstraint("fallback IN ('none', 'average_then_norm')", "fallback"),
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
    fallback: Mapped[str] = mapped_column(server_default="none", info=later("none"))
    """What is charged without readings: see `portal.domain.charging.methods`."""


class ServiceSource(Base):
    """Whose volumes a service takes: those of the services with this code in the same agreement.
    The code, not the row: the cold and the hot water of a flat are of other tariffs.
    """

    __tablename__ = "service_source"
    __table_args__ = (UniqueConstraint("service_id", "source_external_id"),)

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    source_external_id: Mapped[str]


class ServiceFact(Base):
    """What a service is charged by from a day on: `norm` a person or m², `common_norm` a m² of
    common property, `heat_per_unit` Gcal a m³ of hot water, `coefficient` the raising one.
    """

    __tablename__ = "service_fact"
    __table_args__ = (
        UniqueConstraint("service_id", "kind", "valid_from"),
        CheckConstraint("kind IN ('norm', 'common_norm', 'heat_per_unit', 'coefficient')", "kind"),
    )

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    kind: Mapped[str]
    valid_from: Mapped[date]
    value: Mapped[Quantity]


class Band(Base):
    """One step of a service's prices by bands of a month's consumption.  All steps with one
    `valid_from` are one table: it takes the place of the table before as a whole.
    """

    __tablename__ = "band"
    __table_args__ = (UniqueConstraint("service_id", "valid_from", "position"),)

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    valid_from: Mapped[date]
    position: Mapped[int]
    upto: Mapped[Quantity | None]
    """The upper edge; None: however much it is."""
    price: Mapped[PriceValue]


class Price(Base):
    """Roubles a unit from a day on; never edited, a new price is a new row."""

    __tablename__ = "price"
    __table_args__ = (UniqueConstraint("service_id", "valid_from"),)

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    valid_from: Mapped[date]
    price: Mapped[PriceValue]
