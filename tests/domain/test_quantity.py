"""Volumes and prices, and the one place where their product is rounded."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.money import Money
from portal.domain.quantity import Price, Quantity, Scaled, cost
from tests.domain.vectors import VECTORS

micros = st.integers(-(10**18) + 1, 10**18 - 1)
volumes = micros.map(Quantity)
prices = st.integers(0, 10**12).map(Price)


def q(text: str) -> Quantity:
    return Quantity.parse(text)


def p(text: str) -> Price:
    return Price.parse(text)


@pytest.mark.parametrize(
    ("text", "micro"),
    [
        ("248", 248_000_000),
        ("00248,120", 248_120_000),
        ("14 800,5", 14_800_500_000),
        ("14\N{NBSP}800.5", 14_800_500_000),
        ("-0,000001", -1),
        ("\N{MINUS SIGN}3", -3_000_000),
        ("999999999999,999999", 999_999_999_999_999_999),
        ("14235,", 14_235_000_000),
        ("140.", 140_000_000),
        (",5", 500_000),
        ("-.25", -250_000),
    ],
)
def test_what_is_a_number(text, micro):
    assert q(text).micro == micro


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        ",",
        "-",
        "-.",
        "1,,",
        "1,2345678",
        "1" * 13,
        "1e3",
        "0x1",
        "²",
        "٣",
        "1,-2",
        "inf",
    ],
)
def test_what_is_none(text):
    with pytest.raises(ValueError):  # noqa: PT011 - that it is none is all that is said
        q(text)


@pytest.mark.parametrize("value", [1.0, 0.1, "1", None, True])
def test_it_is_made_of_whole_millionths_only(value):
    for kind in (Scaled, Quantity, Price):
        with pytest.raises(TypeError):
            kind(value)


@given(volumes)
def test_what_is_shown_can_be_read_again(volume):
    assert q(str(volume)) == volume
    assert q(volume.text()) == volume
    assert q(volume.text(3)) == volume


@pytest.mark.parametrize(
    ("text", "decimals", "shown"),
    [
        ("256", None, "256"),
        ("256", 3, "256,000"),
        ("256,12", 3, "256,120"),
        ("256,1234", 3, "256,1234"),
        ("-0,5", None, "−0,5"),
        ("0", 0, "0"),
        ("1234567,8", None, "1234567,8"),
    ],
)
def test_decimals_are_padded_and_never_cut(text, decimals, shown):
    assert q(text).text(decimals) == shown


def test_thousands_are_set_apart_for_reading():
    assert str(q("1234567,8")) == "1\N{NBSP}234\N{NBSP}567,8"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("2,79", "2,79 ₽"), ("7", "7,00 ₽"), ("7,5531", "7,5531 ₽"), ("1234,5", "1 234,50 ₽")],
)
def test_a_price_looks_like_money_with_the_decimals_that_it_has(text, shown):
    assert str(p(text)) == shown.replace(" ", "\N{NBSP}")


@given(volumes, volumes)
def test_volumes_add_up_exactly(one, other):
    assert one + other - other == one
    assert (one - other).micro == one.micro - other.micro
    assert -one + one == Quantity(0)


@given(micros)
def test_decimals_are_as_many_as_are_needed(micro):
    decimals = Quantity(micro).decimals
    assert micro % 10 ** (6 - decimals) == 0
    assert decimals == 0 or micro % 10 ** (7 - decimals)


# --- volume × price -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("previous", "current", "volume", "amount"),
    [
        ("11823,9", "12547", "723,1", "2017,45"),
        ("12547", "13721", "1174", "3275,46"),
        ("13721", "14235", "514", "1434,06"),
    ],
)
def test_the_manuals_table_at_2_79(previous, current, volume, amount):
    used = q(current) - q(previous)
    assert used == q(volume)
    assert cost(used, p("2,79")) == Money.parse(amount)


def test_the_manuals_invoice():
    lines = [cost(q(volume), p("2,79")) for volume in ("723,1", "1174", "514")]
    assert Money.total(lines) == Money(6726_97)


def worked_charges() -> list[tuple[Quantity, Price, Money]]:
    """The volumes of the worked examples, multiplied out exactly."""
    volumes_of = {
        "meter": lambda c: q(c["cur"]) - q(c["prev"]),
        "norm": lambda c: product(c["norm"], str(c["persons"]), c["k"]),
        "heating_norm": lambda c: product(c["area"], c["norm"]),
        "area": lambda c: q(c["area"]),
    }
    return [
        (volumes_of[case["kind"]](case), p(case.get("tariff") or case["rate"]), amount(case))
        for case in VECTORS["charge"]
        if case["kind"] in volumes_of
    ]


def product(*factors: str) -> Quantity:
    exact = Fraction(1)
    for factor in factors:
        exact *= Fraction(factor)
    assert (exact * 10**6).denominator == 1
    return Quantity(int(exact * 10**6))


def amount(case: dict[str, str]) -> Money:
    return Money.parse(case["amount"])


@pytest.mark.parametrize(("volume", "price", "due"), worked_charges())
def test_the_worked_charges(volume, price, due):
    assert cost(volume, price) == due


def test_the_worked_day_and_night():
    (case,) = [case for case in VECTORS["charge"] if case["kind"] == "electricity"]
    lines = [cost(q(volume), p(price)) for volume, price in case["zones"]]
    assert Money.total(lines) == amount(case)


@pytest.mark.parametrize(
    ("volume", "price", "kopecks"),
    [
        ("1", "0,005", 1),
        ("1", "0,004999", 0),
        ("-1", "0,005", -1),
        ("-1", "0,004999", 0),
        ("0,5", "0,01", 1),
        ("1,5", "0,01", 2),
        ("0", "99999", 0),
        ("0,000001", "0,000001", 0),
    ],
)
def test_a_half_kopeck_goes_away_from_zero(volume, price, kopecks):
    assert cost(q(volume), p(price)) == Money(kopecks)


@given(volumes, prices)
def test_it_is_the_nearest_kopeck(volume, price):
    exact = Fraction(volume.micro * price.micro, 10**10)
    assert abs(cost(volume, price).kopecks - exact) <= Fraction(1, 2)


@given(volumes, prices)
def test_a_reversal_is_the_exact_opposite(volume, price):
    assert cost(-volume, price) == -cost(volume, price)


@given(st.integers(-(10**6), 10**6), st.integers(0, 10**7))
def test_whole_units_at_whole_kopecks_need_no_rounding(units, kopecks):
    volume, price = Quantity(units * 10**6), Price(kopecks * 10**4)
    assert cost(volume, price) == Money(units * kopecks)


@given(volumes, volumes, prices)
def test_parts_cost_what_the_whole_costs_but_for_their_rounding(one, other, price):
    apart = cost(one, price) + cost(other, price)
    assert abs((cost(one + other, price) - apart).kopecks) <= 1


@given(volumes, volumes, prices)
def test_more_never_costs_less(one, other, price):
    less, more = sorted([one, other])
    assert cost(less, price) <= cost(more, price)
