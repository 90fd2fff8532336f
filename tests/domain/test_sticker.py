"""The token of a sticker: whoever changes one sign of it holds nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.sticker import (
    NUMBER_BYTES,
    read_number,
    shown,
    signed_number,
    spelt,
    token_of,
)

SECRET, OTHER_SECRET = b"s" * 32, b"t" * 32
numbers = st.binary(min_size=NUMBER_BYTES, max_size=NUMBER_BYTES).map(spelt)
signs = st.characters(exclude_categories=[])


@given(numbers)
def test_a_token_gives_its_number_back(number: str) -> None:
    token = token_of(SECRET, number)
    assert signed_number(SECRET, token) == number
    assert len(token) == 24
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyz234567")


@given(numbers, st.integers(0, 23), signs)
def test_every_change_of_one_sign_is_refused(number: str, place: int, sign: str) -> None:
    token = token_of(SECRET, number)
    forged = token[:place] + sign + token[place + 1 :]
    assert signed_number(SECRET, forged) == (number if forged == token else None)


def test_no_sign_of_the_alphabet_fits_another_place() -> None:
    token = token_of(SECRET, spelt(b"12345"))
    forged = [
        token[:place] + sign + token[place + 1 :]
        for place in range(24)
        for sign in "abcdefghijklmnopqrstuvwxyz234567ABCDEFGHIJKLMNOPQRSTUVWXYZ0189=-_"
        if sign != token[place]
    ]
    assert len(forged) == 24 * 64
    assert {signed_number(SECRET, each) for each in forged} == {None}


@given(numbers, st.text(max_size=3), st.text(max_size=3))
def test_more_and_less_are_refused(number: str, before: str, after: str) -> None:
    token = token_of(SECRET, number)
    longer = before + token + after
    assert (signed_number(SECRET, longer) is None) == (longer != token)
    assert signed_number(SECRET, token[1:]) is None
    assert signed_number(SECRET, token[:-1]) is None


@given(st.text())
def test_any_text_is_no_token(text: str) -> None:
    assert signed_number(SECRET, text) is None


@given(numbers)
def test_another_installation_s_token_is_refused(number: str) -> None:
    assert signed_number(SECRET, token_of(OTHER_SECRET, number)) is None


def test_the_worked_example() -> None:
    """Printed stickers must hold for years: the way of signing never changes."""
    assert spelt(bytes(range(5))) == "aaaqeaye"
    assert token_of(SECRET, "aaaqeaye") == "aaaqeayevms2zqwubx4lb7gu"


@given(numbers)
def test_a_number_is_read_as_it_is_printed_or_scanned(number: str) -> None:
    token = token_of(SECRET, number)
    for typed in (
        shown(number),
        number,
        f" {shown(number).upper()} ",
        token,
        f"https://lk.example.ru/m/{token}",
    ):
        assert read_number(typed) == number


@pytest.mark.parametrize(("typed", "number"), [("0l18-b8z2", "ollbbbz2"), ("", ""), ("/m/", "")])
def test_misread_signs_are_forgiven(typed: str, number: str) -> None:
    assert read_number(typed) == number
