"""A bill that was taken back and issued again: who had paid it in time is not late."""

from datetime import UTC, datetime

import pytest

from portal.db.invoices import Invoice
from portal.domain.money import Money
from portal.services.audit import audit
from tests.support.billed import NOVEMBER, OCTOBER, BilledHouse
from tests.support.invoiced import cancels, issues, rows
from tests.support.owing import (
    FEBRUARY,
    JANUARY,
    Penalty,
    a_house_that_charges_penalties,
    penalties,
    within,
)

DECEMBER = NOVEMBER.shifted(1)


@pytest.fixture
def billed(backend) -> BilledHouse:
    """October's bills of 1 965,12 are due on 16 November: the fifteenth is a Sunday."""
    billed = a_house_that_charges_penalties(backend, "upkeep")
    billed.closes(OCTOBER, datetime(2026, 11, 1, 9, tzinfo=UTC))
    issues(billed)
    billed.flats[1].a_payment("1965,12", at=within(NOVEMBER, 3))
    return billed


def pays(billed: BilledHouse, roubles: str, at: datetime) -> None:
    billed.flats[0].a_payment(roubles, at=at)
    issues(billed, OCTOBER, at)


def is_issued_again(billed: BilledHouse, at: datetime) -> None:
    newest = rows(billed, Invoice, "number", "kind", "agreement_id")
    number = [row.number for row in newest if (row[1:]) == ("month", billed.flats[0].id)][-1]
    cancels(billed, number, at)
    issues(billed, OCTOBER, at)


def charged(billed: BilledHouse) -> list[Penalty]:
    billed.bills(FEBRUARY, within(FEBRUARY))
    assert [str(finding) for finding in billed.backend.read_now(audit)] == []
    return penalties(billed)


def test_what_was_paid_in_time_stays_so(billed):
    pays(billed, "1965,12", within(NOVEMBER, 5))
    is_issued_again(billed, within(JANUARY))
    assert charged(billed) == []


def test_however_often_it_is_issued_again(billed):
    pays(billed, "1965,12", within(NOVEMBER, 5))
    is_issued_again(billed, within(DECEMBER))
    is_issued_again(billed, within(JANUARY))
    assert charged(billed) == []


def test_each_part_stays_paid_on_its_own_day(billed):
    """965,12 were paid on 26 December, the fortieth day: × 9,5 % ÷ 300 × 10 days = 3,06."""
    pays(billed, "1000", within(NOVEMBER, 5))
    pays(billed, "965,12", within(DECEMBER, 26))
    is_issued_again(billed, within(JANUARY))
    assert charged(billed) == [("upkeep", FEBRUARY, Money.parse("3,06"))]


def test_what_was_never_paid_is_owed_all_the_time(billed):
    """965,12 × 16 % ÷ 300 × 46 days, from 17 December to 31 January: no cap is known of 2027."""
    pays(billed, "1000", within(NOVEMBER, 5))
    is_issued_again(billed, within(JANUARY))
    assert charged(billed) == [("upkeep", FEBRUARY, Money.parse("23,68"))]
