"""Readings that come after months were charged without them."""

from collections import defaultdict
from datetime import date
from fractions import Fraction
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.charging.bands import cuts
from portal.domain.charging.counted import Meter, Reading, intervals, measured
from portal.domain.charging.estimated import Rules, average_lines
from portal.domain.charging.line import Line, Part
from portal.domain.charging.metered import base_line, metered_lines
from portal.domain.charging.recalculated import corrected_part, late_lines, recalculation
from portal.domain.charging.way import way
from portal.domain.meter import Dial
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from portal.domain.quantity import Price, Quantity, cost
from portal.domain.timeline import Days
from tests.domain.charging.meters import DUE_DAY, OCTOBER, a_meter, always, monthly, q, tariff, told

SILENT = [OCTOBER, OCTOBER.shifted(1), OCTOBER.shifted(2)]
JANUARY = OCTOBER.shifted(3)
PRICE = always((None, "53,41"))
BEFORE = monthly("200", Period(2026, 4), *"208 216 224 232 240 248".split())
NORM_PROOF = {"method": "norm", "inputs": {}, "formula": "", "rule": ""}


def a_line(days: Days, volume: str, part: Part = Part.BASE) -> Line:
    price = Price.parse("53,41")
    return Line(part, days, q(volume), 1, price, cost(q(volume), price), NORM_PROOF)


def month_lines(known, month, prices):
    """What a run charges: by the meter, the average, or a norm of 6,935."""
    chosen = way(month, known, None, Rules(), due_day=DUE_DAY)
    known_of_it = measured(known, month)
    if known_of_it is not None:
        return metered_lines(known_of_it, prices)
    if chosen.average is not None:
        return average_lines(chosen.average, Days.of(month), prices, chosen.rule)
    parts = cuts(Fraction("6.935"), Days.of(month), prices)
    return tuple(base_line(cut, NORM_PROOF) for cut in parts)


def after_it(value: str) -> Meter:
    return a_meter("248", date(2026, 10, 1), (date(2027, 1, 20), value))


def after_the_silence(value: str):
    """Three months are charged by 8,000; in January the meter shows `value`."""
    charged = {month: month_lines(intervals([BEFORE]), month, PRICE) for month in SILENT}
    known = intervals([BEFORE, after_it(value)])
    return known, charged, late_lines(known, PRICE, charged)


def test_more_was_used_than_was_averaged():
    _, charged, late = after_the_silence("296")
    now = metered_lines(told([BEFORE, after_it("296")], JANUARY), PRICE)
    assert [line.part for line in late] == [Part.RECALCULATION] * 3
    assert [line.days for line in late] == [Days.of(month) for month in SILENT]
    assert [str(line.volume) for line in late] == ["4,097561", "3,707317", "4,097561"]
    lines = chain(*charged.values(), late, now)
    assert sum(line.volume.micro for line in lines) == q("48").micro


def test_less_was_used_and_the_months_are_corrected_downwards():
    _, _, late = after_the_silence("252")
    assert all(line.volume.micro < 0 and line.amount < ZERO for line in late)
    first, inputs = late[0], late[0].proof["inputs"]
    assert first.volume == q("1,008130") - q("8")
    assert first.amount == cost(q("1,008130"), Price.parse("53,41")) - Money(42728)
    assert (inputs["month"], inputs["charged_by"]) == ("2026-10", ["average"])
    assert inputs["ought_amount"] - inputs["charged_amount"] == first.amount.kopecks
    assert inputs["ought"][0]["formula"] == (
        "(текущее − предыдущее) × дни месяца / дни между показаниями × цена"
    )


def test_what_was_corrected_once_is_not_corrected_again():
    known, charged, late = after_the_silence("296")
    posted = {
        month: [*lines, *(line for line in late if line.days == Days.of(month))]
        for month, lines in charged.items()
    }
    assert late_lines(known, PRICE, posted) == ()


def test_each_month_is_corrected_at_its_own_prices():
    meter = a_meter("0", date(2026, 9, 1), (date(2026, 11, 20), "91"))
    prices = tariff((date(2026, 1, 1), "10"), (date(2026, 10, 11), "20"), (date(2026, 11, 1), "30"))
    charged: dict[Period, tuple[Line, ...]] = {Period(2026, 9): (), OCTOBER: ()}
    late = late_lines(intervals([meter]), prices, charged)
    assert [(str(line.volume), line.price_id, line.amount) for line in late] == [
        ("30", 1, Money(30000)),
        ("10", 1, Money(10000)),
        ("21", 2, Money(42000)),
    ]


def test_a_price_that_came_late_takes_the_old_lines_back():
    october = told([monthly("248", OCTOBER, "256")])
    was = metered_lines(october, tariff((date(2026, 1, 1), "50")))
    ought = metered_lines(october, tariff((date(2025, 1, 1), "40"), (date(2026, 10, 1), "60")))
    late = recalculation(OCTOBER, ought, was, rule="Приказ")
    assert [(line.price_id, line.price, line.volume, line.amount) for line in late] == [
        (1, Price.parse("50"), q("-8"), Money(-40000)),
        (2, Price.parse("60"), q("8"), Money(48000)),
    ]
    assert late[0].proof["rule"] == "Приказ"


