"""Heating by norm, by the meter of the house, and with meters in the dwellings."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.charging import heating
from portal.domain.charging.heating import (
    heating_by_house_meter,
    heating_by_house_meter_all_year,
    heating_by_norm,
    heating_by_norm_all_year,
    heating_by_own_meters,
)
from portal.domain.charging.house import HouseVolumes, Shortfall
from portal.domain.charging.line import Lack, NotChargeable
from portal.domain.quantity import SCALE, Quantity
from portal.domain.timeline import constant
from tests.domain.charging.facts import (
    OCTOBER,
    always,
    amounts,
    at,
    dated,
    days_of_october,
    half_up,
    october,
    price,
    priced,
    q,
    quantities,
    recomputed,
    since,
    some,
    volume,
)

GCAL = at("2749.73")
AREA, HOUSE_AREA = always("54.3"), always("9876.5")


def own(volume, metered, dwellings, days=OCTOBER, **more):
    house = HouseVolumes(metered and q(metered), dwellings and q(dwellings))
    return heating_by_own_meters(days, volume and q(volume), house, AREA, HOUSE_AREA, GCAL, **more)


def test_the_norm_spread_over_the_year():
    """0.8688 Gcal of a month × 7 months of the season ÷ 12."""
    lines = heating_by_norm_all_year(OCTOBER, AREA, always("0.0160"), constant(7), GCAL)
    assert (volume(lines), amounts(lines)) == (q("0.5068"), ["1393,56"])


def test_the_part_of_what_the_house_used():
    """54.3 of 9876.5 m² of 120 Gcal = 0.659748, at 2749.73 ₽."""
    lines = heating_by_house_meter(OCTOBER, q("120"), AREA, HOUSE_AREA, GCAL)
    assert (volume(lines), amounts(lines)) == (q("0.659748"), ["1814,13"])


def test_the_average_month_of_the_year_before():
    """54.3 of 9876.5 m² of 1000 Gcal ÷ 12 = 0.458158, the average not rounded on the way."""
    lines = heating_by_house_meter_all_year(OCTOBER, q("1000"), AREA, HOUSE_AREA, GCAL)
    assert (volume(lines), amounts(lines)) == (q("0.458158"), ["1259,81"])
    assert lines[0].proof["formula"].startswith("S × Vг ÷ M ÷ Sд × T, где")


def test_a_year_of_which_a_month_is_unknown_has_no_average():
    with pytest.raises(NotChargeable) as refused:
        heating_by_house_meter_all_year(OCTOBER, None, AREA, HOUSE_AREA, GCAL)
    assert refused.value.lack is Lack.NO_YEAR_VOLUME


def test_half_a_month_is_half_of_it():
    lines = heating_by_house_meter(october(1, 15), q("120"), AREA, HOUSE_AREA, GCAL)
    assert volume(lines).micro == half_up(Fraction(543 * 120 * 15 * SCALE, 98765 * 31))


def test_own_volume_and_the_part_of_the_remainder():
    """0.5 + 54.3 × (120 − 100) ÷ 9876.5 = 0.609958."""
    (line,) = own("0.5", "120", "100")
    assert (line.volume, line.amount.plain) == (q("0.609958"), "1677,22")
    assert line.proof["formula"].startswith("(V + S × R ÷ Sд) × T, где V — объем по счетчику")
    assert line.proof["inputs"].items() >= {
        "volume": 500_000, "house_volume": 120_000_000, "dwellings_volume": 100_000_000,
        "remainder": 20_000_000,
    }.items()  # fmt: skip


def test_the_own_volume_belongs_to_the_days_that_were_served():
    (line,) = own("0.5", "120", "100", days=october(22, 31))
    exact = Fraction(1, 2) + Fraction(543 * 20 * 10, 98765 * 31)
    assert line.volume.micro == half_up(exact * SCALE)
    assert "(V × d ÷ Dо + S × R ÷ Sд × d ÷ D) × T" in line.proof["formula"]


def test_a_shortfall_is_distributed_to_the_letter_of_the_formula():
    """0.5 + 54.3 × (90 − 100) ÷ 9876.5 = 0.445021."""
    assert volume(own("0.5", "90", "100")) == q("0.445021")


def test_or_it_is_forgotten():
    assert volume(own("0.5", "90", "100", shortfall=Shortfall.ZERO)) == q("0.5")


@pytest.mark.parametrize(
    ("facts", "lack"),
    [
        ((None, "120", "100"), Lack.NO_VOLUME),
        (("0.5", None, "100"), Lack.NO_HOUSE_VOLUME),
        (("0.5", "120", None), Lack.NO_DWELLINGS_VOLUME),
    ],
)
def test_an_unknown_volume_is_no_zero(facts, lack):
    with pytest.raises(NotChargeable) as refused:
        own(*facts)
    assert refused.value.lack is lack


def test_zero_volumes_are_zeros():
    assert volume(own("0", "0", "0")) == Quantity(0)


@pytest.mark.parametrize("area", [(), always("0")])
def test_a_house_whose_area_nobody_knows_is_not_divided_by(area):
    with pytest.raises(NotChargeable) as refused:
        heating_by_house_meter(OCTOBER, q("120"), AREA, area, GCAL)
    assert refused.value.lack is Lack.NO_HOUSE_AREA


@pytest.mark.parametrize(
    ("area", "norm", "lack"),
    [((), always("0.016"), Lack.NO_HEATED_AREA), (AREA, (), Lack.NO_NORM)],
)
def test_what_the_norm_needs(area, norm, lack):
    with pytest.raises(NotChargeable) as refused:
        heating_by_norm(OCTOBER, area, norm, GCAL)
    assert refused.value.lack is lack


def test_a_season_of_unknown_length():
    with pytest.raises(NotChargeable) as refused:
        heating_by_norm_all_year(OCTOBER, AREA, always("0.016"), (), GCAL)
    assert refused.value.lack is Lack.NO_SEASON


def test_a_new_price_on_the_way_splits_both_parts():
    house = HouseVolumes(q("120"), q("100"))
    prices = (since(1, price("2000", 1)), since(11, price("3000", 2)))
    lines = heating_by_own_meters(OCTOBER, q("0.5"), house, AREA, HOUSE_AREA, prices)
    assert [line.price_id for line in lines] == [1, 2]
    assert volume(lines) == q("0.609958")


@given(st.lists(some, min_size=1, max_size=6), quantities, st.data())
def test_all_dwellings_together_are_charged_what_the_house_used(areas, metered, data):
    own_volumes = data.draw(st.lists(quantities, min_size=len(areas), max_size=len(areas)))
    house = HouseVolumes(metered, Quantity(sum(v.micro for v in own_volumes)))
    house_area = constant(Quantity(sum(a.micro for a in areas)))
    lines = [
        heating_by_own_meters(OCTOBER, v, house, constant(a), house_area, GCAL)[0]
        for v, a in zip(own_volumes, areas, strict=True)
    ]
    assert abs(volume(tuple(lines)).micro - metered.micro) <= len(areas) / 2


@given(days_of_october, quantities, quantities, quantities, dated(some), dated(priced))
def test_each_line_follows_from_the_inputs_of_its_proof(
    days, volume, metered, dwellings, area, prices
):
    house = HouseVolumes(metered, dwellings)
    for line in heating_by_own_meters(days, volume, house, area, HOUSE_AREA, prices):
        micro, kopecks = recomputed(line, heating._BY_OWN_METERS)
        assert (line.volume.micro, line.amount.kopecks) == (micro, kopecks)
