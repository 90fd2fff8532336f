"""What decides how much the penalty for a day of delay is; all of it dated, none of it a constant
of the reckoning.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.debt import Debt
from portal.domain.percent import Percent
from portal.domain.period import day_text
from portal.domain.timeline import Days, Since, Timeline, value_on


@dataclass(frozen=True, slots=True)
class Grade:
    """From which day of delay on, until the next grade, which part of the yearly rate a day."""

    first_day: int
    divisor: int


GRADES = (Grade(31, 300), Grade(91, 130))
"""ЖК РФ, ст. 155, ч. 14: nothing for thirty days."""
CAPITAL_REPAIR_GRADES = (Grade(31, 300),)
"""ЖК РФ, ст. 155, ч. 14.1."""
FREE_DAYS = min(grade.first_day for grade in (*GRADES, *CAPITAL_REPAIR_GRADES)) - 1
"""So many days of delay cost nothing."""

CAPS: Timeline[Percent | None] = (
    Since(date(2025, 1, 1), Percent.parse("9.5")),
    Since(date(2027, 1, 1), None),
)
"""No more than the key rate of 2022-02-27 in 2025 and 2026: ПП РФ № 329 of 18.03.2025.  What was
in force before, and what will be after, is for the operator's own table.
"""


class RateDay(StrEnum):
    """Which day's rate holds for a day of delay."""

    PAYMENT = "payment"
    """The day on which the part of the debt was paid, as the law has it; of what is unpaid, the
    day until which it is reckoned.
    """
    EACH = "each"
    """The day of delay itself: the row is cut where the rate changes."""


class UnknownRate(ValueError):
    """As text one sentence for the operator."""

    def __init__(self, day: date) -> None:
        super().__init__(
            f"На {day_text(day)} неизвестна ключевая ставка. Добавьте ее в таблицу ставок"
        )
        self.day = day


@dataclass(frozen=True, slots=True)
class Rules:
    """`key_rates` and `caps` are per cent a year.  On `exempt` days nothing is charged (an
    operator who begins later, a moratorium); they count as days of delay all the same.
    """

    key_rates: Timeline[Percent]
    caps: Timeline[Percent | None] = CAPS
    rate_day: RateDay = RateDay.PAYMENT
    exempt: tuple[Days, ...] = ()
    grades: tuple[Grade, ...] = GRADES
    capital_repair_grades: tuple[Grade, ...] = CAPITAL_REPAIR_GRADES

    def rate_on(self, day: date) -> Percent:
        """Raises UnknownRate."""
        key_rate = value_on(self.key_rates, day)
        if key_rate is None:
            raise UnknownRate(day)
        cap = value_on(self.caps, day)
        return key_rate if cap is None else min(key_rate, cap)

    def grades_of(self, debt: Debt) -> tuple[Grade, ...]:
        return self.capital_repair_grades if debt.is_capital_repair else self.grades

    @property
    def rates(self) -> Timeline[Percent]:
        """What `rate_on` says, by the days on which it may change."""
        days = {since.valid_from for since in (*self.key_rates, *self.caps)}
        known = [day for day in sorted(days) if value_on(self.key_rates, day) is not None]
        return tuple(Since(day, self.rate_on(day)) for day in known)
