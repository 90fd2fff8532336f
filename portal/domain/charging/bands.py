"""A volume cut by the days on which the price changed and by the bands of consumption."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise

from portal.domain.charging.line import Lack, NotChargeable, Priced, in_turn, rounded
from portal.domain.made import made_often
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import SCALE, Quantity, cost
from portal.domain.timeline import Days, Timeline, combined, pieces, value_on

_NONE_BEFORE, _NOTHING = Fraction(0), Quantity(0)


@dataclass(frozen=True, slots=True)
class Band:
    """The price of what is used above the band before, up to `upto` a month."""

    upto: Quantity | None
    """None: however much it is."""
    priced: Priced


@dataclass(frozen=True, slots=True)
class Bands:
    """Ascending; only the last is open.  A single price is one open band.

    Raises ValueError: edges that do not rise from above zero, a last band with an edge.
    """

    bands: tuple[Band, ...]

    def __post_init__(self) -> None:
        edges = [0, *(band.upto.micro for band in self.bands[:-1] if band.upto is not None)]
        is_open_last = bool(self.bands) and self.bands[-1].upto is None
        if not is_open_last or len(edges) != len(self.bands):
            raise ValueError("the last band, and it alone, is open")
        if any(lower >= upper for lower, upper in pairwise(edges)):
            raise ValueError("the edges of bands rise from above zero")


@made_often(frozen=True, slots=True)
class Cut:
    """What of a volume falls on `days` and into one band."""

    days: Days
    volume: Quantity
    before: Fraction
    """The exact units of the cuts before it: rounded with its own and without, they give
    `volume`.
    """
    priced: Priced
    above: Quantity
    """The lower edge of the band, a month's."""
    upto: Quantity | None
    """The upper edge, a month's; None: open."""

    @property
    def amount(self) -> Money:
        return cost(self.volume, self.priced.price)

    @property
    def is_banded(self) -> bool:
        return self.above.micro > 0 or self.upto is not None


def flat(prices: Timeline[Priced]) -> Timeline[Bands]:
    """Prices that do not depend on how much is used."""
    return combined(lambda priced: Bands((Band(None, priced),)), prices)


def cuts(volume: Fraction, days: Days, tariff: Timeline[Bands]) -> tuple[Cut, ...]:
    """`volume` units, used evenly on `days` of one month: a cut for each price and each band that
    it reaches.  The cuts add up to the volume, rounded once to a millionth.

    The edges of the bands belong to a whole month and are shortened with the days.

    Raises ValueError: a negative volume; NotChargeable: days without a price.
    """
    if volume < 0:
        raise ValueError(volume)
    priced = _only_price(days, tariff)
    if priced is not None:
        used = rounded(volume.numerator * SCALE, volume.denominator)
        return (Cut(days, used, _NONE_BEFORE, priced, _NOTHING, None),)
    return spread([(days, volume)], tariff)


def cuts_of(volume: Quantity, days: Days, tariff: Timeline[Bands]) -> tuple[Cut, ...]:
    """`cuts` of a volume of whole millionths, nearly always without fractions."""
    priced = _only_price(days, tariff) if volume.micro >= 0 else None
    if priced is not None:
        return (Cut(days, volume, _NONE_BEFORE, priced, _NOTHING, None),)
    return cuts(Fraction(volume.micro, SCALE), days, tariff)


def _only_price(days: Days, tariff: Timeline[Bands]) -> Priced | None:
    """Of all of `days`, however much is used; None where there are several."""
    first = value_on(tariff, days.first)
    if first is None or len(first.bands) != 1 or len(pieces(days, (tariff,))) != 1:
        return None
    return first.bands[0].priced


def spread(used: Iterable[tuple[Days, Fraction]], tariff: Timeline[Bands]) -> tuple[Cut, ...]:
    """The same of several rows of days of one month, each with what was used on it."""
    exact = [
        (piece, above, band, part)
        for days, volume in used
        for piece in pieces(days, [tariff])
        for above, band, part in _portions(volume, piece, days, tariff)
    ]
    portions = [part for *_, part in exact]
    before = accumulate(portions, initial=Fraction(0))
    return tuple(
        Cut(piece, part, so_far, band.priced, above, band.upto)
        for (piece, above, band, _), part, so_far in zip(
            exact, in_turn(portions), before, strict=False
        )
    )


def _portions(
    volume: Fraction, piece: Days, days: Days, tariff: Timeline[Bands]
) -> Iterator[tuple[Quantity, Band, Fraction]]:
    """The lower edge, the band and its exact part of what was used on `piece`."""
    bands = value_on(tariff, piece.first)
    if bands is None:
        raise NotChargeable(Lack.NO_PRICE, piece)
    used = volume * piece.count / days.count
    share = Fraction(piece.count, Days.of(Period.of(days.first)).count * SCALE)
    above = Quantity(0)
    for band in bands.bands:
        lower = above.micro * share
        upper = used if band.upto is None else min(used, band.upto.micro * share)
        if upper > lower or not above.micro:
            yield above, band, upper - lower
        above = band.upto or above
