"""Prices that rise with what is used."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.charging.bands import Band, Bands, cuts
from portal.domain.charging.metered import metered_lines
from portal.domain.money import Money
from portal.domain.quantity import SCALE, Quantity
from portal.domain.timeline import Days, Since
from tests.domain.charging.meters import OCTOBER, always, monthly, priced, q, told

WHOLE = Days.of(OCTOBER)
THREE = always(("150", "5"), ("600", "7"), (None, "11"))


def exact(volume: Quantity) -> Fraction:
    return Fraction(volume.micro, SCALE)


@pytest.mark.parametrize(
    ("volume", "parts"),
    [
        ("0", ["0"]),
        ("149,5", ["149,5"]),
        ("150", ["150"]),
        ("150,000001", ["150", "0,000001"]),
        ("600", ["150", "450"]),
        ("1000", ["150", "450", "400"]),
    ],
)
def test_a_month_is_cut_at_the_edges(volume, parts):
    made = cuts(exact(q(volume)), WHOLE, THREE)
    assert [str(cut.volume) for cut in made] == parts
    assert [cut.priced.price_id for cut in made] == list(range(1, len(parts) + 1))


def test_a_line_a_band_with_its_edges_in_the_proof():
    lines = metered_lines(told([monthly("0", OCTOBER, "1000")]), THREE)
    assert [line.amount for line in lines] == [Money(75000), Money(315000), Money(440000)]
    assert [line.proof["inputs"]["band"] for line in lines] == [
        {"above": 0, "upto": 150_000_000},
        {"above": 150_000_000, "upto": 600_000_000},
        {"above": 600_000_000, "upto": None},
    ]
    assert lines[0].proof["formula"] == (
        "часть от (текущее − предыдущее) в пределах диапазона × цена"
    )


def test_new_prices_in_mid_month_shorten_the_edges_with_the_days():
    old = always(("310", "5"), (None, "7"))
    new = Bands((Band(q("620"), priced("6", 3)), Band(None, priced("8", 4))))
    made = cuts(Fraction(620), WHOLE, (*old, Since(date(2026, 10, 11), new)))
    assert [(cut.days.count, str(cut.volume), cut.priced.price_id) for cut in made] == [
        (10, "100", 1),
        (10, "100", 2),
        (21, "420", 3),
    ]


def test_a_part_of_a_month_has_its_part_of_the_edges():
    ten_days = Days(date(2026, 10, 22), date(2026, 10, 31))
    one_day = Days(date(2026, 10, 31), date(2026, 10, 31))
    assert [str(cut.volume) for cut in cuts(Fraction(20), ten_days, THREE)] == ["20"]
    assert [str(cut.volume) for cut in cuts(Fraction(20), one_day, THREE)] == [
        "4,83871", "14,516129", "0,645161",
    ]  # fmt: skip


def test_less_than_nothing_is_not_used():
    with pytest.raises(ValueError, match="-1"):
        cuts(Fraction(-1), WHOLE, THREE)


@pytest.mark.parametrize(
    "edges",
    [[], ["5"], [None, None], ["5", "5", None], ["6", "5", None], ["0", None], [None, "5"]],
)
def test_bands_rise_and_end_open(edges):
    bands = tuple(Band(None if edge is None else q(edge), priced("1")) for edge in edges)
    with pytest.raises(ValueError, match="band"):
        Bands(bands)


@given(st.integers(0, 10**10), st.integers(2, 31), st.integers(1, 10**9), st.integers(1, 10**9))
def test_the_cuts_are_together_the_volume(micro, day, first, more):
    edges = Quantity(first), Quantity(first + more), None
    bands = Bands(tuple(Band(edge, priced("1", number)) for number, edge in enumerate(edges)))
    new = Bands((Band(None, priced("4", 4)),))
    timeline = (Since(date(2026, 1, 1), bands), Since(date(2026, 10, day), new))
    made = cuts(exact(Quantity(micro)), WHOLE, timeline)
    assert sum(cut.volume.micro for cut in made) == micro
    assert all(cut.volume.micro >= 0 for cut in made)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_more_is_never_cheaper(one, other):
    less, more = sorted([one, other])

    def total(micro: int) -> Money:
        made = cuts(exact(Quantity(micro)), WHOLE, THREE)
        return Money.total(cut.amount for cut in made)

    assert total(less) <= total(more)
