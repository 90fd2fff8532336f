"""A month's lines, reckoned day by day without the portal's own charging: slow, and plain enough
to be checked against the rules by eye.

A line is what days in a row with the same facts have: its volume is rounded so that the month's
lines add up to the rounded month, its amount is rounded once.  All rounding is half away from zero.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import groupby
from typing import Any

MILLION = 1_000_000
LONGEST_UNCOUNTED = 5


@dataclass(frozen=True, slots=True, order=True)
class Told:
    part: str
    first: date
    last: date
    price_id: int
    micro: int
    kopecks: int


@dataclass(frozen=True, slots=True)
class Bit:
    """An exact volume of days in a row, to be rounded and priced."""

    days: list[date]
    priced: Any
    volume: Fraction


def days_of(year: int, month: int) -> list[date]:
    first = date(year, month, 1)
    days = (first + timedelta(index) for index in range(31))
    return [day for day in days if day.month == month]


def on(timeline: Any, day: date) -> Any:
    """What holds on `day`."""
    known = [since.value for since in timeline if since.valid_from <= day]
    return known[-1] if known else None


def exact(number: Any) -> Fraction:
    return Fraction(number.micro, MILLION)


def whole(number: Fraction) -> int:
    with localcontext() as context:
        context.prec = 80
        quotient = Decimal(number.numerator) / Decimal(number.denominator)
        return int(quotient.quantize(Decimal(1), ROUND_HALF_UP))


def rows(days: Iterable[date], facts: Callable[[date], Any]) -> list[tuple[list[date], Any]]:
    """`days` in rows with the same facts."""
    grouped = groupby(days, key=facts)
    return [(list(each), known) for known, each in grouped]


def priced(bits: Iterable[Bit], part: str = "base") -> list[Told]:
    told, cumulated = [], Fraction(0)
    for bit in bits:
        micro = whole((cumulated + bit.volume) * MILLION) - whole(cumulated * MILLION)
        cumulated += bit.volume
        kopecks = whole(Fraction(micro * bit.priced.price.micro, MILLION * MILLION) * 100)
        first, last = bit.days[0], bit.days[-1]
        told.append(Told(part, first, last, bit.priced.price_id, micro, kopecks))
    return told


def product(
    days: list[date],
    factors: list[Any],
    prices: Any,
    volume: Callable[..., Fraction],
    share: int,
    part: str = "base",
) -> list[Told]:
    """`volume` of the factors' values is that of `share` days."""

    def facts(day: date) -> Any:
        return [on(factor, day) for factor in factors], on(prices, day)

    bits = [
        Bit(same, price, volume(*values) * len(same) / share)
        for same, (values, price) in rows(days, facts)
    ]
    return priced(bits, part)


@dataclass(frozen=True, slots=True)
class Heads:
    """How many are counted by a norm, and who they are; `value` from `valid_from` on."""

    valid_from: date
    number: int
    who: str

    @property
    def value(self) -> "tuple[int, str]":
        return self.number, self.who


def counting(days: list[date], people: Any, owners: Any) -> list[Heads]:
    """Day by day: who lives there, or if nobody does, the owners."""
    return [
        Heads(day, on(people, day), "people")
        if on(people, day)
        else Heads(day, on(owners, day), "owners")
        for day in days
    ]


def absent(days: list[date], people: Any, norm: Any, prices: Any, gone: Any, share: int):
    """Who was away for more than five full days, at most all who live there."""

    def facts(day: date) -> Any:
        away = sum(
            one.persons
            for one in gone
            if one.left_on < day < one.returned_on
            and (one.returned_on - one.left_on).days - 1 > LONGEST_UNCOUNTED
        )
        return min(away, on(people, day)), on(norm, day), on(prices, day)

    bits = [
        Bit(same, price, -away * exact(value) * len(same) / share)
        for same, (away, value, price) in rows(days, facts)
    ]
    lines = priced(bits, "recalculation")
    return [line for line, bit in zip(lines, bits, strict=True) if bit.volume]


def raised(days: list[date], people: Any, norm: Any, factor: Any, prices: Any, share: int):
    """The base of each row, and its excess: rounded total less rounded base."""
    facts = [people, norm, factor]
    base = product(days, facts, prices, lambda n, v, _: n[0] * exact(v), share)
    total = product(days, facts, prices, lambda n, v, k: n[0] * exact(v) * exact(k), share)
    excess = [
        Told("excess", a.first, a.last, a.price_id, b.micro - a.micro, b.kopecks - a.kopecks)
        for a, b in zip(base, total, strict=True)
        if exact(on(factor, a.first)) != 1
    ]
    return base + excess


def in_bands(used: Iterable[tuple[list[date], Fraction]], bands: Any, share: int) -> list[Told]:
    """Of each row of days its volume, cut at the prices and at the edges, shortened with the
    days.
    """
    bits = []
    for days, volume in used:
        for same, table in rows(days, lambda day: on(bands, day)):
            left, below = volume * len(same) / len(days), Fraction(0)
            for band in table.bands:
                upper = None if band.upto is None else exact(band.upto) * len(same) / share
                taken = left if upper is None else min(left, upper - below)
                if taken or not below:
                    bits.append(Bit(same, band.priced, taken))
                left, below = left - taken, upper or below
    return priced(bits)


def month_index(day: date) -> int:
    return day.year * 12 + day.month - 1


def last_of(index: int) -> date:
    return date(*divmod(index + 1, 12)[:1], (index + 1) % 12 + 1, 1) - timedelta(1)


def metered_volumes(meter: Any) -> dict[int, tuple[int, int]]:
    """Of each month that the readings tell of: its millionths and its days from the fitting on."""
    found: dict[int, tuple[int, int]] = {}
    value, first = meter.opening.micro, meter.opened_on
    for reading in sorted(meter.readings, key=lambda one: one.taken_on):
        counts_for = reading.counts_for
        last = last_of(counts_for.year * 12 + counts_for.month - 1)
        days = [first + timedelta(index) for index in range((last - first).days + 1)]
        step, before = Fraction(reading.value.micro - value, len(days)), 0
        for same, index in rows(days, month_index):
            after = before + len(same)
            found[index] = whole(step * after) - whole(step * before), len(same)
            before = after
        value, first = reading.value.micro, last + timedelta(1)
    return found


def read(
    days: list[date], meter: Any, service: Any, steps: Any, people: Any, share: int
) -> list[Told]:
    """The month's readings; else the average of six months (of at least three), for three months;
    else the norm.  `people` are `counting`.
    """
    volumes, index = metered_volumes(meter), month_index(days[0])
    if index in volumes:
        return in_bands([(days, Fraction(volumes[index][0], MILLION))], steps, share)
    latest = max(volumes, default=index)
    taken = [latest - back for back in range(6) if latest - back in volumes]
    length = sum((Fraction(volumes[one][1], last_of(one).day) for one in taken), Fraction(0))
    if length >= 3 and index - latest <= 3:
        used = sum(volumes[one][0] for one in taken)
        monthly = Fraction(used, MILLION) / length
        return in_bands([(days, monthly * len(days) / share)], steps, share)
    same = rows(days, lambda day: (on(people, day), on(service.norm, day)))
    used_rows = [(row, n[0] * exact(v) * len(row) / share) for row, (n, v) in same]
    if service.bands:
        return in_bands(used_rows, steps, share)
    facts = [people, service.norm]
    return product(days, facts, service.prices, lambda n, v: n[0] * exact(v), share)
