"""The texts of payment systems: what is understood, what is not, and that nothing else happens."""

import re
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.incoming import (
    Malformed,
    Refusal,
    account_of,
    amount_of,
    bounds_refusal,
    moment_of,
    number_of,
    payer_told,
    slips,
    written,
)
from portal.domain.money import Money

SHAPE = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)",
    re.ASCII,
)


@pytest.mark.parametrize(
    ("text", "kopecks"),
    [
        ("10", 1000), ("10.", 1000), ("10.5", 1050), ("10.45", 1045), ("0.01", 1), ("0.00", 0),
        ("-5", -500), ("1.15", 115), ("200000.00", 20000000), ("007.10", 710),
    ],
)  # fmt: skip
def test_a_sum_is_whole_kopecks(text: str, kopecks: int) -> None:
    assert amount_of(text) == Money(kopecks)


@pytest.mark.parametrize(
    "text",
    ["", " ", "10,45", "10.455", "1 000", "+10", "1e3", ".5", "ten", "10.45\n", "٣", "nan", "inf",
     "0x10", "10.4.5", "--1", "9" * 16],
)  # fmt: skip
def test_what_is_no_sum_is_malformed(text: str) -> None:
    with pytest.raises(Malformed) as fault:
        amount_of(text)
    assert fault.value.refusal is Refusal.BAD_AMOUNT


@given(st.integers(0, 10**12))
def test_a_sum_is_written_as_it_is_read(kopecks: int) -> None:
    assert amount_of(written(Money(kopecks))) == Money(kopecks)


@given(st.text())
def test_of_any_text_only_the_typed_refusal_is_raised(text: str) -> None:
    for reads in (amount_of, account_of, number_of, lambda each: moment_of(each, SHAPE)):
        with suppress(Malformed):
            reads(text)


@pytest.mark.parametrize("text", ["1", "0" * 20, "00042"])
def test_a_payments_number_is_kept_as_it_is(text: str) -> None:
    assert number_of(text) == text


@pytest.mark.parametrize("text", ["", "1" * 21, "12a", "-1", "1 ", "1\n", "١"])
def test_what_is_no_number_is_malformed(text: str) -> None:
    with pytest.raises(Malformed) as fault:
        number_of(text)
    assert fault.value.refusal is Refusal.BAD_NUMBER


@pytest.mark.parametrize("text", ["", "  ", "x" * 201, "DOM\0", "DOM\n12", "DOM\u202e12"])
def test_what_is_no_account_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        account_of(text)


def test_a_moment_is_moscows() -> None:
    assert moment_of("20261124115830", SHAPE) == datetime(2026, 11, 24, 8, 58, 30, tzinfo=UTC)
    # Moscow was at UTC+4 then.
    assert moment_of("20130101000000", SHAPE) == datetime(2012, 12, 31, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "20261324115830", "20260230115830", "20261124245830", "19991231235959",
             "00000000000000", "2026112411583", "202611241158300"],
)  # fmt: skip
def test_what_is_no_moment_is_malformed(text: str) -> None:
    with pytest.raises(Malformed) as fault:
        moment_of(text, SHAPE)
    assert fault.value.refusal is Refusal.BAD_DATE


def test_bounds_hold_at_their_ends() -> None:
    low, high = Money(100), Money(1000)
    judged = [bounds_refusal(Money(each), low, high) for each in (0, 99, 100, 1000, 1001)]
    small, large = Refusal.TOO_SMALL, Refusal.TOO_LARGE
    assert judged == [small, small, None, None, large]
    assert bounds_refusal(Money(1), None, None) is None
    assert bounds_refusal(Money(10**12), None, None) is None
    assert bounds_refusal(Money(10**12 + 1), None, Money(10**15)) is large


@pytest.mark.parametrize(
    ("name", "told"),
    [("Петрова Мария Ивановна", "Мария Ивановна П."), ("Ли", "Л."), ("", ""), (" ", "")],
)
def test_of_a_payer_little_is_told(name: str, told: str) -> None:
    assert payer_told(name) == told


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("12345", "12346", True), ("12345", "1234", True), ("1234", "12345", True),
        ("12345", "12354", True), ("12345", "123455", True), ("", "1", True), ("5", "6", True),
        ("12345", "12345", False), ("12345", "12543", False), ("12345", "21354", False),
        ("12345", "123", False), ("12345", "23451", False),
    ],
)  # fmt: skip
def test_one_slip_lies_between(one: str, other: str, near: bool) -> None:
    """One is found among the slips of itself, but as no slip."""
    assert (other in {*slips(one, "0123456789")} - {one}) is near
    assert (one in {*slips(other, "0123456789")} - {other}) is near
