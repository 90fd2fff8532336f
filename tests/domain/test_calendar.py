"""Working days, and by which day a bill is to be paid."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.calendar import DUE_DAYS, Calendar, due_on
from portal.domain.period import Period
from portal.domain.timeline import Since

PLAIN = Calendar()
days = st.dates(date(2014, 1, 1), date(2040, 1, 1))
calendars = st.builds(
    lambda off, working: Calendar(off - working, working),
    st.frozensets(days, max_size=5),
    st.frozensets(days, max_size=5),
)


@pytest.mark.parametrize(
    ("period", "day"),
    [
        (Period(2026, 1), date(2026, 2, 10)),
        (Period(2026, 2), date(2026, 3, 16)),
        (Period(2026, 3), date(2026, 4, 15)),
        (Period(2026, 10), date(2026, 11, 16)),
        (Period(2025, 12), date(2026, 1, 12)),
        (Period(2025, 4), date(2025, 5, 12)),
    ],
)
def test_the_day_by_which_a_bill_is_paid_in_time(period, day):
    assert due_on(period, DUE_DAYS, PLAIN) == day


def test_the_fifteenth_of_november_2026_is_a_sunday_and_stays_where_days_do_not_move():
    assert due_on(Period(2026, 10), DUE_DAYS, PLAIN, moves=False) == date(2026, 11, 15)


def test_an_operator_who_reads_the_law_the_other_way_gives_a_table_of_his_own():
    later = (Since(date(2005, 3, 1), 10), Since(date(2026, 4, 1), 15))
    assert due_on(Period(2026, 2), later, PLAIN) == date(2026, 3, 10)
    assert due_on(Period(2026, 3), later, PLAIN) == date(2026, 4, 15)


def test_a_due_day_that_the_month_lacks_is_its_last_day():
    last = (Since(date(2020, 1, 1), 31),)
    assert due_on(Period(2027, 1), last, PLAIN, moves=False) == date(2027, 2, 28)
    assert due_on(Period(2028, 1), last, PLAIN, moves=False) == date(2028, 2, 29)


def test_without_a_due_day_there_is_no_answer_but_a_sentence():
    with pytest.raises(ValueError, match="Нет срока оплаты счета за 2004-01"):
        due_on(Period(2004, 1), DUE_DAYS, PLAIN)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 4), False),  # a Wednesday, and a holiday
        (date(2026, 11, 14), False),
        (date(2026, 11, 15), False),
        (date(2026, 11, 16), True),
        (date(2026, 1, 8), False),
        (date(2026, 1, 9), True),
    ],
)
def test_saturdays_sundays_and_holidays_are_off(day, works):
    assert PLAIN.is_working(day) is works


def test_the_governments_table_has_the_last_word():
    calendar = Calendar.of(
        [
            (date(2026, 11, 16), False),
            (date(2026, 11, 15), True),
            (date(2026, 11, 4), True),
        ]
    )
    assert calendar.is_working(date(2026, 11, 15))
    assert calendar.is_working(date(2026, 11, 4))
    assert calendar.next_working_day(date(2026, 11, 14)) == date(2026, 11, 15)
    assert calendar.next_working_day(date(2026, 11, 16)) == date(2026, 11, 17)


def test_no_day_is_both():
    with pytest.raises(ValueError, match="16 ноября 2026: и рабочий день, и выходной"):
        Calendar.of([(date(2026, 11, 16), False), (date(2026, 11, 16), True)])


@given(calendars, days)
def test_the_next_working_day_is_the_first_that_is_one(calendar, day):
    found = calendar.next_working_day(day)
    assert calendar.is_working(found)
    between = [day + timedelta(n) for n in range((found - day).days)]
    assert not any(calendar.is_working(one) for one in between)


@given(calendars, st.builds(Period, st.integers(2014, 2039), st.integers(1, 12)))
def test_moving_never_brings_a_bill_forward(calendar, period):
    assert due_on(period, DUE_DAYS, calendar) >= due_on(period, DUE_DAYS, calendar, moves=False)
