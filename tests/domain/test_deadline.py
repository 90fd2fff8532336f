"""Which day of a reading decides whether it came in time."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.deadline import counting_day

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
