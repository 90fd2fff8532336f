"""Facts that change from a day on, and the month cut where they do."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.period import Period
from portal.domain.timeline import Days, Since, combined, constant, pieces, value_on

OCTOBER = Days.of(Period(2026, 10))


def october(first: int, last: int) -> Days:
    return Days(date(2026, 10, first), date(2026, 10, last))


def since(day: int, value: int | None) -> Since[int | None]:
    return Since(date(2026, 10, day), value)


days_near = st.dates(date(2026, 9, 20), date(2026, 11, 10))
timelines = st.lists(st.tuples(days_near, st.none() | st.integers(0, 2)), max_size=5).map(
    lambda rows: tuple(Since(*row) for row in sorted(rows, key=lambda row: row[0]))
)


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 10, 1), date(2026, 10, 17), "с 1 по 17 октября 2026"),
        (date(2026, 10, 2), date(2026, 10, 3), "со 2 по 3 октября 2026"),
        (date(2026, 10, 22), date(2026, 11, 3), "с 22 октября по 3 ноября 2026"),
        (date(2026, 12, 31), date(2027, 1, 1), "с 31 декабря 2026 по 1 января 2027"),
        (date(2026, 10, 5), date(2026, 10, 5), "5 октября 2026"),
    ],
)
def test_days_are_said_as_a_person_says_them(first, last, text):
    assert str(Days(first, last)) == text


def test_days_include_their_first_and_last():
    days = october(5, 7)
    assert days.count == 3
    assert [day in days for day in (date(2026, 10, d) for d in range(4, 9))] == [
        False, True, True, True, False,
    ]  # fmt: skip


def test_the_last_day_is_never_before_the_first():
    with pytest.raises(ValueError, match="2026"):
        october(5, 4)


def test_a_month_is_all_of_its_days():
    assert (OCTOBER.count, Days.of(Period(2028, 2)).count) == (31, 29)


@pytest.mark.parametrize(
    ("one", "common"),
    [
        (october(1, 5), october(3, 5)),
        (october(4, 4), october(4, 4)),
        (october(7, 9), october(7, 7)),
        (october(1, 2), None),
        (october(8, 9), None),
    ],
)
def test_the_days_that_two_rows_have_in_common(one, common):
    assert one.within(october(3, 7)) == common
    assert october(3, 7).within(one) == common


def test_before_the_first_fact_nothing_is_known():
    timeline = (since(5, 1), since(9, 2))
    known = [value_on(timeline, date(2026, 10, day)) for day in (4, 5, 8, 9, 31)]
    assert known == [None, 1, 1, 2, 2]


def test_what_is_constant_held_always_and_nothing_was_never_known():
    assert value_on(constant(7), date.min) == 7
    assert constant(None) == ()
    assert pieces(OCTOBER, [constant(7)]) == (OCTOBER,)


def test_a_month_is_cut_at_the_changes_inside_it_only():
    before, first_day, last_day = since(1, 1), since(1, 2), since(31, 3)
    assert pieces(OCTOBER, [(before,)]) == (OCTOBER,)
    assert pieces(OCTOBER, [(first_day,)]) == (OCTOBER,)
    assert pieces(OCTOBER, [(before, last_day)]) == (october(1, 30), october(31, 31))
    assert pieces(OCTOBER, [(Since(date(2026, 11, 1), 1),)]) == (OCTOBER,)


def test_a_month_is_cut_by_each_of_the_facts_once():
    cut = pieces(OCTOBER, [(since(1, 1), since(6, 2)), (since(1, 5), since(6, 6), since(18, 7))])
    assert cut == (october(1, 5), october(6, 17), october(18, 31))


def test_the_same_value_again_is_no_change():
    assert pieces(OCTOBER, [(since(1, 3), since(9, 3))]) == (OCTOBER,)


def test_the_end_of_knowledge_is_a_change():
    assert pieces(OCTOBER, [(since(1, 3), since(9, None))]) == (october(1, 8), october(9, 31))


@given(days_near, st.integers(0, 40), st.lists(timelines, max_size=3))
def test_pieces_are_all_the_days_in_order_and_constant_within(first, more, facts):
    days = Days(first, first + timedelta(more))
    cut = pieces(days, facts)
    walked = [p.first + timedelta(i) for p in cut for i in range(p.count)]
    assert walked == [first + timedelta(i) for i in range(more + 1)]
    values = [
        {tuple(value_on(f, p.first + timedelta(i)) for f in facts) for i in range(p.count)}
        for p in cut
    ]
    assert all(len(each) == 1 for each in values)
    assert all(one != next_one for one, next_one in pairwise(values))


@given(timelines, timelines, days_near)
def test_combined_facts_are_the_function_of_each_day(left, right, day):
    one, other = value_on(left, day), value_on(right, day)
    expected = None if one is None or other is None else one - other
    assert value_on(combined(lambda a, b: a - b, left, right), day) == expected
