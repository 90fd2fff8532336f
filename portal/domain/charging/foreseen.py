"""What a reading that is charged with its month may come to, by the rules of that month."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from portal.domain.charging.bands import Bands
from portal.domain.charging.counted import Interval, Meter, Reading, intervals, measured
from portal.domain.charging.metered import metered_lines
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.domain.timeline import Timeline


def foreseen(meters: Iterable[Meter], new: Reading, tariff: Timeline[Bands]) -> Money:
    """What the months that `new` tells of come to with it, less what they come to without it: the
    readings of a month add up to its charge, each at the prices of the bands that it reaches.

    `new` is the latest reading of the latest of `meters`; the days are taken as served, all of
    them.  Raises NotChargeable: as `intervals`, and for days without a price.
    """
    before = sorted(meters, key=lambda meter: meter.opened_on)
    if not before:
        return ZERO
    latest = replace(before[-1], readings=(*before[-1].readings, new))
    known = intervals((*before[:-1], latest))
    months = known[-1].months if known else ()
    return _sum(known, months, tariff) - _sum(intervals(before), months, tariff)


def _sum(known: Sequence[Interval], months: Iterable[Period], tariff: Timeline[Bands]) -> Money:
    told = [each for month in months if (each := measured(known, month)) is not None]
    return Money.total(line.amount for each in told for line in metered_lines(each, tariff))
