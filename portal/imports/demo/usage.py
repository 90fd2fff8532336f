"""How much a flat uses in a month: by its people, the season and chance; whole numbers only."""

from dataclasses import dataclass
from functools import cache

from portal.domain.period import Period
from portal.domain.quantity import SCALE, Quantity
from portal.imports.demo.cast import Flat, dice

_PERCENT = 100
# January to December, in percent of an even month.
_EVEN = (100,) * 12
_WATER = (98, 97, 99, 100, 103, 108, 104, 106, 101, 99, 98, 100)
# Ten days without hot water in July, and the holidays.
_HOT = (108, 106, 104, 100, 94, 86, 58, 84, 97, 102, 105, 109)
_POWER = (122, 116, 106, 98, 90, 84, 82, 86, 95, 104, 113, 124)


@dataclass(frozen=True, slots=True)
class Habit:
    """Use a month in the last digit of the dial: for each person and for the flat itself."""

    fraction_digits: int
    integer_digits: int
    person: tuple[int, int]
    flat: tuple[int, int]
    season: tuple[int, ...]
    opening: tuple[int, int]


HABITS = {
    "cold": Habit(3, 5, (2600, 4100), (300, 900), _WATER, (180_000, 640_000)),
    "hot": Habit(3, 5, (1700, 2700), (200, 500), _HOT, (120_000, 420_000)),
    "gas": Habit(3, 5, (3300, 5200), (1500, 2600), _EVEN, (400_000, 1_900_000)),
    "day": Habit(0, 6, (45, 66), (44, 62), _POWER, (9_000, 31_000)),
    "night": Habit(0, 6, (17, 27), (22, 34), _POWER, (4_000, 14_000)),
}
_AWAY_CHANCE = 1 / 25
_AWAY_PERCENT = 12
_MINUTES = (15, 190)


@cache
def used(flat: Flat, key: str, period: Period) -> Quantity:
    habit = HABITS[key]
    chance = dice(flat.number, key, period)
    amount = chance.randint(*habit.flat)
    amount += sum(chance.randint(*habit.person) for _ in range(flat.people))
    percent = habit.season[period.month - 1]
    is_away = not flat.is_guest and dice(flat.number, "away", period).random() < _AWAY_CHANCE
    if is_away:
        percent = percent * _AWAY_PERCENT // _PERCENT
    return _in_units(habit, amount * percent // _PERCENT)


def calls(flat: Flat, period: Period) -> int:
    """Minutes on the telephone."""
    return dice(flat.number, "calls", period).randint(*_MINUTES)


def opening(flat: Flat, key: str) -> Quantity:
    habit = HABITS[key]
    return _in_units(habit, dice(flat.number, key, "opening").randint(*habit.opening))


def _in_units(habit: Habit, last_digits: int) -> Quantity:
    return Quantity(last_digits * SCALE // 10**habit.fraction_digits)
