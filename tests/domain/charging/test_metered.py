"""A month read from a meter."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.domain.charging.bands import flat
from portal.domain.charging.counted import Meter, Reading, intervals, measured
from portal.domain.charging.deciding import measured_in
from portal.domain.charging.line import Lack, NotChargeable, Part
from portal.domain.charging.metered import metered_lines
from portal.domain.meter import UNKNOWN_DIAL, Dial
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Price, Quantity, cost
from portal.domain.timeline import Days, Since
from tests.domain.charging.meters import (
    OCTOBER,
    a_meter,
    always,
    monthly,
    priced,
    q,
    read_meters,
    tariff,
    told,
)
from tests.domain.vectors import VECTORS

METERED = [vector for vector in VECTORS["charge"] if vector["kind"] == "meter"]
ELECTRICITY = [vector for vector in VECTORS["charge"] if vector["kind"] == "electricity"]


def lines_of(meter: Meter, month: Period, prices):
    return metered_lines(told([meter], month), prices)


@pytest.mark.parametrize("vector", METERED)
def test_the_worked_month(vector):
    meter = monthly(vector["prev"], OCTOBER, vector["cur"])
    (line,) = lines_of(meter, OCTOBER, always((None, vector["tariff"])))
    assert line.part is Part.BASE
    assert line.volume == q(vector["volume"])
    assert line.amount == Money.parse(vector["amount"])
    assert line.days == Days.of(OCTOBER)


@pytest.mark.parametrize("vector", ELECTRICITY)
def test_day_and_night_are_services_with_a_meter_each(vector):
    lines = [
        line
        for used, price in vector["zones"]
        for line in lines_of(monthly("0", OCTOBER, used), OCTOBER, always((None, price)))
    ]
    assert [line.amount for line in lines] == [Money(90600), Money(18600)]
    assert Money.total(line.amount for line in lines) == Money.parse(vector["amount"])


def test_the_worked_rollover():
    meter = a_meter("99998", date(2026, 10, 1), (date(2026, 10, 21), "3"), dial=Dial(5, 0))
    (line,) = lines_of(meter, OCTOBER, always((None, "53,41")))
    assert line.volume == q("5")
    assert line.proof["formula"] == "(текущее + емкость счетчика − предыдущее) × цена"
    assert line.proof["inputs"]["readings"][0]["passed"] == q("100000").micro


def test_what_is_read_after_the_due_day_counts_for_the_next_month():
    meter = a_meter(
        "200", date(2026, 9, 1), (date(2026, 9, 20), "208"),
        (date(2026, 10, 20), "216"), (date(2026, 10, 28), "219"), (date(2026, 11, 20), "224"),
    )  # fmt: skip
    volumes = [told([meter], Period(2026, month)).volume for month in (9, 10, 11)]
    assert volumes == [q("8"), q("8"), q("8")]


def test_a_month_without_readings_yet_is_not_measured():
    assert measured(intervals([monthly("200", OCTOBER, "208")]), OCTOBER.shifted(1)) is None
    assert measured(intervals([monthly("200", OCTOBER)]), OCTOBER) is None
    assert measured(intervals([]), OCTOBER) is None


def test_nothing_used_is_a_line_of_zero():
    (line,) = lines_of(monthly("200", OCTOBER, "200"), OCTOBER, always((None, "53,41")))
    assert (line.volume, line.amount) == (Quantity(0), Money(0))


def test_a_replaced_meter_counts_to_its_last_value_and_the_new_from_its_first():
    old = a_meter("240", date(2026, 10, 1), (date(2026, 10, 10), "245"), serial="old")
    new = a_meter("12", date(2026, 10, 10), (date(2026, 10, 24), "15"), serial="new")
    (line,) = metered_lines(told([new, old]), always((None, "53,41")))
    assert (line.volume, line.amount) == (q("8"), Money(42728))
    assert [step["serial"] for step in line.proof["inputs"]["readings"]] == ["old", "new"]
    assert line.proof["formula"] == (
        "((последнее старого счетчика − предыдущее) + (текущее нового − значение при установке))"
        " × цена"
    )


def test_several_readings_of_one_month_are_told_as_one():
    meter = a_meter(
        "998", date(2026, 10, 1), (date(2026, 10, 5), "999"), (date(2026, 10, 24), "2"),
        dial=Dial(3, 0),
    )  # fmt: skip
    (line,) = lines_of(meter, OCTOBER, always((None, "1")))
    (step,) = line.proof["inputs"]["readings"]
    assert line.volume == q("4")
    assert step == {
        "reading": 2,
        "serial": "1",
        "previous": q("998").micro,
        "previous_on": "2026-10-01",
        "current": q("2").micro,
        "current_on": "2026-10-24",
        "passed": q("1000").micro,
    }


def test_a_meter_fitted_in_mid_month_tells_of_the_days_since():
    meter = a_meter("0", date(2026, 10, 11), (date(2026, 10, 24), "3"))
    (line,) = lines_of(meter, OCTOBER, always((None, "53,41")))
    assert line.days == Days(date(2026, 10, 11), date(2026, 10, 31))
    assert line.volume == q("3")


def test_a_new_price_in_mid_month_splits_the_volume_by_days():
    prices = tariff((date(2026, 1, 1), "50"), (date(2026, 10, 11), "60"))
    lines = lines_of(monthly("248", OCTOBER, "256"), OCTOBER, prices)
    assert [line.days.count for line in lines] == [10, 21]
    assert [str(line.volume) for line in lines] == ["2,580645", "5,419355"]
    assert [line.amount for line in lines] == [Money(12903), Money(32516)]
    assert [line.price_id for line in lines] == [1, 2]
    assert lines[0].proof["formula"] == (
        "(текущее − предыдущее) × дни этой строки / все дни × цена"
    )


def test_days_without_a_price_are_named():
    prices = flat((Since(date(2026, 10, 11), priced("1")),))
    with pytest.raises(NotChargeable) as caught:
        lines_of(monthly("248", OCTOBER, "256"), OCTOBER, prices)
    assert caught.value.lack is Lack.NO_PRICE
    assert str(caught.value).startswith("С 1 по 10 октября 2026 нет цены.")


@pytest.mark.parametrize("dial", [UNKNOWN_DIAL, Dial(2, 0)])
def test_a_value_that_fell_on_a_dial_that_cannot_have_passed_its_end_is_named(dial):
    meter = a_meter("256", date(2026, 9, 1), (date(2026, 10, 20), "248"), dial=dial)
    with pytest.raises(NotChargeable) as caught:
        intervals([meter])
    assert caught.value.lack is Lack.READINGS_FALL
    assert str(caught.value).startswith("С 1 сентября по 20 октября 2026 показания уменьшились")


def test_a_reading_that_arrived_late_counts_no_later_than_one_taken_after_it():
    waited = Reading(1, date(2026, 10, 10), OCTOBER.shifted(1), q("204"))
    at_once = Reading(2, date(2026, 10, 24), OCTOBER, q("208"))
    meter = Meter("1", Dial(5, 0), q("200"), date(2026, 10, 1), (waited, at_once))
    assert told([meter]).volume == q("8")


def test_the_volume_falls_on_the_days_that_were_served():
    october_of = told([monthly("248", OCTOBER, "256")])
    served = Days(date(2026, 10, 1), date(2026, 10, 17))
    (line,) = metered_lines(october_of, always((None, "53,41")), served=served)
    assert (line.days, line.volume) == (served, q("8"))
    with pytest.raises(ValueError, match="2026, 11"):
        metered_lines(october_of, always((None, "1")), served=Days.of(OCTOBER.shifted(1)))


@given(read_meters())
def test_the_months_are_together_what_was_used(meter_and_use):
    meter, used = meter_and_use
    known = intervals([meter])
    months = dict.fromkeys(month for interval in known for month in interval.months)
    volumes = [told([meter], month).volume for month in months]
    assert sum(volume.micro for volume in volumes) == used.micro
    assert all(volume.micro >= 0 for volume in volumes)


@given(read_meters(), st.randoms(use_true_random=False))
def test_in_which_order_readings_are_known_is_of_no_concern(meter_and_use, random):
    meter, _ = meter_and_use
    shuffled = list(meter.readings)
    random.shuffle(shuffled)
    other = Meter(meter.serial, meter.dial, meter.opening, meter.opened_on, tuple(shuffled))
    assert intervals([other]) == intervals([meter])


@given(read_meters(), st.integers(0, 13), st.integers(0, 900))
def test_replacing_a_meter_loses_and_adds_nothing(meter_and_use, at, start):
    meter, used = meter_and_use
    taken = meter.readings
    assume(at < len(taken))
    last, later, opening = taken[at].value, taken[at + 1 :], Quantity(start * 1_000_000)
    assume(all(reading.value >= last for reading in later))  # it doesn't pass its end again
    moved = tuple(
        Reading(each.reading_id, each.taken_on, each.counts_for, each.value - last + opening)
        for each in later
    )
    old = Meter("old", meter.dial, meter.opening, meter.opened_on, taken[: at + 1])
    new = Meter("new", Dial(9, 3), opening, taken[at].taken_on, moved)
    parts = intervals([old, new])
    assert [part.volume for part in parts] == [part.volume for part in intervals([meter])]
    assert sum(part.volume.micro for part in parts) == used.micro


prices = st.integers(0, 10**10).map(Price)
volumes = st.integers(0, 10**11).map(Quantity)


def october(volume: Quantity, timeline):
    taken = Reading(1, date(2026, 10, 20), OCTOBER, volume)
    meter = Meter("1", Dial(9, 6), Quantity(0), OCTOBER.first_day, (taken,))
    return lines_of(meter, OCTOBER, timeline)


@given(volumes, volumes, prices)
def test_more_is_never_cheaper(one, other, price):
    less, more = sorted([one, other])
    timeline = always((None, price.text()))
    assert october(less, timeline)[0].amount <= october(more, timeline)[0].amount


@given(volumes, prices, prices, st.integers(2, 31))
def test_a_month_split_by_a_price_is_exact_in_volume_and_near_in_money(volume, old, new, day):
    timeline = tariff((date(2026, 1, 1), old.text()), (date(2026, 10, day), new.text()))
    lines = october(volume, timeline)
    assert len(lines) == 2
    assert sum(line.volume.micro for line in lines) == volume.micro
    assert all(line.amount == cost(line.volume, line.price) for line in lines)
    exact = sum(line.volume.micro * line.price.micro for line in lines)
    total = Money.total(line.amount for line in lines).kopecks * 10**10
    assert 2 * abs(total - exact) <= len(lines) * 10**10


def test_a_second_value_of_the_month_before_the_first_that_is_counted_only_moves_the_value_on():
    """Whose first reading ended November is counted from December on, from the last value."""
    meter = a_meter("10", date(2026, 12, 1), (date(2026, 11, 20), "15"))
    assert intervals([meter]) == ()
    december = a_meter(
        "10", date(2026, 12, 1), (date(2026, 11, 20), "15"), (date(2026, 12, 20), "18")
    )
    (interval,) = intervals([december])
    assert (interval.days, interval.volume) == (Days.of(Period(2026, 12)), q("3"))
    assert measured_in([december], Period(2026, 12)) == measured([interval], Period(2026, 12))
