"""Days without a meter, in a month in which something about that changes."""

from dataclasses import replace
from datetime import date

from portal.domain.charging.absence import Absence
from portal.domain.charging.facts import (
    AccountFacts,
    AgreementFacts,
    PremisesFacts,
    ServiceFacts,
    TariffFacts,
)
from portal.domain.charging.line import Part
from portal.domain.charging.methods import Fallback, Method
from portal.domain.charging.month import charge_agreement
from portal.domain.charging.outcome import ServiceMonth
from portal.domain.charging.way import Obstacle, Trouble
from portal.domain.period import Period
from portal.domain.quantity import Quantity
from portal.domain.timeline import Days, Since, Timeline, constant
from tests.domain.charging.facts import always, amounts, at, october, since
from tests.domain.charging.meters import LONG_AGO, a_meter

MONTH = Period(2026, 10)
WATER = ServiceFacts(
    1, "cold", Method.METERED_MONTH, at("10"), fallback=Fallback.AVERAGE_THEN_NORM,
    norm=always("3.1"), coefficient=always("3"),
)  # fmt: skip
ABSENT_TEN_DAYS = Absence(date(2026, 10, 1), date(2026, 10, 12), 1)


def possible(first: bool, *later: Since[bool]) -> dict[int, Timeline[bool]]:
    return {1: (Since(LONG_AGO, first), *later)}


def water(*absences: Absence, **more: object) -> ServiceMonth:
    """Of two people: 0.2 m³ a day, 0.6 with the coefficient."""
    account = AccountFacts(1, Days.of(MONTH), constant(TariffFacts(1, (WATER,))), **more)  # type: ignore[arg-type]  # facts by name
    premises = PremisesFacts(persons=constant(2), absences=absences)
    (told,) = charge_agreement(AgreementFacts(1, (account,), 25, premises), MONTH)
    return told


def test_it_is_raised_from_the_day_on_which_a_meter_could_be_fitted():
    told = water(meter_possible=possible(False, since(16, True)))
    assert [(line.part, line.days) for line in told.lines] == [
        (Part.BASE, october(1, 15)),
        (Part.BASE, october(16, 31)),
        (Part.EXCESS, october(16, 31)),
    ]
    assert amounts(told.lines) == ["30,00", "32,00", "64,00"]
    reasons = [line.proof["inputs"]["reason"] for line in told.lines]
    assert reasons[0] == (
        "С 1 по 15 октября 2026: счетчик установить нельзя, поэтому взят норматив"
    )
    assert reasons[1].startswith("С 16 по 31 октября 2026: счетчика нет, хотя установить")
    assert told.advice == "Установите счетчик, и будет начисляться по показаниям"


def test_absences_count_on_the_days_on_which_none_could_be_fitted():
    """From the 2nd to the 11th one of two was away: ten times 0.1 m³."""
    kept = water(ABSENT_TEN_DAYS, meter_possible=possible(True, since(16, False)))
    assert amounts(kept.lines, Part.RECALCULATION) == []
    taken_off = water(ABSENT_TEN_DAYS, meter_possible=possible(False, since(16, True)))
    assert amounts(taken_off.lines, Part.RECALCULATION) == ["-10,00"]


def test_an_absence_is_told_in_its_own_words_and_by_its_own_rule():
    told = water(ABSENT_TEN_DAYS, meter_possible=possible(False))
    (line,) = (line for line in told.lines if line.part is Part.RECALCULATION)
    assert line.proof["rule"].endswith("пункты 86–97")
    assert "reason" not in line.proof["inputs"]


def test_days_before_a_meter_that_was_not_read_yet_are_those_without_one():
    """As they are when its first reading has come."""
    more = {"meter_possible": possible(True)}
    unread = water(meters={1: (a_meter("0", date(2026, 10, 11)),)}, **more)
    read = water(meters={1: (a_meter("0", date(2026, 10, 11), (date(2026, 10, 24), "2")),)}, **more)
    assert unread.lines[:2] == read.lines[:2]
    assert amounts(unread.lines) == ["20,00", "40,00", "42,00"]
    assert unread.lines[2].days == october(11, 31)
    assert unread.reason.startswith("Показаний за октябрь нет")


def test_days_before_a_meter_that_broke_at_once_are_those_without_one():
    broken = Obstacle(Trouble.BROKEN, date(2026, 10, 20))
    told = water(
        meters={1: (a_meter("0", date(2026, 10, 11)),)}, obstacle={1: broken},
        meter_possible=possible(True),
    )  # fmt: skip
    assert amounts(told.lines) == ["20,00", "40,00", "42,00"]
    assert told.reason.startswith("Счетчик неисправен с 20 октября")


def broken(*readings: tuple[date, str]) -> dict[str, object]:
    """A meter that used 9 m³ a month until the 5th, and another one since the 11th."""
    old = a_meter(
        "0", date(2026, 6, 1), (date(2026, 6, 20), "9"), (date(2026, 7, 20), "18"),
        (date(2026, 8, 20), "27"), (date(2026, 9, 20), "36"), *readings,
    )  # fmt: skip
    new = a_meter("0", date(2026, 10, 11), (date(2026, 10, 24), "2"))
    obstacle = Obstacle(Trouble.BROKEN, date(2026, 10, 5))
    return {"meters": {1: (new,)}, "former": {1: (old,)}, "obstacle": {1: obstacle}}


def test_between_two_meters_the_average_of_the_former_one_is_taken():
    """Ten days of 31 of 9 m³ a month: 2,903226 m³."""
    told = water(**broken())
    assert amounts(told.lines) == ["29,03", "20,00"]
    before, after = told.lines
    assert (before.days, after.days) == (october(1, 10), october(11, 31))
    assert before.proof["rule"].endswith("подпункт «а» пункта 59")
    assert before.proof["inputs"]["reason"].startswith(
        "С 1 по 10 октября 2026: счетчик неисправен с 5 октября 2026, взято среднее за июнь"
    )


def test_what_the_former_meter_was_read_in_the_month_is_charged():
    told = water(**broken((date(2026, 10, 3), "40")))
    assert amounts(told.lines) == ["40,00", "20,00"]
    assert [line.proof["method"] for line in told.lines] == ["metered_month"] * 2
    assert told.volume == Quantity.parse("6")


def test_a_meter_that_goes_over_to_a_new_tariff_counts_for_each_its_days():
    """It is taken off one service with what it shows, and hung on the other."""
    former, later = TariffFacts(1, (WATER,)), TariffFacts(2, (replace(WATER, service_id=2),))
    before = a_meter("0", date(2026, 1, 1), (date(2026, 9, 20), "90"), (date(2026, 10, 15), "96"))
    after = a_meter("96", date(2026, 10, 16), (date(2026, 10, 24), "100"))
    account = AccountFacts(
        1, Days.of(MONTH), (Since(LONG_AGO, former), since(16, later)),
        meters={1: (before,), 2: (after,)},
        obstacle={1: Obstacle(Trouble.BROKEN, date(2026, 10, 15))},
    )  # fmt: skip
    told = charge_agreement(AgreementFacts(1, (account,), 25, PremisesFacts()), MONTH)
    (first,), (second,) = (month.lines for month in told)
    assert (first.days, first.amount.plain) == (october(1, 15), "60,00")
    assert (second.days, second.amount.plain) == (october(16, 31), "40,00")
