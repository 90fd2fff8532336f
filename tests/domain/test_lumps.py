"""Which registry a bank's lump is for, and whether both agree."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.lumps import Accord, Listed, Lump, tie
from portal.domain.money import Money

DAY = date(2026, 11, 25)
LUMP = Lump("a", "0042", "451", DAY, Money(499_00), "Перечисление по реестру № 451")
LISTED = Listed("r", "451.csv", "451", DAY, DAY, DAY, 2, Money(500_00), Money(499_00))


def of(lump: Lump, listed: Listed) -> Accord | None:
    ties = tie([lump], [listed]).ties
    return ties[0].accord if ties else None


CASES: dict[str, tuple[dict[str, Any], dict[str, Any], Accord | None]] = {
    "the fee that it states": ({}, {}, Accord.FEE),
    "by the payment order": ({"registry": ""}, {"number": "42"}, Accord.FEE),
    "by the registry, the order is another's": ({}, {"number": "0451"}, Accord.FEE),
    "all of it": ({"amount": Money(500_00)}, {}, Accord.WHOLE),
    "another fee": ({"amount": Money(498_00)}, {}, Accord.DIFFERS),
    "less, and no fee is stated": ({}, {"transferred": None}, Accord.LESS),
    "more": ({"amount": Money(501_00)}, {"transferred": None}, Accord.DIFFERS),
    "last year's": ({"day": DAY - timedelta(365)}, {}, None),
    "a month apart": ({"day": DAY + timedelta(31)}, {}, Accord.FEE),
    "another number": ({}, {"number": "452"}, None),
    "no number here, the same sum": ({"registry": ""}, {}, Accord.FEE),
    "no number there, the same sum": ({}, {"number": ""}, Accord.FEE),
    "no number, another sum": ({"registry": "", "amount": Money(1)}, {}, None),
    "no number, before the registry": (
        {"registry": "", "day": DAY - timedelta(1)}, {}, None,
    ),
    "no number, after the holidays": (
        {"registry": "", "day": DAY + timedelta(10)}, {"ordered_on": None}, Accord.FEE,
    ),
    "no number, long after": ({"registry": "", "day": DAY + timedelta(11)}, {}, None),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_lump_and_a_registry(case: str) -> None:
    lump, listed, expected = CASES[case]
    assert of(replace(LUMP, **lump), replace(LISTED, **listed)) is expected


def test_the_difference_is_what_the_bank_kept() -> None:
    (found,) = tie([LUMP], [LISTED]).ties
    assert found.difference == Money(100)


def test_a_corrected_registry_of_the_same_number_is_the_one_that_agrees() -> None:
    wrong = replace(LISTED, key="q", transferred=Money(400_00))
    assert tie([LUMP], [wrong, LISTED]).ties[0].listed == LISTED


_LUMPS = st.builds(
    Lump, st.uuids().map(str), st.sampled_from(["1", "2"]), st.sampled_from(["", "1", "2"]),
    st.dates(DAY, DAY + timedelta(12)), st.sampled_from([Money(5), Money(6)]), st.just(""),
)  # fmt: skip
_LISTED = st.builds(
    Listed, st.uuids().map(str), st.just(""), st.sampled_from(["", "1", "2"]), st.none(),
    st.just(DAY), st.dates(DAY, DAY + timedelta(12)), st.just(1),
    st.sampled_from([Money(5), Money(6)]), st.sampled_from([None, Money(5)]),
)  # fmt: skip


@given(st.lists(_LUMPS, max_size=5), st.lists(_LISTED, max_size=5), st.randoms())
def test_each_is_tied_once_in_whatever_order_they_came(lumps, registries, random) -> None:
    found = tie(lumps, registries)
    assert [each.lump for each in found.ties] + list(found.alone) == sorted(
        lumps, key=lambda each: (each in found.alone, lumps.index(each))
    )
    assert len({each.listed.key for each in found.ties}) == len(found.ties)
    shuffled = random.sample(lumps, len(lumps)), random.sample(registries, len(registries))
    assert set(tie(*shuffled).ties) == set(found.ties)
