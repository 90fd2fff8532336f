"""What a charged line tells of itself, and what is said when it cannot be charged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.charging.line import Lack, NotChargeable, Part
from portal.domain.charging.norm import by_norm, by_raised_norm
from portal.domain.timeline import constant
from tests.domain.charging.facts import OCTOBER, always, at, october, since

FACTS = {
    "persons": (Lack.NO_PERSONS, constant(3)),
    "norm": (Lack.NO_NORM, always("6.935")),
    "coefficient": (Lack.NO_COEFFICIENT, always("1.5")),
    "prices": (Lack.NO_PRICE, at("53.41")),
}


def raised(**changed):
    facts = {name: fact for name, (_, fact) in FACTS.items()} | changed
    return by_raised_norm(OCTOBER, **facts)


@pytest.mark.parametrize("name", FACTS)
def test_what_nobody_knows_is_never_a_zero(name):
    with pytest.raises(NotChargeable) as refused:
        raised(**{name: ()})
    assert (refused.value.lack, refused.value.days) == (FACTS[name][0], OCTOBER)


@pytest.mark.parametrize("name", FACTS)
@given(day=st.integers(2, 31), ends=st.booleans())
def test_what_is_unknown_on_some_days_is_refused_for_those_days(name, day, ends):
    lack, ((known),) = FACTS[name]
    fact = (since(1, known.value), since(day, None)) if ends else (since(day, known.value),)
    with pytest.raises(NotChargeable) as refused:
        raised(**{name: fact})
    unknown = october(day, 31) if ends else october(1, day - 1)
    assert (refused.value.lack, refused.value.days) == (lack, unknown)


@pytest.mark.parametrize("lack", Lack)
def test_a_refusal_is_one_sentence_that_says_what_to_do(lack):
    sentence = str(NotChargeable(lack, october(2, 17)))
    assert sentence.startswith("Со 2 по 17 октября 2026 ")
    what, remedy = sentence.split(". ")
    assert what
    assert remedy[0].isupper()


def test_the_sentence_of_a_missing_norm():
    assert str(NotChargeable(Lack.NO_NORM, OCTOBER)) == (
        "С 1 по 31 октября 2026 нет норматива. Добавьте его в таблицу norms"
    )


def test_the_proof_of_a_whole_month():
    (line,) = by_norm(OCTOBER, constant(3), always("6.935"), at("53.41"))
    assert line.proof == {
        "method": "norm",
        "inputs": {
            "persons": 3,
            "norm": 6_935_000,
            "price": 53_410_000,
            "from": "2026-10-01",
            "to": "2026-10-31",
        },
        "formula": (
            "n × N × T, где n — число проживающих, N — норматив на человека в месяц, T — цена"
        ),
        "rule": (
            "Правила предоставления коммунальных услуг (ПП РФ № 354), приложение 2, формула 4"
        ),
    }


def test_the_proof_of_a_part_of_a_month():
    people = (since(1, 3), since(11, 2))
    first, second = by_norm(october(1, 20), people, always("6.935"), at("53.41"))
    assert first.proof["formula"] == (
        "n × N × d ÷ D × T, где n — число проживающих, N — норматив на человека в месяц, "
        "T — цена, d — дней, D — дней в месяце"
    )
    assert first.proof["inputs"].items() >= {
        "days": 10, "days_served": 20, "days_of_month": 31,
    }.items()  # fmt: skip
    assert "before" not in first.proof["inputs"]
    assert second.proof["inputs"]["before"] == [208_050_000, 31]


def test_the_coefficient_of_one_adds_no_line():
    assert [line.part for line in raised(coefficient=always("1"))] == [Part.BASE]


def test_the_excess_is_told_with_its_own_formula():
    _, excess = raised()
    assert excess.proof["formula"].startswith("n × N × K × T − n × N × T, где n — число")
    assert excess.proof["inputs"]["coefficient"] == 1_500_000
