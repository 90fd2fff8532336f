"""Money: whole kopecks in, whole kopecks out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.money import ZERO, Money, split
from tests.domain.vectors import VECTORS

amounts = st.integers(1 - 10**17, 10**17 - 1).map(Money)
weights = st.lists(st.integers(0, 10**12), min_size=1, max_size=12).filter(any)


@pytest.mark.parametrize(
    ("text", "kopecks"),
    [
        ("2 500,00", 2500_00),
        ("2\N{NBSP}500,00", 2500_00),
        ("2500.5", 2500_50),
        ("2500,05", 2500_05),
        ("-17", -17_00),
        ("\N{MINUS SIGN}0,01", -1),
        ("+1", 1_00),
        ("000", 0),
        (" 7\t", 7_00),
        ("999999999999999,99", 99999999999999999),
    ],
)
def test_what_is_a_sum(text, kopecks):
    assert Money.parse(text) == Money(kopecks)


@pytest.mark.parametrize(
    "text",
    ["", " ", ",5", "5,", "1,234", "1,2,3", "1e3", "12a", "--1", "٣", "NaN", "1" * 16, "1.-2", "₽"],
)
def test_what_is_none(text):
    with pytest.raises(ValueError):  # noqa: PT011 - that it is none is all that is said
        Money.parse(text)


@pytest.mark.parametrize("value", [1.0, 0.1, "1", None, True])
def test_it_is_made_of_whole_kopecks_only(value):
    with pytest.raises(TypeError):
        Money(value)


@pytest.mark.parametrize(
    ("kopecks", "text"),
    [
        (2017_45, "2 017,45 ₽"),
        (0, "0,00 ₽"),
        (5, "0,05 ₽"),
        (-5, "−0,05 ₽"),
        (-1234567_89, "−1 234 567,89 ₽"),
        (999_99, "999,99 ₽"),
    ],
)
def test_how_people_are_shown_it(kopecks, text):
    assert str(Money(kopecks)) == text.replace(" ", "\N{NBSP}")


@pytest.mark.parametrize(
    ("kopecks", "text"),
    [(4812_36, "4812,36"), (5, "0,05"), (-5, "-0,05"), (-1234567_00, "-1234567,00")],
)
def test_how_a_bank_s_form_takes_it(kopecks, text):
    assert Money(kopecks).plain == text


@given(amounts)
def test_what_is_shown_can_be_read_again(amount):
    assert Money.parse(str(amount).removesuffix("\N{NBSP}₽")) == amount


@given(st.lists(amounts))
def test_a_total_is_the_sum_of_its_parts(parts):
    by_hand = ZERO
    for part in parts:
        by_hand += part
    assert Money.total(parts) == by_hand


@given(amounts, amounts)
def test_taking_away_undoes_adding(one, other):
    assert one + other - other == one
    assert one - other == -(other - one)
    assert bool(one) is (one != ZERO)


@given(amounts, amounts)
def test_order_is_that_of_kopecks(one, other):
    assert (one < other) is (one.kopecks < other.kopecks)


@pytest.mark.parametrize("case", VECTORS["split"])
def test_the_worked_split(case):
    shares = split(Money.parse(case["total"]), [Money.parse(s).kopecks for s in case["lines"]])
    assert shares == [Money.parse(part) for part in case["out"]]


@given(amounts, weights)
def test_a_split_loses_nothing(total, by):
    assert Money.total(split(total, by)) == total


@given(amounts, weights)
def test_each_share_is_less_than_a_kopeck_from_exact(total, by):
    for share, weight in zip(split(total, by), by, strict=True):
        assert abs(share.kopecks * sum(by) - total.kopecks * weight) < sum(by)


@given(amounts, weights)
def test_a_refund_is_split_as_the_opposite_of_the_payment(total, by):
    assert split(-total, by) == [-share for share in split(total, by)]


@given(amounts, weights)
def test_who_has_no_weight_gets_nothing(total, by):
    assert split(total, [*by, 0])[-1] == ZERO


def test_of_equal_remainders_the_first_wins():
    assert split(Money(100), [1, 1, 1]) == [Money(34), Money(33), Money(33)]
    assert split(Money(2), [1, 1, 1]) == [Money(1), Money(1), ZERO]


@pytest.mark.parametrize("by", [[], [0], [0, 0], [1, -1], [-1, 3]])
def test_there_is_no_split_without_weights(by):
    with pytest.raises(ValueError, match=r"\["):
        split(Money(100), by)


@given(st.integers(-(10**15), 10**15))
def test_how_much_it_is_whichever_way_it_goes(kopecks):
    assert abs(Money(kopecks)) == Money(max(kopecks, -kopecks))
