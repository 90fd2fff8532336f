"""Keeping passwords and judging new ones."""

import pytest
from passlib.context import CryptContext

from portal.services.passwords import hash_password, is_outdated, verify_password

ODD = ["пароль с пробелом ", "nul\0nul", "😀" * 40, "\u202eRTL\u202e", "' OR 1=1 --", "я" * 512]


@pytest.mark.parametrize("plain", ODD)
def test_every_text_up_to_a_kilobyte_is_a_password(plain: str) -> None:
    hashed = hash_password(plain)
    assert verify_password(plain, hashed)
    assert not verify_password(plain.strip() + "x", hashed)


def test_a_hash_is_argon2id_with_the_cheat_sheets_cost() -> None:
    assert hash_password("kvartira-755").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_two_ways_of_writing_one_letter_are_one_password() -> None:
    composed, apart = "чай\u0439 кофе", "чай\u0438\u0306 кофе"
    assert composed != apart
    assert verify_password(apart, hash_password(composed))


@pytest.mark.parametrize("typed", [" kvartira-755", "kvartira-755 ", "KVARTIRA-755", "kvartira-75"])
def test_a_password_is_neither_trimmed_nor_folded_nor_cut(typed: str) -> None:
    assert not verify_password(typed, hash_password("kvartira-755"))


def test_a_long_password_counts_to_its_last_character() -> None:
    assert not verify_password("я" * 511 + "ю", hash_password("я" * 512))


@pytest.mark.parametrize("plain", ["я" * 513, "x" * 1025, "x" * 1_000_000, "\ud800"])
def test_what_is_no_password_is_refused_and_never_right(plain: str) -> None:
    with pytest.raises(ValueError, match="not a password"):
        hash_password(plain)
    assert not verify_password(plain, hash_password("x" * 1024))
    assert not verify_password(plain, hash_password(""))


@pytest.mark.parametrize("hashed", [None, "", "garbage", "$2b$12$abc", "{SSHA}xxxx"])
def test_without_a_hash_of_ours_nothing_is_right(hashed: str | None) -> None:
    assert not verify_password("", hashed)
    assert not verify_password("garbage", hashed)


def test_a_hash_with_yesterdays_parameters_is_outdated() -> None:
    cheap = CryptContext(schemes=["argon2"], argon2__type="ID", argon2__memory_cost=1024)
    assert is_outdated(cheap.hash("kvartira-755"))
    assert verify_password("kvartira-755", cheap.hash("kvartira-755"))
    assert not is_outdated(hash_password("kvartira-755"))
