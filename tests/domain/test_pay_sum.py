"""The sum that a resident types, and what it does to his invoices."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.money import ZERO, Money
from portal.domain.pay_sum import AMOUNT_MAX, PaySum, WrongSum, ensure_within, sum_of

NBSP = "\N{NO-BREAK SPACE}"
sums = st.integers(0, 10**9).map(Money)


@pytest.mark.parametrize(
    ("typed", "kopecks"),
    [
        ("1 234,50", 1234_50),
        (f"1{NBSP}234,50", 1234_50),
        ("1234.5", 1234_50),
        ("500", 500_00),
        (" 500 ₽ ", 500_00),
        ("500 руб.", 500_00),
        ("500р", 500_00),
        ("500,", 500_00),
        ("0,01", 1),
    ],
)
def test_a_sum_is_read_as_people_write_it(typed: str, kopecks: int) -> None:
    assert sum_of(typed) == Money(kopecks)


@pytest.mark.parametrize("typed", ["", "   ", NBSP])
def test_an_empty_field_is_no_sum(typed: str) -> None:
    assert sum_of(typed) is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("тысяча", "Введите сумму цифрами"),
        ("₽", "Введите сумму цифрами"),
        ("1,234.50", "Введите сумму цифрами"),
        ("1e3", "Введите сумму цифрами"),
        ("٥٠٠", "Введите сумму цифрами"),
        ("12,345", "только копейки"),
        ("0", "больше нуля"),
        ("0,00", "больше нуля"),
        ("-5", "больше нуля"),
        ("9" * 16, "Введите сумму цифрами"),
    ],
)
def test_what_is_no_sum_is_said_in_a_sentence(typed: str, words: str) -> None:
    with pytest.raises(WrongSum) as refused:
        sum_of(typed)
    assert words in refused.value.sentence


@pytest.mark.timeout(10)
@pytest.mark.parametrize("typed", ["1" + " " * 60_000 + "1", "1" + ", " * 30_000, "9" * 60_000])
def test_a_field_full_of_anything_is_judged_at_once(typed: str) -> None:
    """Nobody is served while a pattern is at it."""
    with pytest.raises(WrongSum):
        sum_of(typed)
    assert sum_of(" " * 60_000 + "1 234,50" + " " * 60_000) == Money(1234_50)


@given(st.text(max_size=30))
def test_no_text_breaks_it(typed: str) -> None:
    with contextlib.suppress(WrongSum):
        found = sum_of(typed)
        assert found is None or found > ZERO


@given(st.integers(1, 10**12).map(Money))
def test_what_we_write_we_read(amount: Money) -> None:
    assert sum_of(str(amount)) == amount
    assert sum_of(amount.plain) == amount


def test_the_bounds_of_a_channel_are_in_the_sentence() -> None:
    ensure_within(Money(1_00), Money(1_00), Money(5_00))
    ensure_within(Money(5_00), Money(1_00), Money(5_00))
    ensure_within(AMOUNT_MAX, None, None)
    with pytest.raises(WrongSum, match="не меньше 1,00"):
        ensure_within(Money(99), Money(1_00), None)
    with pytest.raises(WrongSum, match="не больше 5,00"):
        ensure_within(Money(5_01), None, Money(5_00))
    with pytest.raises(WrongSum, match="не больше 10"):
        ensure_within(AMOUNT_MAX + Money(1), None, None)


def test_less_than_was_chosen_is_a_part() -> None:
    part = PaySum(Money(2500_00), chosen=Money(4028_75), unpaid=Money(9000_00))
    assert (part.left, part.to_others, part.ahead) == (Money(1528_75), ZERO, ZERO)


def test_more_than_was_chosen_goes_to_the_other_invoices_first() -> None:
    more = PaySum(Money(5000_00), chosen=Money(4028_75), unpaid=Money(4500_00))
    assert (more.left, more.to_others, more.ahead) == (ZERO, Money(471_25), Money(500_00))


@given(sums, sums, sums)
def test_every_kopeck_goes_somewhere(amount: Money, chosen: Money, others: Money) -> None:
    paid = PaySum(amount, chosen, chosen + others)
    assert paid.amount == (chosen - paid.left) + paid.to_others + paid.ahead
    assert min(paid.left, paid.to_others, paid.ahead) >= ZERO
