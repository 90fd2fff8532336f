"""Houses: their areas, what was decided for them, and what their own meters counted."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base
from portal.domain.period import Period
from portal.domain.quantity import Quantity


class House(Base):
    """A building that an operator serves; premises lie in it."""

    __tablename__ = "house"

    key: Mapped[str] = mapped_column(unique=True)
    address: Mapped[str]
    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), index=True)


class HouseFact(Base):
    """A house's area in m² from a day on: of all its premises, or of the common property."""

    __tablename__ = "house_fact"
    __table_args__ = (
        UniqueConstraint("house_id", "kind", "valid_from"),
        CheckConstraint("kind IN ('total_area', 'common_area')", "kind"),
    )

    house_id: Mapped[int] = mapped_column(ForeignKey("house.id"))
    kind: Mapped[str]
    valid_from: Mapped[date]
    value: Mapped[Quantity]


class HouseChoice(Base):
    """What was decided for a house and the service's code from a day on, the first of a month: how
    heating is paid and how many months of the year are heated, or what limits common needs.
    """

    __tablename__ = "house_choice"
    __table_args__ = (
        UniqueConstraint("house_id", "service_external_id", "valid_from"),
        CheckConstraint("choice IN ('season', 'all_year', 'capped', 'uncapped')", "choice"),
        CheckConstraint("season_months BETWEEN 1 AND 12", "season_months"),
    )

    house_id: Mapped[int] = mapped_column(ForeignKey("house.id"))
    service_external_id: Mapped[str]
    valid_from: Mapped[date]
    choice: Mapped[str]
    season_months: Mapped[int | None]


class HouseVolume(Base):
    """What the house's own meter counted in a month of what is charged under the service's code.
    A correction is the next revision; the last one holds.
    """

    __tablename__ = "house_volume"
    __table_args__ = (UniqueConstraint("house_id", "service_external_id", "period", "revision"),)

    house_id: Mapped[int] = mapped_column(ForeignKey("house.id"))
    service_external_id: Mapped[str]
    period: Mapped[Period]
    revision: Mapped[int]
    volume: Mapped[Quantity]
