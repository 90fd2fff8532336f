"""By what a month is charged when readings come, and when they don't."""

from datetime import date

import pytest

from portal.domain.charging.counted import intervals
from portal.domain.charging.estimated import Average, Rules, average, average_lines
from portal.domain.charging.line import Lack, NotChargeable, Part
from portal.domain.charging.way import Chosen, Obstacle, Trouble, Way, way
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.proof import RULES_354
from portal.domain.timeline import Days
from tests.domain.charging.meters import DUE_DAY, OCTOBER, a_meter, always, monthly, q

RULES = Rules()
APRIL = Period(2026, 4)
SIX = intervals([monthly("200", APRIL, *"208 216 224 232 240 248".split())])
TWO = intervals([monthly("200", Period(2026, 8), "208", "216")])
UNREAD = [OCTOBER.shifted(months) for months in range(4)]
PRICE = always((None, "53,41"))


def taken_of(known) -> Average:
    found = average(known, RULES)
    assert found is not None
    return found


def chosen(month, known, obstacle=None, rules=RULES):
    return way(month, known, obstacle, rules, due_day=DUE_DAY)


def test_six_months_of_readings_and_then_none():
    ways = [chosen(month, SIX) for month in UNREAD]
    assert [each.way for each in ways] == [Way.AVERAGE, Way.AVERAGE, Way.AVERAGE, Way.NORM]
    for month, each in zip(UNREAD[:3], ways, strict=False):
        assert each.average is not None
        (line,) = average_lines(each.average, Days.of(month), PRICE, each.rule)
        assert (line.part, line.volume) == (Part.BASE, q("8"))
        assert line.amount == Money(42728)
    assert ways[3].average is None


def test_what_the_resident_is_told_of_it():
    first, fourth = chosen(UNREAD[0], SIX), chosen(UNREAD[3], SIX)
    assert first.reason == "Показаний за октябрь нет, взято среднее за апрель–сентябрь"
    assert fourth.reason == "Показаний нет 4-й месяц подряд, поэтому взят норматив"
    advice = "Передайте показания до 25-го, и сумма будет пересчитана"
    assert first.advice == fourth.advice == advice
    assert first.rule.endswith("подпункт «б» пункта 59")
    assert fourth.rule.endswith("пункт 60")


def test_a_reading_asks_for_nothing():
    assert chosen(Period(2026, 9), SIX) == Chosen(
        Way.METERED, "По показаниям счетчика", "", f"{RULES_354}, приложение 2, формула 1"
    )


def test_it_stays_the_norm_until_somebody_reads_the_meter():
    assert chosen(OCTOBER.shifted(9), SIX).way is Way.NORM


def test_a_reading_begins_the_count_anew():
    before = monthly("200", APRIL, *"208 216 224 232 240 248".split())
    after = a_meter("248", date(2026, 10, 1), (date(2027, 1, 20), "280"), serial="2")
    known = intervals([before, after])
    assert chosen(Period(2027, 1), known).way is Way.METERED
    again = chosen(Period(2027, 2), known)
    assert again.way is Way.AVERAGE
    assert again.reason.endswith("взято среднее за август 2026 – январь 2027")


def test_two_months_of_readings_make_no_average():
    told = chosen(OCTOBER, TWO)
    assert told.way is Way.NORM
    assert "охватывают меньше 3 месяцев" in told.reason
    assert chosen(OCTOBER, ()).way is Way.NORM


def test_how_long_an_average_serves_is_a_parameter():
    older = Rules(averaged_months=12, least_months=12, periods=6)
    assert chosen(OCTOBER, SIX, rules=older).way is Way.NORM
    longer = Rules(periods=6)
    assert chosen(OCTOBER.shifted(5), SIX, rules=longer).way is Way.AVERAGE
    assert chosen(OCTOBER.shifted(6), SIX, rules=longer).way is Way.NORM


def test_a_broken_meter_is_averaged_and_then_raised():
    broken = Obstacle(Trouble.BROKEN, date(2026, 10, 2))
    ways = [chosen(month, SIX, broken) for month in UNREAD]
    assert [each.way for each in ways] == [*[Way.AVERAGE] * 3, Way.NORM_RAISED]
    assert ways[0].reason == (
        "Счетчик неисправен со 2 октября 2026, взято среднее за апрель–сентябрь"
    )
    assert ways[0].advice == (
        "Почините или замените счетчик: с января 2027 будет начисляться по нормативу "
        "с повышающим коэффициентом"
    )
    assert ways[0].average == taken_of(SIX)
    assert ways[3].reason == (
        "Счетчик неисправен со 2 октября 2026, поэтому взят норматив с повышающим коэффициентом"
    )
    assert ways[3].advice == "Почините или замените счетчик"
    rules = [each.rule.removeprefix(f"{RULES_354}, ") for each in ways]
    assert rules == [*["подпункт «а» пункта 59"] * 3, "пункт 60"]


