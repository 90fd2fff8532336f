"""A tariff changes in the middle of a month: the meter was described once and goes on counting."""

from dataclasses import dataclass
from datetime import date

import pytest

from portal.db.accounts import AccountTariff
from portal.db.tariffs import ServiceFact, ServiceSource
from portal.domain.meter import UNKNOWN_DIAL
from portal.domain.money import Money
from portal.domain.quantity import Quantity
from portal.services.audit import audit
from tests.builders import Counter, ServiceRow
from tests.support.billed import (
    BEGINNING,
    LATE_NOVEMBER,
    LATE_OCTOBER,
    NOVEMBER,
    OCTOBER,
    BilledHouse,
    a_billed_house,
    is_read,
)

CHANGE = date(2026, 10, 15)


@dataclass
class Changed:
    billed: BilledHouse
    water: ServiceRow
    sewer: ServiceRow

    @property
    def meter(self) -> Counter:
        return self.billed.meters[0]

    def lines(self) -> list[tuple[str, str, int, Money]]:
        """First day, last day, millionths and sum of each, without the sewage."""
        rows = self.billed.charges("service_id", "proof", "volume", "amount")
        return [
            (proof["inputs"]["from"][5:], proof["inputs"]["to"][5:], volume.micro, amount)
            for service, proof, volume, amount in rows
            if service in {self.billed.services["zkh_cold"].id, self.water.id}
        ]

    def sewage(self) -> list[int]:
        rows = self.billed.charges("service_id", "volume")
        own = {self.billed.services["sewer"].id, self.sewer.id}
        return [volume.micro for service, volume in rows if service in own]


@pytest.fixture
def changed(backend) -> Changed:
    """From 15 October on water is dearer; 6 m³ were read each month."""
    billed = a_billed_house(backend, only=["zkh_cold", "sewer"], flats=1)
    house = billed.house
    tariff_id = house.a_tariff("Новый")
    water = house.a_service(
        "zkh_cold", "zkh_cold", price="60", method="metered_month", kind="one_time",
        fallback="average_then_norm", tariff_id=tariff_id,
    )  # fmt: skip
    sewer = house.a_service(
        "sewer", "sewer", price="50", method="waters", kind="periodic", tariff_id=tariff_id
    )
    house.adds(ServiceSource, service_id=sewer.id, source_external_id="zkh_cold")
    house.adds(
        ServiceFact, service_id=water.id, kind="norm", valid_from=BEGINNING,
        value=Quantity.parse("4,745"),
    )  # fmt: skip
    house.adds(
        AccountTariff, account_id=billed.accounts[0].id, tariff_id=tariff_id, valid_from=CHANGE
    )
    for month, value in ((6, "130"), (7, "136"), (8, "142"), (9, "148")):
        is_read(billed.meters[0], value, date(2026, month, 20))
    return Changed(billed, water, sewer)


def test_the_volume_of_the_month_is_divided_by_days_exactly(changed: Changed) -> None:
    is_read(changed.meter, "154", date(2026, 10, 22))
    assert changed.billed.bills(OCTOBER, LATE_OCTOBER).lacks == ()
    assert changed.lines() == [
        ("10-01", "10-14", 2_709_677, Money.parse("144,72")),
        ("10-15", "10-31", 3_290_323, Money.parse("197,42")),
    ]
    assert changed.sewage() == [2_709_677, 3_290_323]
    assert changed.billed.backend.read_now(audit) == ()
    assert changed.billed.bills(OCTOBER, LATE_OCTOBER).posted == 0


@pytest.mark.parametrize("day", [14, 15])
def test_a_reading_of_the_change_divides_it_instead(changed: Changed, day: int) -> None:
    is_read(changed.meter, "149,5", date(2026, 10, day))
    is_read(changed.meter, "154", date(2026, 10, 22))
    changed.billed.bills(OCTOBER, LATE_OCTOBER)
    assert changed.lines() == [
        ("10-01", "10-14", 1_500_000, Money.parse("80,12")),
        ("10-15", "10-31", 4_500_000, Money.parse("270")),
    ]
    assert changed.sewage() == [1_500_000, 4_500_000]
    assert changed.billed.backend.read_now(audit) == ()


def test_a_reading_under_the_new_tariff_goes_on_with_the_meter(changed: Changed) -> None:
    account = changed.billed.accounts[0]
    counter = Counter(account, changed.water, None, UNKNOWN_DIAL)
    is_read(counter, "154", date(2026, 10, 22))
    changed.billed.bills(OCTOBER, LATE_OCTOBER)
    assert [micro for *_, micro, _ in changed.lines()] == [2_709_677, 3_290_323]


def test_the_months_after_it_are_of_the_new_tariff(changed: Changed) -> None:
    is_read(changed.meter, "154", date(2026, 10, 22))
    is_read(changed.meter, "160", date(2026, 11, 22))
    changed.billed.bills(NOVEMBER, LATE_NOVEMBER)
    assert changed.lines() == [("11-01", "11-30", 6_000_000, Money.parse("360"))]


def test_without_a_reading_each_has_its_days_of_the_average(changed: Changed) -> None:
    changed.billed.bills(OCTOBER, LATE_OCTOBER)
    lines = changed.lines()
    assert [line[:2] for line in lines] == [("10-01", "10-14"), ("10-15", "10-31")]
    (*_, before, _), (*_, after, _) = lines
    assert abs(before * 17 - after * 14) <= 31  # each is rounded to a millionth by itself


def test_a_meter_that_is_described_under_both_counts_for_each_by_itself(changed: Changed) -> None:
    account = changed.billed.accounts[0]
    is_read(changed.meter, "149,5", date(2026, 10, 14))
    new = account.a_meter(changed.water, installed_on=CHANGE).opens_at("149,5", CHANGE)
    is_read(new, "154", date(2026, 10, 22))
    changed.billed.bills(OCTOBER, LATE_OCTOBER)
    assert [micro for *_, micro, _ in changed.lines()] == [1_500_000, 4_500_000]
