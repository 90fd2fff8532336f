"""Which day of a reading decides whether it came in time."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.deadline import counting_day, counting_month, counting_months
from portal.domain.period import Period
from portal.domain.timeline import Since, value_on

LAST = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("days_late", "tolerance", "decides"),
    [
        (0, 5, LAST),
        (0, 0, LAST),
        (5, 5, LAST),
        (6, 5, date(2026, 12, 1)),
        (1, 0, date(2026, 11, 26)),
    ],
)
def test_the_day_of_taking_decides_within_the_tolerance(
    days_late: int, tolerance: int, decides: date
) -> None:
    assert counting_day(LAST, LAST + timedelta(days_late), tolerance) == decides


@given(st.dates(date(2014, 1, 1), date(2040, 1, 1)), st.integers(0, 60), st.integers(0, 31))
def test_no_reading_counts_before_it_was_taken_or_after_it_came(
    taken_on: date, days: int, tolerance: int
) -> None:
    arrived_on = taken_on + timedelta(days)
    assert taken_on <= counting_day(taken_on, arrived_on, tolerance) <= arrived_on


@pytest.mark.parametrize(
    ("counted_on", "month"),
    [
        (date(2026, 10, 1), "2026-10"),
        (date(2026, 10, 25), "2026-10"),
        (date(2026, 10, 26), "2026-11"),
        (date(2026, 12, 31), "2027-01"),
        (date(2028, 2, 29), "2028-03"),
    ],
)
def test_the_due_day_decides_the_month(counted_on: date, month: str) -> None:
    assert str(counting_month(counted_on, 25)) == month


def test_where_a_month_ends_before_the_due_day_all_of_it_is_in_time() -> None:
    assert counting_month(date(2026, 2, 28), 31) == Period(2026, 2)


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 31), st.integers(1, 31),
    st.integers(0, 400),
)  # fmt: skip
def test_the_months_of_all_days_are_those_of_each_day(arrives_on, tolerance, due_day, ago):
    taken_on = arrives_on - timedelta(ago)
    told = value_on(counting_months(arrives_on, tolerance, due_day), taken_on)
    assert told == counting_month(counting_day(taken_on, arrives_on, tolerance), due_day)


def test_who_comes_after_the_due_day_may_have_read_before_it():
    """On 28 November with five days: from the 23rd to the 25th it was in time."""
    assert counting_months(date(2026, 11, 28), 5, 25) == (
        Since(date.min, Period(2026, 12)),
        Since(date(2026, 11, 23), Period(2026, 11)),
        Since(date(2026, 11, 26), Period(2026, 12)),
    )
