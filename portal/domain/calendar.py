"""Working days, and by which day a month's bill is to be paid."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from portal.domain.period import Period, day_text
from portal.domain.timeline import Since, Timeline, value_on

HOLIDAYS = frozenset(
    [*((1, day) for day in range(1, 9)), (2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)]
)
"""Month and day of the public holidays: ТК РФ, ст. 112, as in force since 2013."""

DUE_DAYS: Timeline[int] = (Since(date(2005, 3, 1), 10), Since(date(2026, 3, 1), 15))
"""By which day of a month the bill of the month before it is to be paid, for want of an
operator's own table: ЖК РФ, ст. 155, ч. 1.

By it the bill of February 2026 is due in the middle of March; who reads the law the other way
gives a table in which the fifteenth begins on 2026-04-01.
"""

_SATURDAY = 5
_DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Saturdays, Sundays and the public holidays are off; the government's yearly table of moved
    days says otherwise of single days.

    Raises ValueError: a day stands in the table as both.
    """

    off: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()
    holidays: frozenset[tuple[int, int]] = HOLIDAYS

    def __post_init__(self) -> None:
        if both := self.off & self.working:
            raise ValueError(f"{day_text(min(both))}: и рабочий день, и выходной")

    @classmethod
    def of(cls, table: Iterable[tuple[date, bool]]) -> Self:
        """From rows of a day and whether people work on it."""
        rows = list(table)
        return cls(
            frozenset(day for day, works in rows if not works),
            frozenset(day for day, works in rows if works),
        )

    def is_working(self, day: date) -> bool:
        if day in self.off or day in self.working:
            return day in self.working
        return day.weekday() < _SATURDAY and (day.month, day.day) not in self.holidays

    def next_working_day(self, day: date) -> date:
        """`day` itself if people work on it."""
        while not self.is_working(day):
            day += _DAY
        return day


def due_on(
    period: Period, due_days: Timeline[int], calendar: Calendar, *, moves: bool = True
) -> date:
    """The last day on which the bill of `period` is paid in time.

    The table is asked for the month of payment, and a month that is too short ends with its last
    day.  A day off moves to the next working day (ГК РФ, ст. 193) unless `moves` is off.

    Raises ValueError: the table says nothing of that month.
    """
    month = period.shifted(1)
    number = value_on(due_days, month.first_day)
    if number is None:
        raise ValueError(f"Нет срока оплаты счета за {period}. Добавьте его в таблицу сроков")
    day = month.first_day.replace(day=min(number, month.last_day.day))
    return calendar.next_working_day(day) if moves else day
