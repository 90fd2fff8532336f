"""A meter that broke, was charged by the average, and was replaced some weeks later."""

from datetime import date

import pytest

from portal.db.accounts import Meter
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


@pytest.fixture
def billed(backend) -> BilledHouse:
    """5,5138 m³ a month from April to September; broken since 3 October, a new one in November."""
    billed = a_billed_house(backend, flats=1, only=["zkh_cold"])
    (meter,) = billed.meters
    for month, value in ((6, "130"), (7, "136"), (8, "142"), (9, "148")):
        is_read(meter, value, date(2026, month, 20))
    billed.house.changes(Meter, meter.meter_id or 0, broken_since=date(2026, 10, 3))
    billed.bills(OCTOBER, LATE_OCTOBER)
    billed.closes(OCTOBER, LATE_NOVEMBER)
    after = billed.accounts[0].a_meter(billed.services["zkh_cold"], installed_on=date(2026, 11, 10))
    billed.house.changes(Meter, after.meter_id or 0, replaces_id=meter.meter_id)
    after.newest = meter.newest
    after._adds(Quantity(0), date(2026, 11, 10), "opening", None, LATE_NOVEMBER)
    is_read(after, "4", date(2026, 11, 24))
    return billed


def test_what_was_charged_by_the_average_stays_so(billed):
    charged = billed.owed(OCTOBER)
    billed.bills(NOVEMBER, LATE_NOVEMBER)
    assert [row[0] for row in billed.charges("for_period") if row[0] is not None] == []
    assert billed.bills(OCTOBER, LATE_NOVEMBER).recalculated == 0
    assert billed.owed(OCTOBER) == charged == Money.parse("294,49")
    # Nine days of thirty of 5,5138 m³ by the old one, then 4 m³ by the new one.
    assert billed.owed(NOVEMBER) == Money.parse("88,35") + Money.parse("213,64")
    assert [str(finding) for finding in billed.backend.read_now(audit)] == []
