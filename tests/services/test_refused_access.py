"""Who does not let anybody check the meter is charged by the raised norm until he does."""

from datetime import date

import pytest

from portal.db.accounts import Refusal
from portal.domain.money import Money
from portal.domain.quantity import Quantity
from portal.services.audit import audit
from tests.support.billed import (
    LATE_NOVEMBER,
    LATE_OCTOBER,
    NOVEMBER,
    OCTOBER,
    BilledHouse,
    a_billed_house,
    is_read,
)

BASE, EXCESS = Money.parse("506,86"), Money.parse("253,43")
"""2 persons × 4.745 m³ × 53.41, and half as much again."""


@pytest.fixture
def billed(backend) -> BilledHouse:
    billed = a_billed_house(backend, only=["zkh_cold"], flats=1)
    billed.knows("zkh_cold", "coefficient", "1,5")
    for month, value in ((6, "130"), (7, "136"), (8, "142"), (9, "148"), (10, "154")):
        is_read(billed.meters[0], value, date(2026, month, 20))
    return billed


def is_refused(billed: BilledHouse, on: date, **admitted: object) -> int:
    return billed.house.adds(
        Refusal, account_id=billed.accounts[0].id, service_id=billed.services["zkh_cold"].id,
        refused_on=on, document="акт № 5", **admitted,
    )  # fmt: skip


def lines(billed: BilledHouse) -> list[tuple[str, str, Money]]:
    rows = billed.charges("period", "part", "proof", "amount")
    return [(part, proof["inputs"]["to"], amount) for _, part, proof, amount in rows]


def test_from_the_first_of_the_month_of_the_act_on_the_raised_norm_is_charged(billed):
    is_refused(billed, date(2026, 10, 10))
    billed.bills(OCTOBER, LATE_OCTOBER)
    assert lines(billed) == [
        ("base", "2026-10-31", BASE), ("excess", "2026-10-31", EXCESS),
    ]  # fmt: skip
    (proof, _) = (row[0] for row in billed.charges("proof"))
    assert "(акт № 5 от 10 октября 2026)" in proof["inputs"]["reason"].replace("\xa0", " ")
    assert proof["rule"].endswith("пункт 60(3)")


def test_the_months_before_the_act_are_as_they_were(billed):
    is_refused(billed, date(2026, 11, 10))
    billed.bills(OCTOBER, LATE_OCTOBER)
    assert lines(billed) == [("base", "2026-10-31", Money.parse("320,46"))]  # 6 m³


def test_it_lasts_until_somebody_is_let_in_and_then_the_meter_counts_anew(billed):
    is_refused(
        billed, date(2026, 10, 10), admitted_on=date(2026, 11, 11),
        admitted_value=Quantity.parse("160"),
    )  # fmt: skip
    is_read(billed.meters[0], "165", date(2026, 11, 24))
    billed.bills(OCTOBER, LATE_OCTOBER)
    assert billed.owed(OCTOBER) == BASE + EXCESS
    billed.bills(NOVEMBER, LATE_NOVEMBER)
    november = [line for line in lines(billed) if line[1] > "2026-10-31"]
    assert november == [
        ("base", "2026-11-10", Money.parse("168,95")),  # 10 of 30 days
        ("excess", "2026-11-10", Money.parse("84,48")),
        ("base", "2026-11-30", Money.parse("267,05")),  # 5 m³
    ]
    assert billed.backend.read_now(audit) == ()


def test_without_a_reading_after_that_no_coefficient_is_left(billed):
    is_refused(
        billed, date(2026, 10, 10), admitted_on=date(2026, 11, 1),
        admitted_value=Quantity.parse("160"),
    )  # fmt: skip
    billed.bills(NOVEMBER, LATE_NOVEMBER)
    assert lines(billed) == [("base", "2026-11-30", BASE)]


def test_a_second_act_begins_it_again(billed):
    is_refused(
        billed, date(2026, 9, 10), admitted_on=date(2026, 10, 1),
        admitted_value=Quantity.parse("150"),
    )  # fmt: skip
    is_refused(billed, date(2026, 11, 20))
    billed.bills(OCTOBER, LATE_OCTOBER)
    billed.bills(NOVEMBER, LATE_NOVEMBER)
    assert billed.owed(OCTOBER) == Money.parse("213,64")  # 4 m³, from what was found
    assert billed.owed(NOVEMBER) == BASE + EXCESS
