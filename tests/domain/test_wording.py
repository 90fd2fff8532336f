"""Счет, счета, счетов."""

import pytest

from portal.domain.wording import counted

FORMS = {
    "many": (0, 5, 9, 10, 11, 12, 14, 15, 19, 20, 25, 100, 111, 112, 119, 1011, 1012),
    "one": (1, 21, 31, 91, 101, 121, 1001),
    "few": (2, 3, 4, 22, 24, 34, 102, 104, 123, 1002),
}


@pytest.mark.parametrize(
    ("number", "form"), [(number, form) for form, numbers in FORMS.items() for number in numbers]
)
def test_a_number_takes_its_form(number: int, form: str):
    assert counted(number, "one", "few", "many") == form
