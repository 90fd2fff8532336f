"""Some flats of a house have heat meters of their own and one has none: it is named, not zero."""

from datetime import date

import pytest

from portal.db.houses import HouseVolume
from portal.domain.quantity import Quantity
from tests.support.billed import LATE_OCTOBER, OCTOBER, BilledHouse, a_billed_house, is_read


@pytest.fixture
def billed(backend) -> BilledHouse:
    billed = a_billed_house(backend, only=["upkeep"], flats=2)
    billed.is_heated("50")
    heat = billed.house.a_service(
        "zkh_heat", "zkh_heat", price="2749,73", method="heating_individual", kind="one_time"
    )
    billed.services["heat"] = heat
    billed.house.adds(
        HouseVolume, house_id=billed.house_id, service_external_id="zkh_heat", period=OCTOBER,
        revision=0, volume=Quantity.parse("10"),
    )  # fmt: skip
    meter = billed.accounts[0].a_meter(heat, installed_on=date(2026, 1, 1))
    meter.opens_at("0", date(2026, 1, 1))
    is_read(meter, "3", date(2026, 9, 20))
    is_read(meter, "4", date(2026, 10, 20))
    return billed


def test_the_flat_is_named_with_what_can_be_done(billed: BilledHouse) -> None:
    metered, unmetered = billed.bills(OCTOBER, LATE_OCTOBER).lacks
    assert (metered.agreement, unmetered.agreement) == ("DOM-1", "DOM-2")
    assert "нет суммы объемов помещений дома" in metered.sentence
    assert unmetered.sentence == (
        "С 1 по 31 октября 2026 у помещения нет своего счетчика тепла; его объем в доме, где "
        "счетчики есть не у всех, задает формула 3(7) приложения 2 к Правилам 354: точного ее "
        "текста у портала нет, и он ее не применяет. Опишите его счетчик, либо дайте дому "
        "отопление по домовому счетчику (heating_house)"
    )


def test_with_all_meters_the_house_is_charged(billed: BilledHouse) -> None:
    meter = billed.accounts[1].a_meter(billed.services["heat"], installed_on=date(2026, 1, 1))
    meter.opens_at("0", date(2026, 1, 1))
    is_read(meter, "2", date(2026, 9, 20))
    is_read(meter, "4", date(2026, 10, 20))
    assert billed.bills(OCTOBER, LATE_OCTOBER).lacks == ()
