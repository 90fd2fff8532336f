"""Sums for registries of many: which registry says whose money a lump is, and whether both agree.

A bank pays what was collected in one sum, on the day of its registry or some days after, whole or
without its fee.  The number in its document is the registry's, or that of the payment order that
the registry names.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Final, TypeVar

from portal.domain.money import Money

T = TypeVar("T")

NAMED_APART: Final = timedelta(days=31)
"""Numbers begin anew each year: those of one number are not far from each other."""
UNNAMED_APART: Final = timedelta(days=10)
"""As long as the longest holidays: without a number the sum alone must tell."""


class Accord(Enum):
    WHOLE = "сошлось"
    FEE = "сошлось с удержанной комиссией"
    LESS = "меньше реестра: проверьте, что это комиссия"
    DIFFERS = "НЕ СОШЛОСЬ с реестром"


@dataclass(frozen=True, slots=True)
class Lump:
    """`number` is the document's, `registry` what its purpose names, empty if nothing."""

    key: str
    number: str
    registry: str
    day: date
    amount: Money
    words: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A registry of payments of the days `first` to `last`; `number` and `ordered_on` are those of
    the payment order for all, and `transferred` what is left of the `amount` without the fee, where
    it says so.
    """

    key: str
    name: str
    number: str
    ordered_on: date | None
    first: date
    last: date
    count: int
    amount: Money
    transferred: Money | None


@dataclass(frozen=True, slots=True)
class Tie:
    lump: Lump
    listed: Listed

    @property
    def difference(self) -> Money:
        """How much less the bank has paid than the registry says."""
        return self.listed.amount - self.lump.amount

    @property
    def accord(self) -> Accord:
        if self.lump.amount == self.listed.amount:
            return Accord.WHOLE
        if self.listed.transferred is None:
            return Accord.LESS if self.difference.kopecks > 0 else Accord.DIFFERS
        is_transferred = self.lump.amount == self.listed.transferred
        return Accord.FEE if is_transferred else Accord.DIFFERS


@dataclass(frozen=True, slots=True)
class Tied:
    """Every lump is in one tie or in `alone`."""

    ties: tuple[Tie, ...]
    alone: tuple[Lump, ...]


def tie(lumps: Sequence[Lump], registries: Sequence[Listed]) -> Tied:
    """Of each lump and each registry one at most: first by their numbers, then by sums that agree,
    the nearest in days first.  Always the same, in whatever order they came.
    """
    by_number: dict[str, list[Listed]] = defaultdict(list)
    by_sum: dict[Money, list[Listed]] = defaultdict(list)
    for listed in registries:
        by_number[_bare(listed.number)].append(listed)
        for amount in {listed.amount, listed.transferred or listed.amount}:
            by_sum[amount].append(listed)
    named = _pairs(lumps, lambda each: _bares((each.registry, each.number)), by_number, _is_named)
    unnamed = _pairs(lumps, lambda each: {each.amount}, by_sum, _is_alike)
    taken: dict[str, Tie] = {}
    used = set[str]()
    for each in (*named, *unnamed):
        if each.lump.key not in taken and each.listed.key not in used:
            taken[each.lump.key] = each
            used.add(each.listed.key)
    ties = tuple(taken[lump.key] for lump in lumps if lump.key in taken)
    return Tied(ties, tuple(lump for lump in lumps if lump.key not in taken))


def _pairs(
    lumps: Iterable[Lump],
    keys: Callable[[Lump], set[T]],
    registries: Mapping[T, Sequence[Listed]],
    fits: Callable[[Tie], bool],
) -> list[Tie]:
    """The best first."""
    near = (
        Tie(lump, listed)
        for lump in lumps
        for key in keys(lump)
        for listed in registries.get(key, ())
    )
    return sorted(filter(fits, near), key=_rank)


def _is_named(pair: Tie) -> bool:
    number = _bare(pair.listed.number)
    is_same = number in _bares((pair.lump.registry, pair.lump.number))
    return bool(number) and is_same and abs(_apart(pair)) <= NAMED_APART


def _is_alike(pair: Tie) -> bool:
    """Two numbers that differ are two registries, whatever their sums."""
    is_named_otherwise = bool(pair.listed.number and pair.lump.registry) and not _is_named(pair)
    agrees = pair.accord in {Accord.WHOLE, Accord.FEE}
    return not is_named_otherwise and agrees and timedelta(0) <= _apart(pair) <= UNNAMED_APART


def _rank(pair: Tie) -> tuple[bool, timedelta, str, str]:
    is_odd = pair.accord not in {Accord.WHOLE, Accord.FEE}
    return is_odd, abs(_apart(pair)), pair.lump.key, pair.listed.key


def _apart(pair: Tie) -> timedelta:
    """How long after the registry its money came."""
    return pair.lump.day - (pair.listed.ordered_on or pair.listed.last)


def _bares(numbers: Iterable[str]) -> set[str]:
    return {_bare(number) for number in numbers if number}


def _bare(number: str) -> str:
    """Zeros before a number are written or not."""
    return number.lstrip("0") or number
