"""Months that a later reading tells of: one that was run without it, one that nobody ran."""

from datetime import UTC, date, datetime

import pytest

from portal.domain.money import Money
from portal.domain.period import Period
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

SEPTEMBER, DECEMBER = Period(2026, 9), Period(2026, 12)
LATE_SEPTEMBER = datetime(2026, 9, 28, 9, tzinfo=UTC)
LATE_DECEMBER = datetime(2026, 12, 28, 9, tzinfo=UTC)


@pytest.fixture
def billed(backend) -> BilledHouse:
    """Read until September, which is charged."""
    billed = a_billed_house(backend, only=["zkh_cold", "upkeep"], flats=1)
    for month, value in ((6, "130"), (7, "136"), (8, "142"), (9, "148")):
        is_read(billed.meters[0], value, date(2026, month, 20))
    billed.bills(SEPTEMBER, LATE_SEPTEMBER)
    return billed


def test_a_month_that_nobody_ran_is_named_by_the_run_whose_reading_tells_of_it(billed):
    billed.closes(OCTOBER, LATE_NOVEMBER)
    is_read(billed.meters[0], "160", date(2026, 11, 20))
    (lack,) = billed.bills(NOVEMBER, LATE_NOVEMBER).lacks
    assert (lack.agreement, lack.service) == ("DOM-1", "zkh_cold")
    assert lack.sentence == (
        "Октябрь 2026 закрыт, но не начислен, а показания охватывают и его. Начислите его: "
        "bill --period 2026-10"
    )
    billed.bills(OCTOBER, LATE_NOVEMBER)
    assert billed.bills(NOVEMBER, LATE_NOVEMBER).lacks == ()
    water = billed.charges("service_id", "amount")
    code = billed.services["zkh_cold"].id
    # All 12 m³ of October and November, and the 6 of September.
    assert Money.total(amount for service, amount in water if service == code) == Money.parse(
        "961,38"
    )
    assert billed.backend.read_now(audit) == ()


def test_months_before_the_portal_charged_anything_are_nobodys_gap(backend):
    billed = a_billed_house(backend, only=["zkh_cold"], flats=1)
    is_read(billed.meters[0], "148", date(2026, 6, 20))
    is_read(billed.meters[0], "152", date(2026, 10, 20))
    billed.closes(SEPTEMBER, LATE_OCTOBER)
    assert billed.bills(OCTOBER, LATE_OCTOBER).lacks == ()


def test_guessed_months_behind_a_gap_are_set_right(billed):
    """October is guessed, November nobody ran, and the reading comes in December."""
    billed.bills(OCTOBER, LATE_OCTOBER)
    billed.closes(NOVEMBER, LATE_DECEMBER)
    is_read(billed.meters[0], "150", date(2026, 12, 20))
    report = billed.bills(DECEMBER, LATE_DECEMBER)
    assert report.recalculated == 1
    assert [lack.sentence[:8] for lack in report.lacks] == ["Ноябрь 2"]
    assert billed.bills(DECEMBER, LATE_DECEMBER).recalculated == 0


def test_a_month_that_only_lacked_its_reading_is_charged_when_it_comes(backend):
    """Where nothing stands in for readings nothing was charged, but the month was run."""
    billed = a_billed_house(backend, only=["upkeep"], flats=1)
    gas = billed.house.a_service(
        "zkh_gas", "zkh_gas", price="10", method="metered_month", kind="one_time"
    )
    billed.services["zkh_gas"] = gas
    meter = billed.accounts[0].a_meter(gas, installed_on=date(2026, 1, 1))
    meter.opens_at("0", date(2026, 1, 1))
    is_read(meter, "100", date(2026, 9, 20))
    billed.bills(SEPTEMBER, LATE_SEPTEMBER)
    assert len(billed.bills(OCTOBER, LATE_OCTOBER).lacks) == 1
    billed.closes(OCTOBER, LATE_NOVEMBER)
    is_read(meter, "161", date(2026, 11, 20))
    report = billed.bills(NOVEMBER, LATE_NOVEMBER)
    assert (report.lacks, report.recalculated) == ((), 1)
    assert billed.owed(NOVEMBER, "zkh_gas") == Money.parse("610")
    assert billed.bills(NOVEMBER, LATE_NOVEMBER).recalculated == 0
    assert billed.backend.read_now(audit) == ()
