"""Heating paid in equal parts all the year round, and set right when the year is over."""

from datetime import UTC, date, datetime

import pytest

from portal.backend import Backend
from portal.db.houses import HouseChoice, HouseVolume
from portal.db.parties import Agreement
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.domain.quantity import Quantity
from portal.services.audit import audit
from tests.support.billed import BilledHouse, a_billed_house

HEATED = (180, 160, 120, 60, 0, 0, 0, 0, 0, 70, 120, 170)
"""What the house's meter counted in the months of 2026: 880 Gcal."""
JANUARY_2027 = Period(2027, 1)
LATE_JANUARY = datetime(2027, 1, 28, 9, tzinfo=UTC)


def counted(billed: BilledHouse, year: int, *volumes: int, revision: int = 0) -> None:
    for number, volume in enumerate(volumes, 1):
        billed.house.adds(
            HouseVolume, house_id=billed.house_id, service_external_id="heat",
            period=Period(year, number), revision=revision, volume=Quantity.parse(str(volume)),
        )  # fmt: skip


def at_the_end_of(month: Period) -> datetime:
    return datetime(month.year, month.month, 28, 9, tzinfo=UTC)


@pytest.fixture
def heated(backend) -> BilledHouse:
    return charged_all_year(backend)


def charged_all_year(backend: Backend, left_on: date | None = None) -> BilledHouse:
    """A house that used 1200 Gcal in 2025 and 880 in 2026, of which every month was charged a
    twelfth of 1200, and closed.  Who lives in its first flat leaves on `left_on`.
    """
    billed = a_billed_house(backend, only=["upkeep"])
    billed.services["heat"] = billed.house.a_service(
        "heat", "Отопление", price="2000", method="heating_house", kind="periodic"
    )
    billed.house.adds(
        HouseChoice, house_id=billed.house_id, service_external_id="heat",
        valid_from=date(2026, 1, 1), choice="all_year",
    )  # fmt: skip
    billed.is_heated("50")
    counted(billed, 2025, *([200] * 6 + [0] * 6))
    counted(billed, 2026, *HEATED)
    if left_on is not None:
        billed.house.changes(Agreement, billed.flats[0].id, closed_on=left_on)
    for number in range(1, 13):
        month = Period(2026, number)
        report = billed.bills(month, at_the_end_of(month))
        assert report.lacks == ()
    billed.closes(Period(2026, 12), LATE_JANUARY)
    return billed


def owed(billed: BilledHouse, period: Period) -> Money:
    return billed.owed(period, "heat")


def test_every_month_is_a_twelfth_of_the_year_before(heated):
    """Two flats of 50 of 1000 m², 100 Gcal a month, 2000 a Gcal: 10 000 each."""
    for number in (1, 7, 12):
        assert owed(heated, Period(2026, number)) == Money.parse("20000")


def test_the_year_is_set_right_once_in_the_first_quarter(heated):
    """880 Gcal were used and 1200 charged: 320 too much, of which each flat had a twentieth."""
    report = heated.bills(JANUARY_2027, LATE_JANUARY)
    assert report.recalculated == 2
    lines = [
        row for row in heated.charges("key", "period", "for_period", "part", "volume", "amount")
        if row[0] and row[0].startswith("year/2026/")
    ]  # fmt: skip
    assert [row[1:] for row in lines] == [
        (JANUARY_2027, Period(2026, 12), "recalculation", Quantity.parse("-16"),
         Money.parse("-32000")),
    ] * 2  # fmt: skip
    rows = heated.charges()
    again = heated.bills(JANUARY_2027, LATE_JANUARY)
    assert (again.posted, again.reversed, again.recalculated) == (0, 0, 0)
    february = heated.bills(JANUARY_2027.shifted(1), datetime(2027, 2, 27, 9, tzinfo=UTC))
    assert february.recalculated == 0
    assert len(heated.charges()) > len(rows)
    assert [str(each) for each in heated.backend.read_now(audit)] == []


def test_who_left_in_the_year_has_his_months_set_right(backend):
    """Until July 520 Gcal were used and 600 charged: 80 × 50 ÷ 1000 × 2000 = 8000 too much."""
    billed = charged_all_year(backend, left_on=date(2026, 7, 1))
    billed.bills(JANUARY_2027, LATE_JANUARY)
    rows = billed.charges("key", "agreement_id", "amount")
    corrected = [row[1:] for row in rows if row[0] and row[0].startswith("year/2026/")]
    first, second = (flat.id for flat in billed.flats)
    assert corrected == [(first, Money.parse("-8000")), (second, Money.parse("-32000"))]
    again = billed.bills(JANUARY_2027, LATE_JANUARY)
    assert (again.posted, again.reversed, again.recalculated) == (0, 0, 0)
    assert [str(each) for each in billed.backend.read_now(audit)] == []


def test_a_correction_of_the_meter_within_the_quarter_goes_on_from_there(heated):
    heated.bills(JANUARY_2027, LATE_JANUARY)
    counted(heated, 2026, 200, revision=1)
    heated.bills(JANUARY_2027.shifted(1), datetime(2027, 2, 27, 9, tzinfo=UTC))
    amounts = [
        amount for key, amount in heated.charges("key", "amount")
        if key and key.startswith("year/2026/")
    ]  # fmt: skip
    assert amounts == [Money.parse("-32000")] * 2 + [Money.parse("2000")] * 2


def test_a_rerun_of_december_does_not_undo_it(heated):
    heated.bills(JANUARY_2027, LATE_JANUARY)
    again = heated.bills(Period(2026, 12), LATE_JANUARY)
    assert (again.posted, again.reversed, again.recalculated) == (0, 0, 0)


def test_a_later_month_does_not_look_back(heated):
    report = heated.bills(Period(2027, 4), datetime(2027, 4, 28, 9, tzinfo=UTC))
    assert report.recalculated == 0


def test_a_year_that_lacks_a_month_stays_as_it_is_and_says_so(backend):
    billed = a_billed_house(backend, flats=1, only=["upkeep"])
    billed.services["heat"] = billed.house.a_service(
        "heat", "Отопление", price="2000", method="heating_house", kind="periodic"
    )
    billed.house.adds(
        HouseChoice, house_id=billed.house_id, service_external_id="heat",
        valid_from=date(2026, 1, 1), choice="all_year",
    )  # fmt: skip
    billed.is_heated("50")
    counted(billed, 2025, *([100] * 12))
    counted(billed, 2026, *HEATED)
    december = Period(2026, 12)
    billed.bills(december, at_the_end_of(december))
    billed.closes(december, LATE_JANUARY)
    sentences = [lack.sentence for lack in billed.bills(JANUARY_2027, LATE_JANUARY).lacks]
    (sentence,) = sentences
    assert sentence == (
        "2026 год не исправлен по счетчику дома: в портале не начислено за январь, февраль, март, "
        "апрель, май, июнь, июль, август, сентябрь, октябрь, ноябрь. Начислите эти месяцы: "
        "bill --period"
    )
    assert owed(billed, JANUARY_2027) != ZERO
