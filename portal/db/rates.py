"""What a penalty follows from: rates, due days, the calendar of days off."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base
from portal.domain.quantity import Quantity


class KeyRate(Base):
    """Ключевая ставка of the Bank of Russia from a day on, percent a year."""

    __tablename__ = "key_rate"

    valid_from: Mapped[date] = mapped_column(unique=True)
    percent: Mapped[Quantity]


class RateCap(Base):
    """The highest rate that penalties take in these days, both included."""

    __tablename__ = "rate_cap"

    valid_from: Mapped[date] = mapped_column(unique=True)
    valid_to: Mapped[date]
    percent: Mapped[Quantity]


class DueDay(Base):
    """By which day of the next month bills are paid that fall due from `valid_from` on; without an
    operator, of all that have no row of their own.
    """

    __tablename__ = "due_day"
    __table_args__ = (
        UniqueConstraint("operator_id", "valid_from"),
        Index(
            "uq_due_day_common",
            "valid_from",
            unique=True,
            sqlite_where=text("operator_id IS NULL"),
            postgresql_where=text("operator_id IS NULL"),
        ),
        CheckConstraint("day BETWEEN 1 AND 28", "day"),
    )

    operator_id: Mapped[int | None] = mapped_column(ForeignKey("operator.id"))
    valid_from: Mapped[date]
    day: Mapped[int]


class DayOff(Base):
    """A day that is not what its day of the week makes it: a holiday, or a Saturday at work."""

    __tablename__ = "day_off"

    day: Mapped[date] = mapped_column(unique=True)
    is_working: Mapped[bool]
