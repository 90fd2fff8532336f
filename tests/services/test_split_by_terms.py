"""Where a service changes hands in mid-month each supplier is charged for days of his own."""

from datetime import date
from typing import Any

import pytest

from portal.backend import Backend
from portal.db.parties import PremisesFact
from portal.db.suppliers import ServiceTerms, Supplier
from portal.domain.money import Money
from portal.domain.quantity import Quantity
from portal.services.audit import audit
from tests.support.billed import (
    BEGINNING,
    LATE_NOVEMBER,
    LATE_OCTOBER,
    NOVEMBER,
    OCTOBER,
    BilledHouse,
    _premises_of,
    a_billed_house,
    is_read,
)

MIDDLE = date(2026, 10, 17)
"""Of 31 days the first 16 are before it."""


def a_town(backend: Backend, code: str) -> tuple[BilledHouse, int]:
    """One flat with one service; another company that may take it over."""
    town = a_billed_house(backend, 1, only=(code,))
    other = town.house.adds(
        Supplier, key="other", name="ООО «Другая вода»", inn="7736520080",
        account="40702810338360027201", bank_name="ПАО Сбербанк", bic="044525225",
    )  # fmt: skip
    return town, other


def agrees(
    town: BilledHouse, code: str, scheme: str, supplier_id: int | None, since: date, **more: Any
) -> None:
    town.house.adds(
        ServiceTerms, service_id=town.services[code].id, valid_from=since, scheme=scheme,
        supplier_id=supplier_id, **more,
    )  # fmt: skip


def told(town: BilledHouse) -> list[tuple[Any, ...]]:
    """Whose each charge is, for which of its days, and how much."""
    names = ("part", "scheme", "supplier_id", "proof", "amount")
    return [
        (part, scheme, supplier_id, inputs.get("from", "")[-2:], inputs.get("to", "")[-2:], amount)
        for part, scheme, supplier_id, proof, amount in town.charges(*names)
        for inputs in (proof["inputs"],)
    ]


def total(town: BilledHouse) -> Money:
    return Money.total(row[-1] for row in told(town))


def proved(town: BilledHouse) -> list[str]:
    return [str(finding) for finding in town.backend.read_now(audit)]


@pytest.mark.parametrize(
    ("code", "whole"), [("upkeep", "1965,12"), ("parking", "1500"), ("internet", "550")]
)
def test_a_month_is_divided_by_its_days(backend, code, whole):
    town, other = a_town(backend, code)
    agrees(town, code, "direct", other, MIDDLE)
    town.bills(OCTOBER, LATE_OCTOBER)
    assert [row[1:5] for row in told(town)] == [
        ("own", None, "01", "16"), ("direct", other, "17", "31"),
    ]  # fmt: skip
    assert abs(total(town) - Money.parse(whole)) <= Money(1)  # each line is rounded by itself
    assert proved(town) == []


def test_what_a_meter_counted_is_divided_as_by_a_price(backend):
    """Evenly by days: of 9,3 m³ 4,8 and 4,5, together exactly what was counted."""
    town, other = a_town(backend, "zkh_cold")
    is_read(town.meters[0], "130", date(2026, 9, 20))
    is_read(town.meters[0], "139,3", date(2026, 10, 20))
    agrees(town, "zkh_cold", "agency", other, MIDDLE)
    town.bills(OCTOBER, LATE_OCTOBER)
    assert told(town) == [
        ("base", "agency", town.supplier_id, "01", "16", Money.parse("256,37")),
        ("base", "agency", other, "17", "31", Money.parse("240,35")),
    ]
    assert [row[0] for row in town.charges("volume")] == [
        Quantity.parse("4,8"), Quantity.parse("4,5"),
    ]  # fmt: skip
    assert proved(town) == []


