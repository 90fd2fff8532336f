"""Who was away for more than five full days is not charged by norm for them."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.charging.absence import Absence, absence
from portal.domain.charging.line import Lack, NotChargeable, Part
from portal.domain.charging.norm import by_norm
from portal.domain.period import Period
from portal.domain.quantity import Quantity
from portal.domain.timeline import Days, constant
from tests.domain.charging.facts import (
    OCTOBER,
    always,
    amounts,
    at,
    dated,
    days_of_october,
    half_up,
    known_on,
    october,
    priced,
    q,
    quantities,
    since,
    total,
    volume,
)

SEPTEMBER, NOVEMBER = Days.of(Period(2026, 9)), Days.of(Period(2026, 11))


def away(left: int, returned: int, persons: int = 1) -> Absence:
    return Absence(date(2026, 10, left), date(2026, 10, returned), persons)


def taken_off(*absences, days=OCTOBER, persons=None, norm=None):
    people, norm = persons or constant(3), norm or always("6.2")
    return absence(days, absences, people, norm, at("50"))


absences = st.lists(
    st.builds(
        lambda left, days, persons: Absence(left, left + timedelta(days), persons),
        st.dates(date(2026, 9, 10), date(2026, 11, 5)),
        st.integers(0, 40),
        st.integers(0, 4),
    ),
    max_size=4,
)


@pytest.mark.parametrize(
    ("returned", "full_days"),
    [(1, None), (2, None), (6, None), (7, None), (8, october(2, 7)), (31, october(2, 30))],
)
def test_neither_the_day_of_leaving_nor_of_coming_back_counts(returned, full_days):
    assert away(1, returned).days == full_days


def test_five_full_days_are_no_reason_to_recalculate():
    assert taken_off(away(1, 7)) == ()


def test_six_full_days_are():
    """1 person × 6.2 m³ × 6 ÷ 31 = 1.2 m³, at 50 ₽."""
    (line,) = taken_off(away(1, 8))
    assert (line.part, line.days) == (Part.RECALCULATION, october(2, 7))
    assert (line.volume, line.amount.plain) == (q("-1.2"), "-60,00")
    assert line.proof["inputs"]["persons_absent"] == -1
    assert line.proof["formula"].startswith("n × N × d ÷ D × T, где n — число временно")


def test_an_absence_over_the_turn_of_a_month_counts_in_both():
    long = Absence(date(2026, 9, 27), date(2026, 10, 4), 1)
    (in_september,), (in_october,) = taken_off(long, days=SEPTEMBER), taken_off(long)
    assert (in_september.days.count, in_october.days.count) == (3, 3)
    assert taken_off(long, days=NOVEMBER) == ()


def test_two_absences_that_overlap_add_up():
    lines = taken_off(away(1, 20), away(10, 31))
    absent = [(line.days, line.proof["inputs"]["persons_absent"]) for line in lines]
    assert absent == [(october(2, 10), -1), (october(11, 19), -2), (october(20, 30), -1)]


def test_days_between_two_absences_are_charged():
    lines = taken_off(away(1, 9), away(20, 30))
    assert [line.days for line in lines] == [october(2, 8), october(21, 29)]


def test_only_who_lives_there_can_be_away():
    lines = taken_off(away(1, 20, persons=9), persons=(since(1, 2), since(11, 1)))
    assert [line.proof["inputs"]["persons_absent"] for line in lines] == [-2, -1]


def test_a_whole_month_away_leaves_nothing():
    gone = Absence(date(2026, 9, 1), date(2026, 12, 1), 3)
    charged = by_norm(OCTOBER, constant(3), always("6.935"), at("50"))
    (line,) = taken_off(gone, norm=always("6.935"))
    assert (line.volume, line.amount) == (-charged[0].volume, -charged[0].amount)


def test_an_unknown_number_of_dwellers_is_no_absence():
    with pytest.raises(NotChargeable) as refused:
        taken_off(away(1, 20), persons=(since(15, 2),))
    assert refused.value.lack is Lack.NO_PERSONS


def test_nobody_away_takes_nothing_off():
    assert taken_off() == ()
    assert taken_off(away(1, 20, persons=0)) == ()
    assert amounts(taken_off(away(1, 20), persons=constant(0))) == []


@given(days_of_october, absences, dated(st.integers(0, 5)), dated(quantities), dated(priced))
def test_absence_takes_off_its_days_and_never_more_than_was_charged(
    days, absences, persons, norm, prices
):
    lines = absence(days, absences, persons, norm, prices)
    assert volume(lines).micro == half_up(-by_the_day(days, absences, persons, norm))
    charged = by_norm(days, persons, norm, prices)
    assert volume(charged).micro + volume(lines).micro >= 0
    assert all(line.volume <= Quantity(0) and line.amount.kopecks <= 0 for line in lines)
    slack = len(charged) + len(lines)  # kopecks: a millionth here or there, at prices ≤ 5000 ₽
    assert total(charged).kopecks + total(lines).kopecks >= -slack


def by_the_day(days, absences, persons, norm):
    """Millionths, counted day by day."""
    whole = Fraction(0)
    for number in range(days.first.day, days.last.day + 1):
        day = date(2026, 10, number)
        gone = sum(
            one.persons
            for one in absences
            if one.left_on < day < one.returned_on and (one.returned_on - one.left_on).days > 6
        )
        whole += Fraction(min(gone, known_on(persons, day)) * known_on(norm, day).micro, 31)
    return whole
