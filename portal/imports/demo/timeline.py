"""The house's calendar: thirteen months, of which today's is the last and not over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.domain.period import Period

MONTHS = 13
ZONE = ZoneInfo("Europe/Moscow")
"""The operators'."""
_READING_DAYS = (18, 24)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Moments have no offset: they are the operators' local ones."""

    today: date

    @property
    def current(self) -> Period:
        return Period.of(self.today)

    @property
    def first(self) -> Period:
        return self.current.shifted(1 - MONTHS)

    @property
    def periods(self) -> Iterator[Period]:
        return (self.first.shifted(number) for number in range(MONTHS))

    def is_over(self, day: date) -> bool:
        return day < self.today

    def ago(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        return datetime.combine(self.today - timedelta(days), time(hour, minute))


def reading_day(flat: int, period: Period) -> date:
    """The day on which a flat reads its meters."""
    first, last = _READING_DAYS
    return date(
        period.year, period.month, first + (flat * 5 + period.month * 3) % (last - first + 1)
    )


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute))


def midnight(day: date) -> datetime:
    """The first minute of `day` where the house stands."""
    return datetime.combine(day, time(), tzinfo=ZONE)
