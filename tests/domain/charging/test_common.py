"""What keeps the common property: by norm, and by the meter of the house within the norm."""

import pytest
from hypothesis import given

from portal.domain.charging.common import CommonNorm, common_by_house_meter, common_by_norm
from portal.domain.charging.house import HouseVolumes, Shortfall
from portal.domain.charging.line import Lack, NotChargeable
from portal.domain.quantity import Quantity
from portal.domain.timeline import constant
from tests.domain.charging.facts import (
    OCTOBER,
    always,
    amounts,
    at,
    dated,
    days_of_october,
    october,
    q,
    quantities,
    since,
    some,
    volume,
)

NORM = CommonNorm(always("0.0245"), always("1250"))
"""30.625 m³ of the whole house in a month."""
AREA, HOUSE_AREA, WATER = always("54.3"), always("9876.5"), at("53.41")


def by_meter(metered, dwellings, limit=NORM, days=OCTOBER, **more):
    house = HouseVolumes(metered and q(metered), dwellings and q(dwellings))
    return common_by_house_meter(days, house, AREA, HOUSE_AREA, WATER, limit=limit, **more)


def test_less_than_the_norm_is_charged_as_it_was():
    """54.3 × (1020 − 1000) ÷ 9876.5 = 0.109958 m³."""
    (line,) = by_meter("1020", "1000")
    assert (line.volume, line.amount.plain) == (q("0.109958"), "5,87")
    assert line.proof["method"] == "common_house_meter"


def test_more_than_the_norm_is_charged_as_the_norm():
    (line,) = by_meter("1100", "1000")
    (by_norm,) = common_by_norm(OCTOBER, NORM, AREA, HOUSE_AREA, WATER)
    assert (line.volume, line.amount) == (by_norm.volume, by_norm.amount)
    assert line.proof["method"] == "common_house_meter_capped"
    assert line.proof["rule"].endswith("не больше, чем по нормативу")
    assert line.proof["inputs"]["house_volume"] == 1_100_000_000


@pytest.mark.parametrize(
    ("metered", "method"),
    [("1030.625", "common_house_meter"), ("1030.625001", "common_house_meter_capped")],
)
def test_the_norm_itself_is_no_excess(metered, method):
    (line,) = by_meter(metered, "1000")
    assert line.proof["method"] == method


def test_the_meeting_decided_to_pay_by_the_meter():
    """54.3 × 100 ÷ 9876.5 = 0.549790 m³."""
    assert volume(by_meter("1100", "1000", limit=None)) == q("0.549790")


def test_a_norm_that_changed_in_the_month_limits_by_its_days():
    """15 days at 31 m³ and 16 at 0 are 15 m³: the norm is charged above that, not below."""
    norm = CommonNorm((since(1, q("0.0248")), since(16, q("0"))), always("1250"))
    assert len(by_meter("1015", "1000", limit=norm)) == 1
    lines = by_meter("1015.000001", "1000", limit=norm)
    assert [line.days for line in lines] == [october(1, 15), october(16, 31)]
    assert lines[1].volume == Quantity(0)


def test_a_negative_remainder_is_nothing():
    (line,) = by_meter("990", "1000")
    assert (line.volume, line.amount.plain) == (Quantity(0), "0,00")


def test_or_it_is_given_back_where_that_was_decided():
    (line,) = by_meter("990", "1000", shortfall=Shortfall.DISTRIBUTED)
    assert (line.volume, line.amount.plain) == (q("-0.054979"), "-2,94")


@pytest.mark.parametrize(
    ("facts", "lack"),
    [
        ((None, "1000"), Lack.NO_HOUSE_VOLUME),
        (("1000", None), Lack.NO_DWELLINGS_VOLUME),
        (("1000", "900", CommonNorm((), always("1250"))), Lack.NO_COMMON_NORM),
        (("1000", "900", CommonNorm(always("0.0245"), ())), Lack.NO_COMMON_AREA),
    ],
)
def test_what_nobody_knows_is_never_a_zero(facts, lack):
    with pytest.raises(NotChargeable) as refused:
        by_meter(*facts)
    assert refused.value.lack is lack


@pytest.mark.parametrize(
    ("norm", "area", "house_area", "lack"),
    [
        (CommonNorm((), always("1250")), AREA, HOUSE_AREA, Lack.NO_NORM),
        (CommonNorm(always("0.0245"), ()), AREA, HOUSE_AREA, Lack.NO_COMMON_AREA),
        (NORM, (), HOUSE_AREA, Lack.NO_AREA),
        (NORM, AREA, (), Lack.NO_HOUSE_AREA),
    ],
)
def test_what_the_norm_needs(norm, area, house_area, lack):
    with pytest.raises(NotChargeable) as refused:
        common_by_norm(OCTOBER, norm, area, house_area, WATER)
    assert refused.value.lack is lack


@given(days_of_october, quantities, quantities, dated(quantities), dated(some))
def test_by_the_meter_is_never_more_than_by_the_norm(days, metered, dwellings, norm, area):
    """Of a whole month; of a part of it a norm that changes may fall the other way."""
    limit = CommonNorm(norm, always("1250"))
    facts = area, HOUSE_AREA, WATER
    house = HouseVolumes(metered, dwellings)
    free = volume(common_by_house_meter(OCTOBER, house, *facts, limit=None))
    held = volume(common_by_house_meter(OCTOBER, house, *facts, limit=limit))
    most = volume(common_by_norm(OCTOBER, limit, *facts))
    assert Quantity(0) <= held
    if len({since.value for since in area}) == 1:
        assert held <= min(free, most) + Quantity(1)
    assert held in (free, most)


def test_amounts_are_of_the_days_that_were_served():
    assert amounts(by_meter("1020", "1000", days=october(1, 15))) == ["2,84"]
    assert volume(common_by_norm(october(1, 15), NORM, AREA, HOUSE_AREA, WATER)) == q("0.081471")


def test_a_constant_house_is_one_line():
    assert len(common_by_norm(OCTOBER, NORM, AREA, constant(q("1")), WATER)) == 1
