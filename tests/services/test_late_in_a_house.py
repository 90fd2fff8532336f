"""A reading that comes late, in a house whose common needs are what its dwellings did not use."""

from datetime import date

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


@pytest.fixture
def billed(backend) -> BilledHouse:
    """Of 40 m³ one flat used 7 and of the other 6 were taken; in truth they were 4."""
    billed = a_billed_house(backend, only=["zkh_cold", "common"])
    for number, meter in enumerate(billed.meters):
        for month, value in ((6, "130"), (7, "136"), (8, "142"), (9, "148")):
            is_read(meter, value, date(2026, month, 20))
        if number:
            is_read(meter, "155", date(2026, 10, 20))
    billed.bills(OCTOBER, LATE_OCTOBER)
    billed.closes(OCTOBER, LATE_NOVEMBER)
    is_read(billed.meters[0], "152", date(2026, 11, 20))
    is_read(billed.meters[1], "162", date(2026, 11, 20))
    return billed


def of_october(billed: BilledHouse, code: str) -> list[tuple[int, Period, Money]]:
    """What was posted of it in November, by the flat."""
    wanted = billed.services[code].id
    rows = billed.charges("service_id", "for_period", "agreement_id", "period", "amount")
    return [row[2:] for row in rows if row[:2] == (wanted, OCTOBER)]


def test_the_other_dwellings_do_not_notice_and_the_late_one_has_no_share_of_its_own(billed):
    report = billed.bills(NOVEMBER, LATE_NOVEMBER)
    (water,) = of_october(billed, "zkh_cold")
    assert (water[0], report.recalculated) == (billed.flats[0].id, 1)
    assert of_october(billed, "common") == []


def test_who_runs_the_closed_month_itself_has_it_right_for_all(billed):
    billed.bills(NOVEMBER, LATE_NOVEMBER)
    billed.bills(OCTOBER, LATE_NOVEMBER)
    parts = of_october(billed, "common")
    assert [flat for flat, *_ in parts] == [flat.id for flat in billed.flats]
    assert parts[0][2] == parts[1][2] > Money(0)
    assert billed.bills(NOVEMBER, LATE_NOVEMBER).recalculated == 0
    assert [str(finding) for finding in billed.backend.read_now(audit)] == []
