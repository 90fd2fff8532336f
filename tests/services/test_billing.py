"""The run of a month: what is posted, what is not posted twice, what comes late."""

from datetime import date

import pytest

from portal.db.houses import HouseVolume
from portal.domain.money import ZERO, Money
from portal.domain.quantity import Price as PriceValue
from portal.domain.quantity import Quantity, cost
from portal.errors import Refused
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
from tests.support.statements import counted


@pytest.fixture
def billed(backend) -> BilledHouse:
    return a_billed_house(backend)


def proved(billed: BilledHouse) -> list[str]:
    return [str(finding) for finding in billed.backend.read_now(audit)]


def standing(billed: BilledHouse, code: str) -> list[tuple]:
    """Period, for which, part, amount and whose, without what was reversed."""
    rows = billed.charges(
        "id", "service_id", "reverses_id", "period", "for_period", "part", "amount", "scheme"
    )
    undone = {row[2] for row in rows}
    service = billed.services[code].id
    return [row[3:] for row in rows if row[1] == service and not row[2] and row[0] not in undone]


def of_october(billed: BilledHouse) -> list[tuple]:
    """All rows that were posted to it."""
    months = billed.charges("period")
    return [row for row, (month,) in zip(billed.charges(), months, strict=True) if month == OCTOBER]


def test_a_month_is_charged_by_every_method(billed):
    for meter in billed.meters:
        is_read(meter, "110", date(2026, 9, 20))
        is_read(meter, "116,5", date(2026, 10, 20))
    report = billed.bills(OCTOBER, LATE_OCTOBER)
    assert report.lacks == ()
    assert {row[1] for row in billed.charges("id", "service_id")} == {
        service.id for service in billed.services.values()
    }
    each = {code: billed.owed(OCTOBER, code) for code in billed.services}
    assert each["upkeep"] == Money.parse("3930,24")  # twice 54,3 × 36,19
    assert each["zkh_cold"] == Money.parse("694,34")  # twice 6,5 × 53,41
    assert each["sewer"] == Money.parse("536,52")
    assert each["gas"] == Money.parse("208,12")  # with the raising coefficient
    assert each["zkh_power"] == Money.parse("2200")  # 100 × 5 and 80 × 7,5
    assert each["common"] == Money.parse("156,60")  # (40 − 13) × 54,3 ÷ 1000 × 53,41
    assert each["call"] == Money.parse("2800")
    assert report.total == Money.total(each.values())
    assert proved(billed) == []


def test_twice_is_once(billed):
    is_read(billed.meters[0], "160", date(2026, 10, 20))
    billed.bills(OCTOBER, LATE_OCTOBER)
    rows = billed.charges()
    again = billed.bills(OCTOBER, LATE_NOVEMBER)
    assert billed.charges() == rows
    assert (again.posted, again.reversed, again.recalculated) == (0, 0, 0)


def test_a_dry_run_says_the_same_and_writes_nothing(billed):
    dry = billed.bills(OCTOBER, LATE_OCTOBER, is_dry=True)
    assert billed.charges() == []
    assert billed.bills(OCTOBER, LATE_OCTOBER) == dry


def test_a_month_is_posted_within_itself_whenever_it_is_run(billed):
    billed.bills(OCTOBER, LATE_NOVEMBER)
    ((period, posted_at),) = set(billed.charges("period", "posted_at"))
    assert period == OCTOBER
    assert posted_at.isoformat() == "2026-10-31T20:59:59+00:00"
    assert proved(billed) == []


def test_a_month_that_has_not_begun_is_refused(billed):
    with pytest.raises(Refused, match="ещё не начался"):
        billed.bills(NOVEMBER, LATE_OCTOBER)


def test_what_changes_in_an_open_month_is_reversed_and_charged_anew(billed):
    billed.bills(OCTOBER, LATE_OCTOBER)
    before = standing(billed, "upkeep")
    billed.services["upkeep"].costs("40", date(2026, 10, 16))
    report = billed.bills(OCTOBER, LATE_NOVEMBER)
    # Each flat: what stood for the whole month goes, two halves of the month come.
    assert (report.reversed, report.posted) == (2, 4)
    assert len(standing(billed, "upkeep")) == 2 * len(before)
    assert billed.owed(OCTOBER, "upkeep") > Money.parse("3930,24")
    assert billed.bills(OCTOBER, LATE_NOVEMBER).posted == 0
    assert proved(billed) == []


