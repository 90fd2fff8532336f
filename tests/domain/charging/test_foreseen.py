"""What a reading may come to before its month is charged."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.charging.counted import intervals, measured
from portal.domain.charging.foreseen import foreseen
from portal.domain.charging.line import NotChargeable
from portal.domain.charging.metered import metered_lines
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from tests.domain.charging.meters import OCTOBER, a_meter, always, monthly, q, reading, tariff

BANDS = always(("100", "5"), (None, "7,5"))
NOVEMBER = Period(2026, 11)


def charged(meter, month: Period, prices) -> Money:
    """By the run, once all of the month's readings are there."""
    known = measured(intervals([meter]), month)
    assert known is not None
    return Money.total(line.amount for line in metered_lines(known, prices))


def test_a_reading_costs_what_its_month_will():
    new = reading(date(2026, 11, 20), q("310"))
    assert foreseen([monthly("0", OCTOBER, "180")], new, BANDS) == Money(725_00)


def test_the_first_value_of_a_counter_costs_nothing():
    assert foreseen([], reading(date(2026, 11, 20), q("310")), BANDS) == ZERO


@given(st.lists(st.integers(0, 200_000), min_size=1, max_size=6))
def test_the_readings_of_a_month_add_up_to_its_charge(used):
    value, added = 0, ZERO
    taken: list[tuple[date, str]] = []
    for day, more in enumerate(used, start=1):
        value += more
        shown = f"{value // 1000},{value % 1000:03}"
        meter = a_meter("0", date(2026, 11, 1), *taken)
        added += foreseen([meter], reading(date(2026, 11, day), q(shown), 99), BANDS)
        taken.append((date(2026, 11, day), shown))
    assert added == charged(a_meter("0", date(2026, 11, 1), *taken), NOVEMBER, BANDS)


def test_of_several_months_each_has_its_own_bands():
    known = monthly("0", OCTOBER, "180")
    new = reading(date(2026, 12, 20), q("180"))
    both = reading(date(2026, 12, 20), q("485"), 2)  # 305 kWh on 61 days: 150 and 155
    assert foreseen([known], new, BANDS) == ZERO
    assert foreseen([known], both, BANDS) == Money(2 * 500_00 + 50 * 7_50 + 55 * 7_50)


def test_a_price_that_begins_within_the_month_is_taken_for_its_days():
    prices = tariff((date(2026, 10, 1), "5"), (date(2026, 11, 16), "7"))
    new = reading(date(2026, 11, 20), q("240"))
    assert foreseen([monthly("0", OCTOBER, "180")], new, prices) == Money(30 * 5_00 + 30 * 7_00)


def test_days_without_a_price_cannot_be_foreseen():
    prices = tariff((date(2026, 11, 16), "7"))
    with pytest.raises(NotChargeable):
        foreseen([monthly("0", OCTOBER, "180")], reading(date(2026, 11, 20), q("240")), prices)
