"""Months of the calendar, and how dates are written."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.period import (
    MONTHS,
    Period,
    day_text,
    moment_text,
    short_day_text,
    since_day_text,
)

periods = st.builds(Period, st.integers(1000, 8999), st.integers(1, 12))
shifts = st.integers(-11000, 11000)


@given(periods)
def test_what_is_written_can_be_read_again(period):
    assert Period.parse(str(period)) == period
    assert len(str(period)) == 7


@pytest.mark.parametrize(
    "text",
    ["", "2014-5", "2014-13", "2014-00", "0000-01", "14-05", "2014-05-01", " 2014-05", "٢٠١٤-٠٥"],
)
def test_what_is_no_month(text):
    with pytest.raises(ValueError):  # noqa: PT011 - that it is none is all that is said
        Period.parse(text)


@given(periods, shifts, shifts)
def test_shifts_add_up(period, one, other):
    try:
        there = period.shifted(one)
        further = there.shifted(other)
    except ValueError:
        return  # beyond the calendar
    assert further == period.shifted(one + other)
    assert there.shifted(-one) == period
    assert (there > period) is (one > 0)


@given(periods)
def test_the_days_of_a_month_lie_between_its_neighbours(period):
    assert Period.of(period.first_day) == Period.of(period.last_day) == period
    assert (period.shifted(1).first_day - period.last_day).days == 1
    assert (period.first_day - period.shifted(-1).last_day).days == 1


@given(periods, periods)
def test_their_writing_sorts_as_they_do(one, other):
    assert (str(one) < str(other)) is (one < other)


@pytest.mark.parametrize(
    ("moment", "moscow", "vladivostok"),
    [
        (datetime(2026, 10, 31, 20, 59, 59, tzinfo=UTC), Period(2026, 10), Period(2026, 11)),
        (datetime(2026, 10, 31, 21, 0, 0, tzinfo=UTC), Period(2026, 11), Period(2026, 11)),
        (datetime(2026, 10, 31, 13, 59, 59, tzinfo=UTC), Period(2026, 10), Period(2026, 10)),
        (datetime(2025, 12, 31, 14, 0, 0, tzinfo=UTC), Period(2025, 12), Period(2026, 1)),
        (datetime(2014, 5, 31, 20, 0, 0, tzinfo=UTC), Period(2014, 6), Period(2014, 6)),
    ],
)
def test_a_moment_belongs_to_the_month_of_the_operators_zone(moment, moscow, vladivostok):
    assert Period.at(moment, ZoneInfo("Europe/Moscow")) == moscow
    assert Period.at(moment, ZoneInfo("Asia/Vladivostok")) == vladivostok


@given(periods, st.integers(-200, 200))
def test_how_many_months_lie_between(period, months):
    assert period.shifted(months).months_since(period) == months


def test_since_when_is_said_as_it_is_spoken():
    assert since_day_text(date(2026, 10, 2)) == "со 2 октября 2026"
    assert since_day_text(date(2026, 10, 22)) == "с 22 октября 2026"


def test_how_people_are_shown_them():
    assert Period(2014, 5).title == "Май 2014"
    assert day_text(date(2014, 4, 7)) == "7 апреля 2014"
    assert short_day_text(date(2014, 4, 7)) == "07.04.2014"
    moment = datetime(2014, 5, 28, 3, 55, tzinfo=UTC)
    assert moment_text(moment, ZoneInfo("Europe/Moscow")) == "28 мая 2014 07:55"


def test_all_twelve_have_names():
    titles = [Period(2026, month).title for month in range(1, 13)]
    assert titles == [f"{name.capitalize()} 2026" for name in MONTHS]
    assert [day_text(date(2026, month, 1))[2:6] for month in range(1, 13)] == [
        "янва", "февр", "март", "апре", "мая ", "июня",
        "июля", "авгу", "сент", "октя", "нояб", "дека",
    ]  # fmt: skip


@pytest.mark.parametrize(("year", "month"), [(2026, 0), (2026, 13), (0, 1), (10000, 1)])
def test_there_is_no_such_month(year, month):
    with pytest.raises(ValueError):  # noqa: PT011 - that it is none is all that is said
        Period(year, month)
