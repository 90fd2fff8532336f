"""Facts that hold from a day on, and the days between their changes."""

from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Generic, TypeAlias, TypeVar

from portal.domain.made import made_often
from portal.domain.period import MONTHS_OF, Period, day_text

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
_SECOND = 2


@made_often(frozen=True, slots=True, order=True)
class Days:
    """An unbroken row of days, the first and the last of them included.

    Raises ValueError: the last is before the first.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError((self.first, self.last))

    @staticmethod
    def of(period: Period) -> "Days":
        return _month(period.year, period.month)

    @property
    def count(self) -> int:
        return self.last.toordinal() - self.first.toordinal() + 1

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def within(self, other: "Days") -> "Days | None":
        """The days that both have; None when there are none."""
        if other.first <= self.first and self.last <= other.last:  # nearly always
            return self
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Days(first, last) if first <= last else None

    def __str__(self) -> str:
        """«с 1 по 17 октября 2026», «со 2 октября по 3 ноября 2026», «1 октября 2026»."""
        if self.first == self.last:
            return day_text(self.last)
        since = "со" if self.first.day == _SECOND else "с"
        return f"{since} {self._beginning()} по {day_text(self.last)}"

    def _beginning(self) -> str:
        if self.first.year != self.last.year:
            return day_text(self.first)
        if self.first.month != self.last.month:
            return f"{self.first.day} {MONTHS_OF[self.first.month - 1]}"
        return str(self.first.day)


@lru_cache(maxsize=1024)  # a run asks for the same few months for every line
def _month(year: int, month: int) -> Days:
    period = Period(year, month)
    return Days(period.first_day, period.last_day)


@made_often(frozen=True, slots=True)
class Since(Generic[T_co]):
    """What holds from `valid_from` on, until the next of its timeline; a value of None says that
    from that day on nothing is known any more.
    """

    valid_from: date
    value: T_co


Timeline: TypeAlias = tuple[Since[T | None], ...]
"""Ascending by day.  Before the first of them nothing is known: that is no zero."""


def constant(value: T | None) -> Timeline[T]:
    """What holds always; of None, what was never known."""
    return () if value is None else (Since(date.min, value),)


def value_on(timeline: Timeline[T], day: date) -> T | None:
    """What holds on `day`; None when nothing is known of it."""
    for since in reversed(timeline):
        if since.valid_from <= day:
            return since.value
    return None


def pieces(days: Days, timelines: Collection[Timeline[Any]]) -> tuple[Days, ...]:
    """`days`, cut wherever one of the timelines takes another value; together they are all of
    `days`, in their order.
    """
    begins = days.first
    for timeline in timelines:
        if timeline and timeline[-1].valid_from > begins:
            break
    else:  # nearly always: they all have their last values
        return (days,)
    cuts = _cuts(days, timelines)
    if not cuts:
        return (days,)
    firsts = (days.first, *cuts)
    lasts = (*(cut - timedelta(1) for cut in cuts), days.last)
    return tuple(Days(first, last) for first, last in zip(firsts, lasts, strict=True))


def _cuts(days: Days, timelines: Iterable[Timeline[Any]]) -> list[date]:
    """The days after the first on which something changes."""
    cuts = set()
    for timeline in timelines:
        for since in reversed(timeline):
            if since.valid_from <= days.first:
                break
            if since.valid_from <= days.last and _is_change(timeline, since):
                cuts.add(since.valid_from)
    return sorted(cuts)


def _is_change(timeline: Timeline[Any], since: Since[Any]) -> bool:
    day = since.valid_from
    before = value_on(timeline, day - timedelta(1))
    return bool(before != value_on(timeline, day))


def combined(function: Callable[..., T], *timelines: Timeline[Any]) -> Timeline[T]:
    """`function` of what holds on each day; unknown where one of the values is."""
    days = sorted({since.valid_from for timeline in timelines for since in timeline})
    rows = [(day, [value_on(timeline, day) for timeline in timelines]) for day in days]
    return tuple(Since(day, None if None in row else function(*row)) for day, row in rows)