def test_a_price_that_comes_late_goes_into_the_open_month(billed):
    billed.bills(OCTOBER, LATE_OCTOBER)
    billed.closes(OCTOBER, LATE_NOVEMBER)
    closed = of_october(billed)
    billed.services["upkeep"].costs("40", date(2026, 10, 1))
    report = billed.bills(OCTOBER, LATE_NOVEMBER)
    assert report.reversed == 0
    # What was charged at the old price goes, the same at the new one comes.
    assert [row[:3] for row in standing(billed, "upkeep") if row[1]] == [
        (NOVEMBER, OCTOBER, "recalculation")
    ] * 4
    assert billed.owed(NOVEMBER, "upkeep") == Money.parse("413,76")  # twice 2172 − 1965,12
    assert of_october(billed) == closed
    assert billed.bills(OCTOBER, LATE_NOVEMBER).recalculated == 0
    assert proved(billed) == []


def test_a_closed_month_never_gets_a_row(billed):
    billed.bills(OCTOBER, LATE_OCTOBER)
    billed.closes(OCTOBER, LATE_NOVEMBER)
    before = of_october(billed)
    billed.house.adds(
        HouseVolume, house_id=billed.house_id, service_external_id="zkh_cold", period=OCTOBER,
        revision=1, volume=Quantity.parse("60"),
    )  # fmt: skip
    report = billed.bills(OCTOBER, LATE_NOVEMBER)
    assert report.recalculated
    assert of_october(billed) == before


def test_a_reading_after_an_average_corrects_the_closed_month_at_the_next_run(billed):
    """Estimate and later reading are together what was used, at the prices of the months."""
    meter = billed.meters[0]
    for month, value in ((6, "130"), (7, "136"), (8, "142"), (9, "148")):
        is_read(meter, value, date(2026, month, 20))
    billed.bills(OCTOBER, LATE_OCTOBER)
    guess = next(row[3] for row in standing(billed, "zkh_cold"))
    assert guess > ZERO
    billed.closes(OCTOBER, LATE_NOVEMBER)
    is_read(meter, "152", date(2026, 11, 20))
    report = billed.bills(NOVEMBER, LATE_NOVEMBER)
    assert report.recalculated
    rows = standing(billed, "zkh_cold")
    late = [row for row in rows if row[1] == OCTOBER]
    assert [(row[0], row[2], row[4]) for row in late] == [(NOVEMBER, "recalculation", "agency")]
    first = billed.accounts[0].id
    used = [
        (volume, amount)
        for account, service, volume, amount in billed.charges(
            "account_id", "service_id", "volume", "amount"
        )
        if (account, service) == (first, billed.services["zkh_cold"].id)
    ]
    assert Quantity(sum(volume.micro for volume, _ in used)) == Quantity.parse("4")
    whole = cost(Quantity.parse("4"), PriceValue.parse("53,41"))
    assert abs(Money.total(amount for _, amount in used).kopecks - whole.kopecks) <= 1
    assert billed.bills(NOVEMBER, LATE_NOVEMBER).recalculated == 0
    assert proved(billed) == []


def test_what_lacks_stops_nothing_else(billed):
    bare = billed.house.a_service("bare", "Без нормы", method="norm", kind="periodic")
    report = billed.bills(OCTOBER, LATE_OCTOBER)
    assert [str(lack) for lack in report.lacks] == [
        f"Договор DOM-{number}, Квартира {number}, Без нормы: "
        "С 1 по 31 октября 2026 нет норматива. Добавьте его в таблицу norms"
        for number in (1, 2)
    ]
    assert bare.id not in {row[0] for row in billed.charges("service_id")}
    assert billed.owed(OCTOBER, "upkeep") == Money.parse("3930,24")


def test_what_a_file_charged_is_not_charged_again(billed):
    billed.accounts[0].is_charged(billed.services["upkeep"], "54,3", at=LATE_OCTOBER)
    report = billed.bills(OCTOBER, LATE_OCTOBER)
    assert [lack.sentence for lack in report.lacks] == [
        "За этот месяц уже есть другое списание, по показаниям или из файла"
    ]
    assert billed.owed(OCTOBER, "upkeep") == Money.parse("3930,24")


def test_the_number_of_statements_does_not_grow_with_the_flats(backend):
    sizes = []
    for flats in (2, 9):
        house = a_billed_house(backend, flats, key=f"uk-{flats}")
        with counted(backend.engine) as statements:
            house.bills(OCTOBER, LATE_OCTOBER)
        # SQLite's rows go in one by one, without a way over a network.
        sizes.append(len([each for each in statements if not each.startswith("INSERT")]))
    assert sizes[0] == sizes[1] <= 40
