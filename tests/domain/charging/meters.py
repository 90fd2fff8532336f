"""Meters, readings and tariffs in the fewest words."""

from collections.abc import Iterable
from datetime import date

from hypothesis import strategies as st

from portal.domain.charging.bands import Band, Bands
from portal.domain.charging.counted import Measured, Meter, Reading, intervals, measured
from portal.domain.charging.line import Priced
from portal.domain.deadline import counting_month
from portal.domain.meter import Dial
from portal.domain.period import Period
from portal.domain.quantity import SCALE, Price, Quantity
from portal.domain.timeline import Since, Timeline

DUE_DAY = 25
FIVE_DIGITS = Dial(5, 3)
LONG_AGO = date(2000, 1, 1)
OCTOBER = Period(2026, 10)


def q(text: str) -> Quantity:
    return Quantity.parse(text)


def priced(text: str, price_id: int = 1) -> Priced:
    return Priced(price_id, Price.parse(text))


def tariff(*prices: tuple[date, str]) -> Timeline[Bands]:
    """A single price from each day on; their ids count from 1."""
    return tuple(
        Since(day, Bands((Band(None, priced(text, number)),)))
        for number, (day, text) in enumerate(prices, start=1)
    )


def always(*bands: tuple[str | None, str]) -> Timeline[Bands]:
    """The same bands on every day; their price ids count from 1."""
    made = (
        Band(None if upto is None else q(upto), priced(text, number))
        for number, (upto, text) in enumerate(bands, start=1)
    )
    return (Since(LONG_AGO, Bands(tuple(made))),)


def told(meters: Iterable[Meter], month: Period = OCTOBER) -> Measured:
    """What the readings say of a month of which they say something."""
    found = measured(intervals(meters), month)
    assert found is not None
    return found


def reading(taken_on: date, value: Quantity, reading_id: int = 1) -> Reading:
    """Sent on the day on which it was taken."""
    return Reading(reading_id, taken_on, counting_month(taken_on, DUE_DAY), value)


def a_meter(
    opening: str,
    opened_on: date,
    *readings: tuple[date, str],
    dial: Dial = FIVE_DIGITS,
    serial: str = "1",
) -> Meter:
    taken = (
        reading(day, q(value), number) for number, (day, value) in enumerate(readings, start=1)
    )
    return Meter(serial, dial, q(opening), opened_on, tuple(taken))


def monthly(opening: str, since: Period, *values: str) -> Meter:
    """Fitted on the first of `since` and read on the 20th of every month."""
    months = (since.shifted(index) for index in range(len(values)))
    days = (date(month.year, month.month, 20) for month in months)
    return a_meter(opening, since.first_day, *zip(days, values, strict=True))


@st.composite
def read_meters(draw, *, longest: int = 14):
    """A meter in a chance state that passes its end now and then, read on chance days of some
    months; with what was used in truth.
    """
    digits = draw(st.integers(3, 6))
    dial, capacity = Dial(digits, 3), 10**digits * SCALE
    opened = date(2026, 1, 1).toordinal() + draw(st.integers(0, 40))
    value = opening = draw(st.integers(0, capacity // 1000 - 1)) * 1000
    day, total, readings = opened, 0, []
    for number, gap in enumerate(draw(st.lists(st.integers(0, 70), min_size=1, max_size=longest))):
        used = draw(st.integers(0, 60_000)) * 1000
        day, total, value = day + gap, total + used, (value + used) % capacity
        readings.append(reading(date.fromordinal(day), Quantity(value), number))
    meter = Meter("1", dial, Quantity(opening), date.fromordinal(opened), tuple(readings))
    return meter, Quantity(total)
