"""From the inputs of its proof alone a reader arrives at the volume and the amount of a line."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.charging.bands import Band, Bands
from portal.domain.charging.counted import intervals
from portal.domain.charging.estimated import Rules, average, average_lines
from portal.domain.charging.metered import metered_lines
from portal.domain.quantity import Price, Quantity
from portal.domain.timeline import Days, Since
from tests.domain.charging.facts import half_up
from tests.domain.charging.meters import priced, read_meters, told


def length(span) -> int:
    return (date.fromisoformat(span["to"]) - date.fromisoformat(span["from"])).days + 1


def month_volume(inputs) -> Fraction:
    """In millionths: of the readings rounded, of an average exact."""
    if "months" in inputs:
        share = Fraction(inputs["days_served"], inputs["days_of_month"])
        return Fraction(inputs["used"]) / Fraction(*inputs["months"]) * share
    used = sum(step["current"] + step["passed"] - step["previous"] for step in inputs["readings"])
    whole, month = inputs["interval"], inputs["measured"]
    a_day = Fraction(used, length(whole))
    until = a_day * length({"from": whole["from"], "to": month["to"]})
    return Fraction(half_up(until) - half_up(until - a_day * length(month)))


def recomputed(inputs) -> tuple[int, int]:
    """The volume in millionths and the amount in kopecks."""
    own = month_volume(inputs) * Fraction(inputs["days"], inputs["days_served"])
    if "band" in inputs:
        share = Fraction(inputs["days"], inputs["days_of_month"])
        above, upto = inputs["band"]["above"], inputs["band"]["upto"]
        own = (own if upto is None else min(own, upto * share)) - above * share
    before = Fraction(*map(int, inputs.get("before", (0, 1))))
    volume = half_up(before + own) - half_up(before)
    return volume, half_up(Fraction(volume * inputs["price"], 10**10))


edges = st.lists(st.integers(1, 10**8), max_size=2, unique=True).map(sorted)


@st.composite
def tariffs(draw):
    """One to three tables of bands, with one band or more."""
    changes = draw(st.lists(st.integers(1, 400), max_size=2, unique=True).map(sorted))
    rows = []
    for day in [0, *changes]:
        bands = [*map(Quantity, draw(edges)), None]
        made = (Band(upto, priced(Price(draw(st.integers(0, 10**9))).text())) for upto in bands)
        start = date(2026, 1, 1).toordinal()
        rows.append(Since(date.fromordinal(start + day), Bands(tuple(made))))
    return tuple(rows)


@given(read_meters(longest=6), tariffs())
def test_what_was_metered(meter_and_use, tariff):
    meter, _ = meter_and_use
    for month in {month for each in intervals([meter]) for month in each.months}:
        for line in metered_lines(told([meter], month), tariff):
            assert recomputed(line.proof["inputs"]) == (line.volume.micro, line.amount.kopecks)


@given(read_meters(longest=6), tariffs(), st.integers(1, 28), st.integers(0, 400))
def test_what_was_averaged(meter_and_use, tariff, last, day):
    taken = average(intervals([meter_and_use[0]]), Rules(least_months=1))
    if taken is None:
        return
    first = date.fromordinal(date(2026, 1, 1).toordinal() + day)
    days = Days(first, first.replace(day=max(first.day, last)))
    for line in average_lines(taken, days, tariff, ""):
        assert recomputed(line.proof["inputs"]) == (line.volume.micro, line.amount.kopecks)
