"""What was decided for a house about a service: how its heating is paid, what limits its needs."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from portal.domain.charging.methods import Method
from portal.domain.period import Period
from portal.domain.timeline import Timeline, value_on


class Choice(StrEnum):
    """Of two that exclude one another the first is what holds while nobody has decided."""

    SEASON = "season"
    """Heating is paid in the months in which the house is heated."""
    ALL_YEAR = "all_year"
    """It is paid in equal parts all the year round (Правила 354, п. 42(1))."""
    CAPPED = "capped"
    """Common needs by the house's meter are charged up to their norm (ЖК, ст. 156, ч. 9.2)."""
    UNCAPPED = "uncapped"
    """So the owners' meeting decided: whatever the meter shows."""

    @property
    def methods(self) -> frozenset[Method]:
        """The ways of charging about which it says anything."""
        return _COMMON if self in _OF_COMMON else _HEATING


_OF_COMMON: Final = (Choice.CAPPED, Choice.UNCAPPED)
_COMMON: Final = frozenset({Method.COMMON_HOUSE})
_HEATING: Final = frozenset({Method.HEATING_NORM, Method.HEATING_HOUSE})


@dataclass(frozen=True, slots=True)
class Decision:
    """`season_months`: how many months of the year are heated, whole or begun."""

    choice: Choice
    season_months: int | None = None


def decision_for(choices: Timeline[Decision], month: Period) -> Decision | None:
    """A choice holds for whole months; None: nobody has decided."""
    return value_on(choices, month.first_day)
