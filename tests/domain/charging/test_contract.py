"""What follows from water, and what is charged by contract: once, by days, by month, as used."""

from datetime import date

import pytest
from hypothesis import given

from portal.domain.charging.dwelling import (
    by_area,
    by_heated_area,
    by_person,
    by_quantity,
    capital_repair,
)
from portal.domain.charging.fees import one_time, periodic_daily, periodic_monthly, rated, usage
from portal.domain.charging.line import Lack, NotChargeable
from portal.domain.charging.waters import hot_water_heat, sewerage
from portal.domain.quantity import Price, cost
from portal.domain.timeline import constant
from tests.domain.charging.facts import (
    OCTOBER,
    always,
    amounts,
    at,
    dated,
    days_of_october,
    money,
    october,
    price,
    priced,
    q,
    quantities,
    since,
    volume,
)

DEARER = (since(1, price("41.35", 1)), since(16, price("45", 2)))


def test_water_that_went_out_when_the_price_changed():
    lines = sewerage(OCTOBER, [q("8"), q("5")], DEARER)
    assert [line.volume for line in lines] == [q("6.290323"), q("6.709677")]
    assert amounts(lines) == ["260,10", "301,94"]
    assert [line.proof["inputs"]["volumes"] for line in lines] == [[8_000_000, 5_000_000]] * 2


def test_water_of_the_days_that_were_served_is_all_of_it():
    assert volume(sewerage(october(10, 20), [q("8"), q("5")], at("1"))) == q("13")


def test_a_correction_of_water_is_one_of_sewerage():
    assert amounts(sewerage(OCTOBER, [q("-3")], at("41.35"))) == ["-124,05"]


@pytest.mark.parametrize("volumes", [[], [None], [q("8"), None], [None, q("5")]])
def test_sewerage_of_an_unknown_water_is_unknown(volumes):
    with pytest.raises(NotChargeable) as refused:
        sewerage(OCTOBER, volumes, at("41.35"))
    assert refused.value.lack is Lack.NO_VOLUME


def test_sewerage_of_no_water_is_nothing():
    assert amounts(sewerage(OCTOBER, [q("0"), q("0")], at("41.35"))) == ["0,00"]


def test_the_heat_of_hot_water():
    """5 m³ × 0.0523 Gcal × 2749.73 ₽."""
    lines = hot_water_heat(OCTOBER, q("5"), always("0.0523"), at("2749.73"))
    assert (volume(lines), amounts(lines)) == (q("0.2615"), ["719,05"])


@pytest.mark.parametrize(
    ("water", "norm", "lack"),
    [(None, always("0.0523"), Lack.NO_VOLUME), (q("5"), (), Lack.NO_HEAT_NORM)],
)
def test_heat_of_an_unknown_water_is_unknown(water, norm, lack):
    with pytest.raises(NotChargeable) as refused:
        hot_water_heat(OCTOBER, water, norm, at("2749.73"))
    assert refused.value.lack is lack


def test_a_call_out_costs_what_it_cost_that_day():
    days = date(2026, 10, 15), date(2026, 10, 16)
    done = [one_time(day, q("2"), DEARER) for day in days]
    assert [(line.days.first, line.amount.plain) for (line,) in done] == [
        (days[0], "82,70"),
        (days[1], "90,00"),
    ]


@given(dated(quantities), dated(priced))
def test_a_whole_month_by_days_is_the_month(quantity, prices):
    by_days = periodic_daily(OCTOBER, quantity, prices)
    together = by_quantity(OCTOBER, quantity, prices)
    assert [line.amount for line in by_days] == [line.amount for line in together]


def test_a_fee_by_days_is_for_those_that_were_served():
    assert amounts(periodic_daily(october(22, 31), always("1"), at("620"))) == ["200,00"]


@given(days_of_october, quantities, priced)
def test_a_fee_by_the_month_is_whole_however_many_days(days, quantity, priced):
    (line,) = periodic_monthly(days, constant(quantity), constant(priced))
    assert (line.days, line.volume) == (days, quantity)
    assert line.amount == cost(quantity, priced.price)


def test_a_fee_by_the_month_keeps_the_price_of_its_first_day():
    (line,) = periodic_monthly(OCTOBER, always("1"), DEARER)
    assert (line.days, line.price_id, line.amount.plain) == (OCTOBER, 1, "41,35")
    assert amounts(periodic_monthly(october(16, 31), always("1"), DEARER)) == ["45,00"]


def test_minutes_that_another_system_counted():
    assert amounts(usage(OCTOBER, q("137"), at("0.65"))) == ["89,05"]


def test_roubles_that_another_system_rated():
    (line,) = usage(october(1, 15), q("412.37"), at("1"))
    assert (line.amount.plain, line.proof["method"]) == ("412,37", "usage")


def test_a_rated_sum_needs_a_price_on_the_last_of_its_days():
    (line,) = rated(october(1, 15), money("412.37"), (since(15, price("0.65", 9)),))
    assert (line.amount.plain, line.price_id, line.price) == ("412,37", 9, Price.parse("1"))
    with pytest.raises(NotChargeable) as refused:
        rated(october(1, 15), money("412.37"), (since(16, price("0.65")),))
    assert (refused.value.lack, refused.value.days) == (Lack.NO_PRICE, october(15, 15))


@pytest.mark.parametrize(
    ("method", "lack"),
    [
        (by_area, Lack.NO_AREA),
        (by_heated_area, Lack.NO_HEATED_AREA),
        (capital_repair, Lack.NO_AREA),
        (by_person, Lack.NO_PERSONS),
        (by_quantity, Lack.NO_QUANTITY),
        (periodic_daily, Lack.NO_QUANTITY),
        (periodic_monthly, Lack.NO_QUANTITY),
    ],
)
def test_what_nobody_knows_is_never_a_zero(method, lack):
    for facts, lacking in [(((), at("1")), lack), ((constant(1), ()), Lack.NO_PRICE)]:
        with pytest.raises(NotChargeable) as refused:
            method(OCTOBER, *facts)
        assert (refused.value.lack, refused.value.days) == (lacking, OCTOBER)


@pytest.mark.parametrize("method", [lambda d, v, p: one_time(d.first, v, p), usage])
def test_what_was_used_is_never_a_zero_either(method):
    for amount, prices in [(None, at("1")), (q("1"), ())]:
        with pytest.raises(NotChargeable):
            method(OCTOBER, amount, prices)


@pytest.mark.parametrize("method", [by_area, by_heated_area, capital_repair])
def test_the_law_of_an_area_is_the_housing_code(method):
    (line,) = method(OCTOBER, always("54.3"), at("26.11"))
    assert (line.amount.plain, line.proof["inputs"]["price"]) == ("1417,77", 26_110_000)
    assert line.proof["rule"].startswith("Жилищный кодекс РФ, статья 156")
    assert line.proof["formula"].startswith("S × T, где S — ")
