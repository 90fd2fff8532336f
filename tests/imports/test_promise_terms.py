"""What an operator takes residents' word for, in his file."""

import pytest

from portal.db.promises import PromiseTerms
from portal.domain.money import Money
from tests.imports.conftest import HOUSE, Town

TERMS = """
[[promise_terms]]
operator = "uk"
amount_min = "100,00"
amount_max = "5 000,00"
days = 14
debt_max = "20 000,00"
"""


def test_terms_are_stored_once_and_changed_by_the_next_file(town: Town) -> None:
    town.loads(HOUSE + TERMS)
    assert not town.loads(HOUSE + TERMS).changed
    row = town.row(PromiseTerms)
    assert (row.amount_min, row.amount_max, row.days) == (Money(100_00), Money(5000_00), 14)
    assert row.debt_max == Money(20_000_00)

    town.loads(HOUSE + TERMS.replace("14", "10"))

    assert town.row(PromiseTerms).days == 10


WRONG = {
    "bounds that cross": ('"100,00"', '"5 000,01"', "больше, чем «amount_max»"),
    "a limit below the least": ('"20 000,00"', '"99,99"', "обещать было бы нечего"),
    "no days": ("days = 14", "days = 0", "бывает от 1 до 90"),
    "nothing": ('"100,00"', '"0"', "больше нуля"),
    "an undescribed operator": ('"uk"', '"ku"', "не описан"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_what_is_wrong_is_named(sqlite_town: Town, fault: str) -> None:
    right, wrong, sentence = WRONG[fault]
    assert right in TERMS
    told = sqlite_town.refuses(HOUSE + TERMS.replace(right, wrong, 1))
    assert any("[[promise_terms]]" in each and sentence in each for each in told), told
    assert sqlite_town.rows(PromiseTerms) == []


def test_terms_cannot_be_said_twice(sqlite_town: Town) -> None:
    told = sqlite_town.refuses(HOUSE + TERMS + TERMS)
    assert "это уже есть в файле выше" in told[0]
