"""A norm whose price rises with what is used: what its lines say of themselves."""

from datetime import date

import pytest

from portal.domain.charging.absence import Absence
from portal.domain.charging.banded_norm import norm_in_bands
from portal.domain.charging.line import Lack, NotChargeable, Part
from portal.domain.timeline import constant
from tests.domain.charging.facts import OCTOBER, always, october, q, since
from tests.domain.charging.meters import always as bands

TARIFF = bands(("10", "5"), (None, "8"))
RULE = "Правила предоставления коммунальных услуг (ПП РФ № 354), приложение 2, формула 4"


def charged(**changed):
    facts = {"persons": constant(3), "norm": always("4"), "tariff": TARIFF} | changed
    return norm_in_bands(OCTOBER, **facts)


def told(lines):
    return [(line.part, line.volume, line.amount.plain, line.price_id) for line in lines]


def test_a_line_a_band():
    lines = charged()
    assert told(lines) == [(Part.BASE, q("10"), "50,00", 1), (Part.BASE, q("2"), "16,00", 2)]
    assert {line.days for line in lines} == {OCTOBER}
    proof = lines[0].proof
    assert (proof["method"], proof["rule"]) == ("norm_bands", RULE)
    assert proof["formula"] == (
        "часть от (число проживающих × норматив × дни / дни месяца) в пределах диапазона × цена"
    )
    assert proof["inputs"].items() >= {"persons": 3, "norm": 4_000_000}.items()
    assert not {"persons_absent", "coefficient", "base_volume"} & proof["inputs"].keys()


def test_what_the_coefficient_adds_in_each_band():
    lines = charged(norm=always("3"), coefficient=always("1.5"))
    assert told(lines) == [
        (Part.BASE, q("9"), "45,00", 1),
        (Part.EXCESS, q("1"), "5,00", 1),
        (Part.EXCESS, q("3.5"), "28,00", 2),
    ]
    base, first, second = (line.proof for line in lines)
    assert "coefficient" not in base["inputs"]
    assert first["inputs"].items() >= {
        "persons": 3, "norm": 3_000_000, "coefficient": 1_500_000, "base_volume": 9_000_000,
    }.items()  # fmt: skip
    assert second["inputs"]["base_volume"] == 0
    assert first["formula"] == (
        "часть от (число проживающих × норматив × коэффициент × дни / дни месяца) в пределах "
        "диапазона × цена − часть от (число проживающих × норматив × дни / дни месяца) в пределах "
        "диапазона × цена"
    )


def test_a_band_that_is_full_anyway_adds_nothing_and_hides_nothing():
    lines = charged(coefficient=always("1.5"))
    assert told(lines)[2:] == [(Part.EXCESS, q("6"), "48,00", 2)]


def test_who_was_away_is_left_out():
    absence = Absence(date(2026, 9, 1), date(2026, 11, 30), 1)
    lines = charged(absences=[absence])
    assert told(lines) == [(Part.BASE, q("8"), "40,00", 1)]
    (proof,) = (line.proof for line in lines)
    assert (proof["inputs"]["persons"], proof["inputs"]["persons_absent"]) == (3, 1)
    assert proof["formula"].startswith("часть от ((число проживающих − число временно отсутств")


@pytest.mark.parametrize(
    ("name", "lack"),
    [
        ("persons", Lack.NO_PERSONS),
        ("norm", Lack.NO_NORM),
        ("coefficient", Lack.NO_COEFFICIENT),
    ],
)
def test_what_nobody_knows_is_named_with_its_days(name, lack):
    known = {"persons": 3, "norm": q("4"), "coefficient": q("1.5")}[name]
    with pytest.raises(NotChargeable) as refused:
        charged(**{name: (since(1, known), since(20, None))})
    assert (refused.value.lack, refused.value.days) == (lack, october(20, 31))