def test_bands_are_divided_too(backend):
    town, other = a_town(backend, "zkh_power")
    agrees(town, "zkh_power", "agency", other, MIDDLE)
    town.bills(OCTOBER, LATE_OCTOBER)
    assert [row[1:5] for row in told(town)] == [
        ("own", None, "01", "16"), ("own", None, "01", "16"),
        ("agency", other, "17", "31"), ("agency", other, "17", "31"),
    ]  # fmt: skip
    volumes = [row[0].micro for row in town.charges("volume")]
    assert sum(volumes) == Quantity.parse("180").micro
    assert proved(town) == []


def test_the_raising_coefficient_stays_the_operators(backend):
    town, other = a_town(backend, "gas")
    agrees(town, "gas", "agency", other, MIDDLE)
    town.bills(OCTOBER, LATE_OCTOBER)
    assert [row[:5] for row in told(town)] == [
        ("base", "own", None, "01", "16"), ("excess", "own", None, "01", "16"),
        ("base", "agency", other, "17", "31"), ("excess", "own", None, "17", "31"),
    ]  # fmt: skip
    assert proved(town) == []


def test_another_commission_is_other_terms_and_the_same_terms_again_are_none(backend):
    town, other = a_town(backend, "upkeep")
    percents = [Quantity.parse(text) for text in ("3", "3", "5")]
    days = (BEGINNING, date(2026, 10, 10), MIDDLE)
    for since, percent in zip(days, percents, strict=True):
        agrees(town, "upkeep", "agency", other, since, commission_percent=percent)
    town.bills(OCTOBER, LATE_OCTOBER)
    assert [row[3:5] for row in told(town)] == [("01", "16"), ("17", "31")]


def test_terms_that_come_during_the_month_divide_what_was_charged_and_no_more(backend):
    town, other = a_town(backend, "upkeep")
    town.bills(OCTOBER, LATE_OCTOBER)
    agrees(town, "upkeep", "agency", other, MIDDLE)
    town.bills(OCTOBER, LATE_OCTOBER)
    assert [row[1:3] for row in told(town)] == [
        ("own", None), ("own", None), ("own", None), ("agency", other),
    ]  # fmt: skip
    before = town.charges()
    town.bills(OCTOBER, LATE_OCTOBER)
    assert town.charges() == before
    assert proved(town) == []


def test_of_a_closed_month_each_supplier_has_a_difference_of_his_own(backend):
    """The area of October was another: twice as much is charged, half and half."""
    town, other = a_town(backend, "upkeep")
    agrees(town, "upkeep", "agency", other, MIDDLE)
    town.bills(OCTOBER, LATE_OCTOBER)
    first, second = (row[-1] for row in told(town))
    town.closes(OCTOBER, LATE_NOVEMBER)
    town.house.adds(
        PremisesFact, premises_id=_premises_of(town.house, town.flats[0]), kind="area",
        valid_from=OCTOBER.first_day, value=Quantity.parse("108,6"),
    )  # fmt: skip
    town.bills(OCTOBER, LATE_NOVEMBER)
    (own, his) = told(town)[2:]
    assert (own[:3], his[:3]) == (
        ("recalculation", "own", None),
        ("recalculation", "agency", other),
    )
    assert abs(own[-1] - first) <= Money(1)
    assert abs(his[-1] - second) <= Money(1)
    before = town.charges()
    town.bills(OCTOBER, LATE_NOVEMBER)
    assert town.charges() == before
    assert proved(town) == []


def test_terms_that_come_after_the_month_was_closed_give_nothing_of_it_away(backend):
    """Two lines instead of one may be rounded to a kopeck more or less."""
    town, other = a_town(backend, "upkeep")
    town.bills(OCTOBER, LATE_OCTOBER)
    town.closes(OCTOBER, LATE_NOVEMBER)
    agrees(town, "upkeep", "agency", other, MIDDLE)
    town.bills(OCTOBER, LATE_NOVEMBER)
    _, *later = told(town)
    assert {row[1] for row in later} <= {"own"}
    assert abs(Money.total(row[-1] for row in later)) <= Money(1)
    town.bills(NOVEMBER, LATE_NOVEMBER)
    assert told(town)[-1][1:3] == ("agency", other)