def test_a_meter_that_failed_without_a_history_is_by_norm_before_it_is_raised():
    expired = Obstacle(Trouble.UNVERIFIED, date(2026, 10, 15))
    ways = [chosen(month, TWO, expired) for month in UNREAD]
    assert [each.way for each in ways] == [*[Way.NORM] * 3, Way.NORM_RAISED]
    assert ways[0].reason == "Счетчик не поверен с 15 октября 2026, поэтому взят норматив"
    assert ways[0].advice == (
        "Поверьте или замените счетчик: с января 2027 будет начисляться по нормативу "
        "с повышающим коэффициентом"
    )
    assert {each.rule for each in ways} == {ways[0].rule, f"{RULES_354}, пункт 60"}


def test_an_average_that_served_for_silence_does_not_serve_again_for_a_failure():
    expired = Obstacle(Trouble.UNVERIFIED, date(2026, 12, 15))
    ways = [chosen(OCTOBER.shifted(months), SIX, expired).way for months in range(6)]
    assert ways == [*[Way.AVERAGE] * 3, Way.NORM, Way.NORM, Way.NORM_RAISED]


def test_readings_taken_before_the_failure_count_for_its_month():
    expired = Obstacle(Trouble.UNVERIFIED, date(2026, 9, 25))
    assert chosen(Period(2026, 9), SIX, expired).way is Way.METERED
    later = Obstacle(Trouble.BROKEN, date(2026, 12, 1))
    assert "неисправен" not in chosen(OCTOBER, SIX, later).reason


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (Trouble.REFUSED, Way.NORM_RAISED),
        (Trouble.ABSENT, Way.NORM_RAISED),
        (Trouble.IMPOSSIBLE, Way.NORM),
    ],
)
def test_without_a_meter_that_counts_the_norm_applies_at_once(trouble, expected):
    told = chosen(Period(2026, 9), SIX, Obstacle(trouble, date(2026, 9, 10)))
    assert told.way is expected
    assert bool(told.advice) is (trouble is not Trouble.IMPOSSIBLE)


def test_the_average_is_of_the_last_six_months():
    meter = monthly("0", Period(2026, 1), *"100 100 100 106 112 118 124 130 136".split())
    taken = taken_of(intervals([meter]))
    assert (taken.first, taken.last) == (APRIL, Period(2026, 9))
    assert taken.monthly == 6


def test_a_month_in_which_the_meter_was_fitted_counts_by_its_days():
    meter = a_meter(
        "0", date(2026, 7, 17), (date(2026, 7, 20), "4"), (date(2026, 8, 20), "12"),
        (date(2026, 9, 20), "20"), (date(2026, 10, 20), "28"),
    )  # fmt: skip
    known = intervals([meter])
    assert average(known[:-1], RULES) is None
    taken = taken_of(known)
    assert taken.months * 31 == 3 * 31 + 15
    (line,) = average_lines(taken, Days.of(OCTOBER), always((None, "1")), "")
    assert str(line.volume) == "8,037037"


def test_a_part_of_a_month_gets_its_part_of_the_average():
    days = Days(date(2026, 10, 1), date(2026, 10, 10))
    (line,) = average_lines(taken_of(SIX), days, PRICE, "")
    assert str(line.volume) == "2,580645"
    assert line.proof["formula"] == "расход за месяцы / число месяцев × дни / дни месяца × цена"
    inputs = line.proof["inputs"]
    assert (inputs["used"], inputs["months"], inputs["days"]) == (48_000_000, [6, 1], 10)


def test_a_whole_month_of_the_average_tells_its_months():
    (line,) = average_lines(taken_of(SIX), Days.of(OCTOBER), PRICE, "правило")
    assert line.proof["formula"] == "расход за месяцы / число месяцев × цена"
    assert (line.proof["method"], line.proof["rule"]) == ("average", "правило")
    told = {name: line.proof["inputs"][name] for name in ("first_month", "last_month")}
    assert told == {"first_month": "2026-04", "last_month": "2026-09"}


def test_an_average_without_a_price_is_named():
    with pytest.raises(NotChargeable) as caught:
        average_lines(taken_of(SIX), Days.of(OCTOBER), (), "")
    assert caught.value.lack is Lack.NO_PRICE
