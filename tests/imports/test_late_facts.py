"""A fact that comes when its month was charged: the next run finds the difference by itself."""

from datetime import UTC, datetime

import pytest

from portal.db.late import LateFact, LateFactTaken
from portal.db.ledger import Charge
from portal.db.parties import Operator
from portal.domain.money import Money
from portal.domain.period import Period
from portal.services.audit import audit
from portal.services.office.billing.periods import close_period
from portal.services.office.billing.report import Report
from portal.services.office.billing.run import Order, bill_chunk, chunks
from tests.imports.conftest import HOUSE, NOW, OFFICER, Town

OCTOBER, NOVEMBER = Period(2026, 10), Period(2026, 11)
LATE_OCTOBER = datetime(2026, 10, 28, 9, tzinfo=UTC)
DESCRIBED = HOUSE.partition("[[charges]]")[0]
PRICE = """
[[prices]]
tariff = "ХВС"
service = "house"
valid_from = 2026-10-01
price = "40,00"
"""
AREA = """
[[premises_facts]]
premises = "2"
kind = "area"
valid_from = 2026-10-01
value = "60"
"""
INTERCOM = """
[[services]]
tariff = "ХВС"
external_id = "intercom"
name = "Домофон"
unit = "шт"
kind = "periodic"
method = "fixed"

[[prices]]
tariff = "ХВС"
service = "intercom"
valid_from = 2026-01-01
price = "50,00"
"""
UPKEEP, DEARER = Money.parse("1965,12"), Money.parse("2172")
"""54.3 m² at 36.19 and at 40.00."""


def bills(town: Town, period: Period, now: datetime = NOW, *, is_dry: bool = False) -> Report:
    order, report = Order(town.row(Operator).id, period, is_dry), Report()
    for chunk in town.backend.read_now(chunks, OFFICER, order, None):
        run = town.backend.read_now if is_dry else town.backend.write_now
        report += run(bill_chunk, OFFICER, order, chunk, now)
    return report


def closes(town: Town, period: Period, now: datetime = NOW) -> None:
    town.backend.write_now(close_period, OFFICER, town.row(Operator).id, period, now)


@pytest.fixture
def charged(town: Town) -> Town:
    """October is charged and closed."""
    town.loads(DESCRIBED)
    bills(town, OCTOBER, LATE_OCTOBER)
    closes(town, OCTOBER)
    return town


def corrections(town: Town) -> list[tuple[Period, Period, Money]]:
    return [
        (row.period, row.for_period, row.amount)
        for row in town.rows(Charge)
        if row.for_period is not None
    ]


def test_a_late_price_is_found_by_the_run_of_the_open_month(charged: Town) -> None:
    before = charged.rows(Charge, period=OCTOBER)
    charged.loads(PRICE)
    report = bills(charged, NOVEMBER)
    assert report.recalculated == 2  # each price has its own difference
    assert Money.total(amount for *_, amount in corrections(charged)) == DEARER - UPKEEP
    assert {row[:2] for row in corrections(charged)} == {(NOVEMBER, OCTOBER)}
    corrected = {row.corrects_id for row in charged.rows(Charge) if row.for_period is not None}
    assert corrected == {row.id for row in before if row.amount == UPKEEP}
    assert charged.rows(Charge, period=OCTOBER) == before
    assert charged.backend.read_now(audit) == ()


def test_it_is_looked_at_once(charged: Town) -> None:
    charged.loads(PRICE)
    bills(charged, NOVEMBER)
    counts = charged.counts()
    assert len(charged.rows(LateFact)) == len(charged.rows(LateFactTaken)) == 1
    assert bills(charged, NOVEMBER).recalculated == 0
    assert charged.counts() == counts


def test_a_dry_run_tells_the_difference_and_leaves_it_to_be_found(charged: Town) -> None:
    charged.loads(PRICE)
    assert bills(charged, NOVEMBER, is_dry=True).recalculated == 2
    assert charged.rows(LateFactTaken) == []
    assert bills(charged, NOVEMBER).recalculated == 2


def test_what_comes_between_the_run_and_the_closing_is_found_too(town: Town) -> None:
    town.loads(DESCRIBED)
    bills(town, OCTOBER, LATE_OCTOBER)
    town.loads(AREA, LATE_OCTOBER)
    closes(town, OCTOBER)
    bills(town, NOVEMBER)
    (correction,) = corrections(town)
    assert correction == (NOVEMBER, OCTOBER, Money.parse("2171,40") - UPKEEP)


def test_a_month_that_is_open_still_is_run_itself(town: Town) -> None:
    town.loads(DESCRIBED)
    bills(town, OCTOBER, LATE_OCTOBER)
    town.loads(AREA)
    assert bills(town, NOVEMBER).recalculated == 0
    assert town.rows(LateFactTaken) == []
    bills(town, OCTOBER)
    assert len(town.rows(LateFactTaken)) == 1
    assert corrections(town) == []


def test_who_has_left_is_looked_at_too(charged: Town) -> None:
    ended = 'premises = "2"\nclosed_on = 2026-10-18\n\n[[accounts]]'
    charged.loads(DESCRIBED.replace('premises = "2"\n\n[[accounts]]', ended))
    bills(charged, NOVEMBER)
    (correction,) = corrections(charged)
    assert correction == (NOVEMBER, OCTOBER, Money.parse("1077,64") - UPKEEP)


def test_an_area_that_is_told_at_last_is_found(town: Town) -> None:
    town.loads(DESCRIBED.replace('area = "54,3"\n', "") + INTERCOM)
    assert len(bills(town, OCTOBER, LATE_OCTOBER).lacks) == 1
    closes(town, OCTOBER)
    town.loads(DESCRIBED)
    bills(town, NOVEMBER)
    assert corrections(town) == [(NOVEMBER, OCTOBER, UPKEEP)]
    assert town.backend.read_now(audit) == ()


def test_a_meter_that_is_said_late_to_be_broken_is_looked_at(charged: Town) -> None:
    opened = 'opening_value = "240"'
    charged.loads(DESCRIBED.replace(opened, f"{opened}\nbroken_since = 2026-10-03"))
    (late,) = charged.rows(LateFact)
    assert (late.first_period, late.last_period) == (OCTOBER, OCTOBER)


def test_nothing_is_marked_for_months_that_nobody_has_charged(charged: Town) -> None:
    charged.loads(PRICE.replace("2026-10-01", "2026-11-01"))
    assert charged.rows(LateFact) == []
