"""A month that was closed, corrected in the next one, and opened again."""

from datetime import date

import pytest

from portal.domain.money import Money
from portal.services.audit import audit
from portal.services.office.billing.periods import reopen_period
from tests.support.billed import (
    LATE_NOVEMBER,
    LATE_OCTOBER,
    NOVEMBER,
    OCTOBER,
    OFFICER,
    BilledHouse,
    a_billed_house,
)


@pytest.fixture
def billed(backend) -> BilledHouse:
    """54,3 × 36,19 in October; that the price was 40 became known when it was closed."""
    billed = a_billed_house(backend, flats=1, only=["upkeep"])
    billed.bills(OCTOBER, LATE_OCTOBER)
    billed.closes(OCTOBER, LATE_NOVEMBER)
    billed.services["upkeep"].costs("40", date(2026, 10, 1))
    billed.bills(OCTOBER, LATE_NOVEMBER)
    assert billed.owed(NOVEMBER) == Money.parse("206,88")
    billed.backend.write_now(
        reopen_period, OFFICER, billed.house.operator_id, OCTOBER, "Цена", LATE_NOVEMBER
    )
    return billed


def proved(billed: BilledHouse) -> list[str]:
    return [str(finding) for finding in billed.backend.read_now(audit)]


def test_it_is_charged_right_itself_and_what_corrected_it_goes_where_it_stood(billed):
    billed.bills(OCTOBER, LATE_NOVEMBER)
    assert billed.owed(OCTOBER) == Money.parse("2172")
    undone = billed.charges("reverses_id", "period", "for_period")
    assert [row[1:] for row in undone if row[0] is not None] == [
        (OCTOBER, None), (NOVEMBER, OCTOBER), (NOVEMBER, OCTOBER),
    ]  # fmt: skip
    assert billed.owed(NOVEMBER) == Money(0)
    assert proved(billed) == []


def test_whatever_is_run_after_that_changes_nothing(billed):
    billed.bills(OCTOBER, LATE_NOVEMBER)
    rows = billed.charges()
    billed.bills(OCTOBER, LATE_NOVEMBER)
    billed.closes(OCTOBER, LATE_NOVEMBER)
    assert billed.bills(OCTOBER, LATE_NOVEMBER).recalculated == 0
    assert billed.charges() == rows
    assert proved(billed) == []
