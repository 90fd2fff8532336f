"""The worked numbers of the Rules' formulas, from the table that names their sources."""

from datetime import date
from typing import Any

import pytest

from portal.domain.charging.common import CommonNorm, common_by_norm
from portal.domain.charging.dwelling import by_area, by_quantity, capital_repair
from portal.domain.charging.heating import heating_by_norm
from portal.domain.charging.line import Line, Part
from portal.domain.charging.norm import by_norm, by_raised_norm
from portal.domain.charging.waters import sewerage
from portal.domain.period import Period
from portal.domain.timeline import Days, Since, constant
from tests.domain.charging.facts import (
    OCTOBER,
    always,
    amounts,
    at,
    money,
    october,
    price,
    q,
    total,
    volume,
)
from tests.domain.vectors import VECTORS

NOVEMBER_2025, DECEMBER_2025 = Days.of(Period(2025, 11)), Days.of(Period(2025, 12))
RAISED_COLD_WATER = (
    Since(date(2017, 1, 1), q("1.5")),
    Since(date(2025, 12, 6), q("3.0")),
)


def vectors(kind: str) -> list[dict[str, Any]]:
    return [vector for vector in VECTORS["charge"] if vector["kind"] == kind]


def by_vector(vector: dict[str, Any]) -> tuple[Line, ...]:
    facts = constant(vector["persons"]), always(vector["norm"])
    if vector["k"] == "1":
        return by_norm(OCTOBER, *facts, at(vector["tariff"]))
    return by_raised_norm(OCTOBER, *facts, always(vector["k"]), at(vector["tariff"]))


@pytest.mark.parametrize("vector", vectors("norm"))
def test_norm(vector):
    lines = by_vector(vector)
    assert total(lines) == money(vector["amount"])
    excess = [line.amount for line in lines if line.part is Part.EXCESS]
    assert excess == [money(vector[key]) for key in ("excess",) if key in vector]


@pytest.mark.parametrize("vector", vectors("heating_norm"))
def test_heating_by_norm(vector):
    lines = heating_by_norm(
        OCTOBER, always(vector["area"]), always(vector["norm"]), at(vector["tariff"])
    )
    assert total(lines) == money(vector["amount"])
    assert volume(lines) == q("0.8688")


@pytest.mark.parametrize("vector", vectors("soi_norm"))
def test_common_property_by_norm(vector):
    norm = CommonNorm(always(vector["norm"]), always(vector["common_area"]))
    areas = always(vector["area"]), always(vector["total_area"])
    lines = common_by_norm(OCTOBER, norm, *areas, at(vector["tariff"]))
    assert total(lines) == money(vector["amount"])
    assert volume(lines) == q("0.168373")


@pytest.mark.parametrize("vector", vectors("area"))
def test_area(vector):
    assert total(by_area(OCTOBER, always(vector["area"]), at(vector["rate"]))) == money(
        vector["amount"]
    )


@pytest.mark.parametrize("vector", vectors("area_prorata"))
def test_area_by_days(vector):
    lines = by_area(october(1, vector["days"]), always(vector["area"]), at(vector["rate"]))
    assert (total(lines), OCTOBER.count) == (money(vector["amount"]), vector["of"])


def test_without_a_meter_that_could_not_be_fitted():
    lines = by_norm(OCTOBER, constant(3), always("6.935"), at("53.41"))
    assert (volume(lines), amounts(lines)) == (q("20.805"), ["1111,20"])


@pytest.mark.parametrize(
    ("month", "whole", "excess"),
    [
        (NOVEMBER_2025, "1666.79", "555.59"),
        (Days.of(Period(2026, 1)), "3333.59", "2222.39"),
    ],
)
def test_without_a_meter_that_could_be_fitted(month, whole, excess):
    lines = by_raised_norm(month, constant(3), always("6.935"), RAISED_COLD_WATER, at("53.41"))
    assert [line.part for line in lines] == [Part.BASE, Part.EXCESS]
    assert total(lines) == money(whole)
    assert lines[1].amount == money(excess)


def test_the_month_in_which_the_coefficient_of_cold_water_doubled():
    """5 days of December 2025 at 1.5 and 26 at 3: 20.805 × (5 × 1.5 + 26 × 3) ÷ 31 = 57.381532."""
    lines = by_raised_norm(
        DECEMBER_2025, constant(3), always("6.935"), RAISED_COLD_WATER, at("53.41")
    )
    assert [(str(line.days), line.part) for line in lines] == [
        ("с 1 по 5 декабря 2025", Part.BASE),
        ("с 1 по 5 декабря 2025", Part.EXCESS),
        ("с 6 по 31 декабря 2025", Part.BASE),
        ("с 6 по 31 декабря 2025", Part.EXCESS),
    ]
    assert volume(lines) == q("57.381532")
    assert volume(tuple(line for line in lines if line.part is Part.BASE)) == q("20.805")


def test_sewerage_of_cold_and_hot_water():
    lines = sewerage(OCTOBER, [q("8"), q("5")], at("41.35"))
    assert (volume(lines), amounts(lines)) == (q("13"), ["537,55"])


def test_maintenance_and_seventeen_days_of_it():
    assert amounts(by_area(OCTOBER, always("54.3"), at("36.19"))) == ["1965,12"]
    assert amounts(by_area(october(15, 31), always("54.3"), at("36.19"))) == ["1077,64"]


def test_capital_repair():
    assert amounts(capital_repair(OCTOBER, always("54.3"), at("26.11"))) == ["1417,77"]


def test_two_posts_of_a_guard():
    assert amounts(by_quantity(OCTOBER, always("2"), constant(price("375.50")))) == ["751,00"]
