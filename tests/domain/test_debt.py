"""Which payment settles which month."""

from datetime import date

import pytest
from hypothesis import given

from portal.domain.debt import Debt, Layer, Paid, settled
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from tests.domain.debts import bills, owed, payments

JUNE = Debt(Period(2026, 6), date(2026, 7, 15), Money(1000_00))
JULY = Debt(Period(2026, 7), date(2026, 8, 17), Money(1200_00))


def paid(day: int, kopecks: int, period: Period | None = None) -> Paid:
    return Paid(date(2026, 9, day), Money(kopecks), period)


def unpaid(debts, money):
    result = settled(debts, money)
    return [layer.unpaid.kopecks for layer in result.layers], result.advance.kopecks


def test_the_oldest_debt_is_paid_first():
    assert unpaid([JULY, JUNE], [paid(5, 1500_00)]) == ([0, 700_00], 0)


def test_a_debt_is_as_old_as_the_day_on_which_it_fell_due():
    sooner = Debt(Period(2026, 8), date(2026, 7, 1), Money(500_00))
    assert unpaid([JUNE, sooner], [paid(5, 600_00)]) == ([0, 900_00], 0)


def test_the_month_that_the_payer_named_goes_first_and_the_rest_to_the_oldest():
    assert unpaid([JUNE, JULY], [paid(5, 1500_00, JULY.period)]) == ([700_00, 0], 0)


def test_a_month_that_nothing_is_owed_for_leaves_the_order_of_age():
    assert unpaid([JUNE, JULY], [paid(5, 1500_00, Period(2025, 1))]) == ([0, 700_00], 0)


def test_what_no_debt_needs_is_an_advance():
    assert unpaid([JUNE, JULY], [paid(5, 2000_00), paid(6, 300_00)]) == ([0, 0], 100_00)


def test_the_day_of_payment_decides_not_the_order_in_which_it_was_noted():
    layers = settled([JUNE, JULY], [paid(20, 1200_00), paid(5, 1000_00)]).layers
    assert [[part.paid_on.day for part in layer.paid] for layer in layers] == [[5], [20]]


@given(bills(), payments)
def test_every_kopeck_paid_lies_in_a_layer_or_in_the_advance(debts, money):
    result = settled(debts, money)
    applied = Money.total(part.amount for layer in result.layers for part in layer.paid)
    assert applied + result.advance == Money.total(one.amount for one in money)
    assert sorted(map(repr, debts)) == sorted(repr(layer.debt) for layer in result.layers)


@given(bills(), payments)
def test_there_is_no_advance_while_something_is_owed(debts, money):
    result = settled(debts, money)
    assert not result.advance or not any(layer.unpaid for layer in result.layers)


@given(bills(), payments)
def test_where_nobody_names_a_month_the_oldest_are_paid_whole_before_the_next(debts, money):
    nameless = [Paid(one.paid_on, one.amount) for one in money]
    layers = settled(debts, nameless).layers
    assert [layer.debt.due_on for layer in layers] == sorted(debt.due_on for debt in debts)
    touched = [layer for layer in layers if layer.paid]
    assert layers[: len(touched)] == tuple(touched)
    assert not any(layer.unpaid for layer in touched[:-1])
    in_time = [part.paid_on for layer in layers for part in layer.paid]
    assert in_time == sorted(in_time)


def test_a_credit_is_no_debt_and_nothing_no_payment():
    with pytest.raises(ValueError, match="−0,01"):
        owed(-1)
    for kopecks in (0, -1):
        with pytest.raises(ValueError, match="0,0"):
            paid(5, kopecks)


def test_no_layer_is_paid_more_than_it_owes():
    with pytest.raises(ValueError, match="−0,01"):
        Layer(owed(100), (paid(1, 101),))
    assert Layer(owed(100), (paid(1, 100),)).unpaid == ZERO
