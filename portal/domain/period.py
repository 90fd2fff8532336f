"""A calendar month in the operator's zone, and how dates are written for people."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Self

MONTHS = (
    "январь", "февраль", "март", "апрель", "май", "июнь",
    "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip
MONTHS_OF = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip
_SECOND = 2


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One calendar month; ordered by time."""

    year: int
    month: int

    def __post_init__(self) -> None:
        date(self.year, self.month, 1)

    @classmethod
    def parse(cls, text: str) -> Self:
        """«2014-05».  Raises ValueError."""
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}", text) is None:
            raise ValueError(text)
        return cls(int(text[:4]), int(text[5:]))

    @staticmethod
    def of(moment: date) -> "Period":
        """The month of a date; of a `datetime` use `at`, which needs the operator's zone."""
        return _period(moment.year, moment.month)

    @staticmethod
    def at(moment: datetime, zone: tzinfo) -> "Period":
        return Period.of(moment.astimezone(zone).date())

    def shifted(self, months: int) -> "Period":
        index = self.year * 12 + self.month - 1 + months
        return _period(index // 12, index % 12 + 1)

    def months_since(self, earlier: "Period") -> int:
        """How many months later it is; negative when it is earlier."""
        return (self.year - earlier.year) * 12 + self.month - earlier.month

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return _last_day(self.year, self.month)

    @property
    def title(self) -> str:
        """«Май 2014»."""
        return f"{MONTHS[self.month - 1].capitalize()} {self.year}"

    def __str__(self) -> str:
        """«2014-05», the form of addresses and files."""
        return _text(self.year, self.month)


@lru_cache(maxsize=1024)  # a run asks for the same few months for every line
def _period(year: int, month: int) -> Period:
    return Period(year, month)


@lru_cache(maxsize=1024)
def _text(year: int, month: int) -> str:
    return f"{year:04}-{month:02}"


@lru_cache(maxsize=1024)
def _last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def day_text(day: date) -> str:
    """«7 апреля 2014»."""
    return f"{day.day} {MONTHS_OF[day.month - 1]} {day.year}"


def since_day_text(day: date) -> str:
    """«с 7 апреля 2014», «со 2 апреля 2014»."""
    return f"{'со' if day.day == _SECOND else 'с'} {day_text(day)}"


def short_day_text(day: date) -> str:
    """«07.04.2014», for columns."""
    return f"{day:%d.%m.%Y}"


def moment_text(moment: datetime, zone: tzinfo) -> str:
    """«28 мая 2014 07:55» in the operator's zone."""
    local = moment.astimezone(zone)
    return f"{day_text(local.date())} {local:%H:%M}"
