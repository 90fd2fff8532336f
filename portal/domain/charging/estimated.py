"""The lines of a month for which the average of the months before is taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from portal.domain.charging.bands import Bands, Cut, cuts
from portal.domain.charging.counted import Interval, Measured, measured
from portal.domain.charging.line import Line
from portal.domain.charging.metered import base_line, cut_formula, cut_inputs
from portal.domain.period import Period
from portal.domain.proof import Proof
from portal.domain.proven import Proven
from portal.domain.quantity import SCALE, Quantity
from portal.domain.timeline import Days, Timeline

AVERAGE = Proven.AVERAGE.value


@dataclass(frozen=True, slots=True)
class Rules:
    """How long an average stands in for readings.

    Source: Правила 354, п. 59 and 60; earlier wordings had a year and six periods.
    """

    averaged_months: int = 6
    least_months: int = 3
    """With a shorter history there is no average."""
    periods: int = 3
    """So many months in a row."""


@dataclass(frozen=True, slots=True)
class Average:
    """What was measured in the months from `first` to `last`."""

    first: Period
    last: Period
    used: Quantity
    months: Fraction
    """How many; one in which the meter was fitted counts by its days."""

    @property
    def monthly(self) -> Fraction:
        """Exact, in units of the service."""
        return Fraction(self.used.micro, SCALE) / self.months


def average(known: Sequence[Interval], rules: Rules) -> Average | None:
    """Of the last months that readings tell of; None when they are fewer than the rules want."""
    if not known:
        return None
    last = known[-1].month
    back = range(rules.averaged_months - 1, -1, -1)
    counted = [told for months in back if (told := measured(known, last.shifted(-months)))]
    # Only the month in which the meter was fitted may be a part of one.
    whole = _part_of_month(counted[0]) + len(counted) - 1
    if whole < rules.least_months:
        return None
    used = Quantity(sum(told.volume.micro for told in counted))
    return Average(Period.of(counted[0].days.first), last, used, whole)


def average_lines(
    taken: Average, days: Days, tariff: Timeline[Bands], rule: str
) -> tuple[Line, ...]:
    """One line a price and a band for the days of one month; a part of the month gets its days'
    share of the average.  `rule` is the paragraph that allows it.

    Raises NotChargeable: days without a price.
    """
    volume = taken.monthly * Fraction(days.count, Days.of(Period.of(days.first)).count)
    parts = cuts(volume, days, tariff)
    return tuple(base_line(cut, _proof(taken, days, cut, rule)) for cut in parts)


def _part_of_month(known: Measured) -> Fraction:
    return Fraction(known.days.count, Days.of(Period.of(known.days.first)).count)


def _proof(taken: Average, days: Days, cut: Cut, rule: str) -> Proof:
    month = Days.of(Period.of(days.first))
    share = "" if days == month else " × дни / дни месяца"
    return {
        "method": AVERAGE,
        "inputs": {**_inputs(taken), **cut_inputs(cut, days)},
        "formula": cut_formula(f"расход за месяцы / число месяцев{share}", cut, days),
        "rule": rule,
    }


def _inputs(taken: Average) -> dict[str, Any]:
    return {
        "used": taken.used.micro,
        "first_month": str(taken.first),
        "last_month": str(taken.last),
        "months": [taken.months.numerator, taken.months.denominator],
    }