def test_days_before_the_meter_stay_as_they_were():
    meter = a_meter("0", date(2026, 10, 11), (date(2026, 11, 20), "51"))
    norm = a_line(Days(date(2026, 10, 1), date(2026, 10, 10)), "2")
    (late,) = late_lines(intervals([meter]), PRICE, {OCTOBER: [norm]})
    assert late.volume == q("21")
    assert late.days == Days(date(2026, 10, 11), date(2026, 10, 31))


def test_an_excess_is_taken_back_from_whom_it_belongs_to():
    base = a_line(Days.of(OCTOBER), "8")
    was = [base, a_line(Days.of(OCTOBER), "4", Part.EXCESS)]
    (late,) = recalculation(OCTOBER, [base], was)
    assert (late.volume, late.amount) == (q("-4"), Money(-21364))
    assert corrected_part(late) is Part.EXCESS
    assert recalculation(OCTOBER, [base], [*was, late]) == ()


def test_months_that_readings_do_not_tell_of_stay():
    known = intervals([BEFORE])
    assert late_lines(known, PRICE, {OCTOBER: month_lines(known, OCTOBER, PRICE)}) == ()


JANUARY_2025 = Period(2025, 1)


@st.composite
def stories(draw, *, changes: int = 3):
    """In which months of 14 a meter was read, how much was used between, and the prices."""
    months = draw(st.lists(st.integers(0, 13), min_size=1, max_size=9, unique=True).map(sorted))
    used = draw(st.lists(st.integers(0, 10**8), min_size=len(months), max_size=len(months)))
    later = draw(st.lists(st.integers(1, 420), max_size=changes, unique=True).map(sorted))
    start = JANUARY_2025.first_day.toordinal()
    days = [date(2020, 1, 1), *(date.fromordinal(start + day) for day in later)]
    dated = [(day, Price(draw(st.integers(0, 10**9))).text()) for day in days]
    return dict(zip(months, used, strict=True)), tariff(*dated)


def meter_read(used: dict[int, int]) -> Meter:
    value, readings = 0, []
    for index, volume in used.items():
        value, month = value + volume, JANUARY_2025.shifted(index)
        taken_on = date(month.year, month.month, 20)
        readings.append(Reading(index, taken_on, month, Quantity(value)))
    return Meter("1", Dial(9, 6), Quantity(0), JANUARY_2025.first_day, tuple(readings))


def charged_as_they_came(used: dict[int, int], prices) -> dict[Period, list[Line]]:
    """A run a month up to the last reading, each with what was known by then: everything that
    was posted, by the month that it is for.
    """
    posted: dict[Period, list[Line]] = defaultdict(list)
    for index in range(max(used) + 1):
        month = JANUARY_2025.shifted(index)
        so_far = {each: volume for each, volume in used.items() if each <= index}
        known = intervals([meter_read(so_far)])
        for line in late_lines(known, prices, posted):
            posted[Period.of(line.days.first)].append(line)
        posted[month] += month_lines(known, month, prices)
    return posted


@given(stories())
def test_estimates_and_later_readings_are_together_what_was_used(story):
    used, prices = story
    lines = [line for each in charged_as_they_came(used, prices).values() for line in each]
    assert sum(line.volume.micro for line in lines) == sum(used.values())
    exact = sum(line.volume.micro * line.price.micro for line in lines)
    paid = Money.total(line.amount for line in lines).kopecks * 10**10
    assert 2 * abs(paid - exact) <= len(lines) * 10**10


@given(stories(changes=0))
def test_with_one_price_that_is_the_price_of_the_whole_within_half_a_kopeck_a_month(story):
    used, prices = story
    posted = charged_as_they_came(used, prices)
    paid = Money.total(line.amount for lines in posted.values() for line in lines)
    whole = cost(Quantity(sum(used.values())), prices[0].value.bands[0].priced.price)
    assert 2 * abs(paid.kopecks - whole.kopecks) <= len(posted) + 1


@given(stories())
def test_every_month_ends_where_readings_known_at_once_would_have_put_it(story):
    used, prices = story
    for month, lines in charged_as_they_came(used, prices).items():
        at_once = metered_lines(told([meter_read(used)], month), prices)
        assert Money.total(each.amount for each in lines) == Money.total(
            each.amount for each in at_once
        )
        assert sum(each.volume.micro for each in lines) == sum(
            each.volume.micro for each in at_once
        )


def test_the_stories_have_averages_and_norms():
    posted = charged_as_they_came(dict.fromkeys([0, 1, 2, 3, 8], 10**6), PRICE)
    methods = [lines[0].proof["method"] for _, lines in sorted(posted.items())]
    assert methods == [*["metered_month"] * 4, *["average"] * 3, "norm", "metered_month"]
