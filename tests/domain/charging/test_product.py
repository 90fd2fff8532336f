"""The engine: a month cut where a fact changes, exact in volume, each line rounded once."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.charging import norm as norm_file
from portal.domain.charging.dwelling import by_area, by_person, by_quantity
from portal.domain.charging.line import Line, Part, in_turn, rounded
from portal.domain.charging.norm import Owners, by_norm, by_raised_norm, dwellers
from portal.domain.money import Money
from portal.domain.quantity import SCALE, Quantity, cost
from portal.domain.timeline import Days, Since, constant, pieces, value_on
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
    price,
    priced,
    q,
    quantities,
    recomputed,
    since,
    some,
    volume,
)

persons = dated(st.integers(0, 9))
exact_volumes = st.fractions(-(10**6), 10**6, max_denominator=10**7)


def by_the_day(days, persons, norm):
    """The exact volume of the Rules' formula 4, summed day by day."""
    per_day = Fraction(1, 31 * SCALE)
    return sum(
        known_on(persons, day) * known_on(norm, day).micro * per_day
        for day in (date(2026, 10, n) for n in range(days.first.day, days.last.day + 1))
    )


@given(days_of_october, persons, dated(quantities), dated(priced))
def test_a_month_cut_by_any_changes_is_exact(days, persons, norm, prices):
    lines = by_norm(days, persons, norm, prices)
    exact = by_the_day(days, persons, norm)
    assert volume(lines).micro == half_up(exact * SCALE)
    assert tuple(line.days for line in lines) == pieces(days, (persons, norm, prices))
    for line in lines:
        piece = by_the_day(line.days, persons, norm)
        assert abs(Fraction(line.volume.micro) - piece * SCALE) < 1
        assert abs(
            line.amount.kopecks - Fraction(line.volume.micro * line.price.micro, 10**10)
        ) <= Fraction(1, 2)


@given(days_of_october, persons, dated(quantities), dated(priced))
def test_each_line_follows_from_the_inputs_of_its_proof(days, persons, norm, prices):
    for line in by_norm(days, persons, norm, prices):
        micro, kopecks = recomputed(line, norm_file._BY_NORM)
        assert (line.volume.micro, line.amount.kopecks) == (micro, kopecks)


@given(days_of_october, st.integers(0, 9), quantities, priced)
def test_the_way_without_fractions_gives_what_fractions_give(days, persons, norm, priced):
    (line,) = by_norm(days, constant(persons), constant(norm), constant(priced))
    exact = Fraction(persons * norm.micro * days.count, 31)
    assert [line.volume] == in_turn([exact / SCALE])
    assert line.volume.micro == half_up(exact)
    assert line.amount == cost(line.volume, priced.price)


@given(persons, dated(quantities), dated(priced), st.integers(0, 2), quantities)
def test_more_of_any_factor_is_never_less_money(persons, norm, prices, more, much):
    def total(persons, norm):
        return sum(line.amount.kopecks for line in by_norm(OCTOBER, persons, norm, prices))

    more_persons = tuple(Since(s.valid_from, s.value + more) for s in persons)
    more_norm = tuple(Since(s.valid_from, s.value + much) for s in norm)
    slack = len(pieces(OCTOBER, (persons, norm, prices)))  # a millionth may move to another price
    assert total(more_persons, norm) >= total(persons, norm) - slack
    assert total(persons, more_norm) >= total(persons, norm) - slack


@given(days_of_october, quantities, quantities, priced)
def test_more_area_is_never_less_money_nor_is_a_longer_time(days, area, more, priced):
    def amount(days, area):
        (line,) = by_area(days, constant(area), constant(priced))
        return line.amount

    assert amount(days, area + more) >= amount(days, area)
    assert amount(OCTOBER, area) >= amount(days, area)


@given(st.lists(exact_volumes, max_size=8))
def test_volumes_rounded_in_turn_add_up_to_their_rounded_sum(volumes):
    parts = in_turn(volumes)
    assert sum(part.micro for part in parts) == half_up(sum(volumes, Fraction(0)) * SCALE)
    pairs = zip(parts, volumes, strict=True)
    assert all(abs(part.micro - exact * SCALE) <= 1 for part, exact in pairs)


@given(exact_volumes)
def test_a_volume_is_rounded_half_away_from_zero(exact):
    ratio = exact.numerator, exact.denominator
    assert rounded(*ratio).micro == half_up(exact)
    assert rounded(-ratio[0], ratio[1]) == -rounded(*ratio)


def test_half_a_millionth_is_a_millionth():
    assert [rounded(n, 2).micro for n in (-3, -1, 1, 3)] == [-2, -1, 1, 2]


def test_a_change_of_price_splits_the_line():
    prices = (since(1, price("36.19", 7)), since(18, price("40", 8)))
    first, second = by_area(OCTOBER, always("54.3"), prices)
    assert (first.days, first.price_id, first.amount) == (october(1, 17), 7, Money(107764))
    assert (second.days, second.price_id) == (october(18, 31), 8)
    assert first.volume + second.volume == q("54.3")


def test_the_same_price_from_another_row_is_another_line():
    prices = (since(1, price("36.19", 7)), since(18, price("36.19", 8)))
    assert [line.price_id for line in by_area(OCTOBER, always("54.3"), prices)] == [7, 8]


def test_a_change_that_changes_nothing_leaves_one_line():
    people = (since(1, 3), since(12, 3))
    assert len(by_person(OCTOBER, people, at("50"))) == 1


def test_nobody_is_a_zero_and_not_a_lack():
    (line,) = by_norm(OCTOBER, constant(0), always("6.935"), at("53.41"))
    assert (line.volume, line.amount) == (Quantity(0), Money(0))


def test_the_days_are_of_one_month():
    with pytest.raises(ValueError, match="октября"):
        by_area(Days(date(2026, 10, 31), date(2026, 11, 1)), always("1"), at("1"))


@given(persons, dated(quantities), dated(some), dated(priced))
def test_the_excess_is_the_rounded_total_less_the_rounded_base(persons, norm, raising, prices):
    lines = by_raised_norm(OCTOBER, persons, norm, raising, prices)
    base = {line.days: line for line in lines if line.part is Part.BASE}
    for line in lines:
        if line.part is Part.EXCESS:
            without = base[line.days]
            micro, kopecks = recomputed(line, norm_file._RAISED)
            assert line.volume.micro == micro - without.volume.micro
            assert line.amount.kopecks == kopecks - without.amount.kopecks
            assert line.proof["inputs"]["base_volume"] == without.volume.micro
    exact = by_the_day(OCTOBER, persons, norm)
    assert sum(line.volume.micro for line in base.values()) == half_up(exact * SCALE)


def test_where_nobody_is_registered_the_owners_count():
    counted = dwellers((since(1, 2), since(10, 0)), (since(1, 1), since(20, 3)))
    found = [value_on(counted, date(2026, 10, day)) for day in (1, 9, 10, 20)]
    assert found == [2, 2, Owners(1), Owners(3)]


def test_owners_are_no_residents_were_they_as_many():
    assert value_on(dwellers((since(1, 0),), ()), date(2026, 10, 1)) is None
    assert Owners(2) == Owners(2) != Owners(3)
    assert Owners(2) != 2
    assert {Owners(2), Owners(2)} == {Owners(2)}


def test_half_a_parking_place():
    assert amounts(by_quantity(OCTOBER, always("0.5"), at("1000.01"))) == ["500,01"]


def test_a_line_is_one_of_its_month():
    (line,) = by_quantity(OCTOBER, always("1"), at("100"))
    assert isinstance(line, Line)
    assert line.part is Part.BASE
