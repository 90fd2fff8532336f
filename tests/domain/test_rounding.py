"""A quotient goes to the nearest whole number, a half away from zero."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.money import Money
from portal.domain.percent import Percent
from portal.domain.rounding import nearest

kopecks = st.integers(-(10**13), 10**13)


@pytest.mark.parametrize(
    ("numerator", "denominator", "whole"),
    [(1, 2, 1), (-1, 2, -1), (1, 3, 0), (2, 3, 1), (3, 2, 2), (-3, 2, -2), (0, 7, 0), (6, 3, 2)],
)
def test_a_half_goes_away_from_zero(numerator, denominator, whole):
    assert nearest(numerator, denominator) == whole


@given(kopecks, st.integers(1, 10**9))
def test_it_is_what_accountants_call_half_up(numerator, denominator):
    with localcontext(prec=60):
        by_hand = (Decimal(numerator) / denominator).quantize(Decimal(1), ROUND_HALF_UP)
    assert nearest(numerator, denominator) == by_hand


@pytest.mark.parametrize(
    ("percent", "amount", "part"),
    [("2,5", 1000_00, 25_00), ("3", 50, 2), ("3", -50, -2), ("1", 49, 0), ("100", 7, 7)],
)
def test_so_many_hundredths_of_a_sum(percent, amount, part):
    assert Percent.parse(percent).of(Money(amount)) == Money(part)


def test_how_people_are_shown_it():
    assert str(Percent.parse("9.5")) == "9,5\N{NBSP}%"
