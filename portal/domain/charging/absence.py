"""Who was away is not charged by norm for those days (Правила 354, пункты 86–97)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.domain.charging.dwelling import PERSONS
from portal.domain.charging.line import Line, Part, Priced
from portal.domain.charging.method import Method
from portal.domain.charging.norm import NORM
from portal.domain.charging.product import charged
from portal.domain.proof import RULES_354
from portal.domain.proven import Proven
from portal.domain.quantity import Quantity
from portal.domain.timeline import Days, Since, Timeline, combined

LONGEST_UNCOUNTED = 5
"""Full days in a row: only a longer absence counts."""

_AWAY = replace(
    PERSONS, name="persons_absent", meaning="число временно отсутствующих со знаком минус"
)
_ABSENCE = Method.product(Proven.ABSENCE, f"{RULES_354}, пункты 86–97", _AWAY, NORM)


@dataclass(frozen=True, slots=True)
class Absence:
    """`persons` left on one day and came back on another; neither of the two is a day away."""

    left_on: date
    returned_on: date
    persons: int

    @property
    def days(self) -> Days | None:
        """The full days away; None when there are none or too few to count."""
        first, last = self.left_on + timedelta(1), self.returned_on - timedelta(1)
        if (last - first).days < LONGEST_UNCOUNTED:
            return None
        return Days(first, last)


def absence(
    days: Days,
    absences: Sequence[Absence],
    persons: Timeline[int],
    norm: Timeline[Quantity],
    prices: Timeline[Priced],
) -> tuple[Line, ...]:
    """What to take off a month charged by `by_norm` with the same `days`, `persons`, `norm` and
    `prices`: negative lines, one for each piece of the days away; none when nobody was long enough.

    Only where no meter can be fitted, and neither for heating nor for common property: whoever
    asks sees to that.  What follows from a volume (sewerage, heat of hot water) follows the volume
    after this.  Nobody can be away who does not live there.
    """
    gone = away(days, absences, persons)
    if not gone:
        return ()
    less = combined(lambda number: -number, gone)
    lines = charged(_ABSENCE, days, (less, norm), prices, Part.RECALCULATION)
    return tuple(line for line in lines if line.proof["inputs"][_AWAY.name])


def away(days: Days, absences: Sequence[Absence], persons: Timeline[int]) -> Timeline[int]:
    """How many of `persons` are away from each day on; empty when on `days` nobody counts."""
    counted = [one for one in absences if one.days and one.days.within(days)]
    return combined(min, _away(counted), persons) if counted else ()


def _away(absences: Iterable[Absence]) -> Timeline[int]:
    """How many are away from each day on."""
    changes: dict[date, int] = {date.min: 0}
    for one in absences:
        if (days := one.days) is not None:
            changes[days.first] = changes.get(days.first, 0) + one.persons
            after = days.last + timedelta(1)
            changes[after] = changes.get(after, 0) - one.persons
    rows, gone = [], 0
    for day in sorted(changes):
        gone += changes[day]
        rows.append(Since(day, gone))
    return tuple(rows)
