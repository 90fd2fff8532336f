"""What a charge says of itself to the person who pays."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.charging.absence import Absence, absence
from portal.domain.charging.banded_norm import norm_in_bands
from portal.domain.charging.bands import Band, Bands
from portal.domain.charging.common import CommonNorm, common_by_house_meter, common_by_norm
from portal.domain.charging.counted import intervals
from portal.domain.charging.dwelling import (
    by_area,
    by_heated_area,
    by_person,
    by_quantity,
    capital_repair,
)
from portal.domain.charging.estimated import Rules, average_lines
from portal.domain.charging.fees import one_time, periodic_daily, periodic_monthly, rated, usage
from portal.domain.charging.heating import (
    heating_by_house_meter,
    heating_by_house_meter_all_year,
    heating_by_norm,
    heating_by_norm_all_year,
    heating_by_own_meters,
)
from portal.domain.charging.house import HouseVolumes
from portal.domain.charging.line import Line
from portal.domain.charging.metered import metered_lines
from portal.domain.charging.norm import by_norm, by_raised_norm, dwellers, naming_owners
from portal.domain.charging.recalculated import recalculation, year_recalculation
from portal.domain.charging.waters import hot_water_heat, sewerage
from portal.domain.charging.way import way
from portal.domain.debt import Debt, Layer, Paid
from portal.domain.meter import Dial
from portal.domain.money import Money
from portal.domain.penalty import penalty
from portal.domain.penalty_rules import Rules as PenaltyRules
from portal.domain.percent import Percent
from portal.domain.period import Period
from portal.domain.proof import metered_proof, reversal_proof, stated_proof
from portal.domain.proven import Proven
from portal.domain.quantity import SCALE, Price, Quantity, cost
from portal.domain.telling import charge as telling
from portal.domain.telling import products
from portal.domain.telling.charge import told
from portal.domain.telling.told import ISOLATED, ISOLATED_END, Charged, Told
from portal.domain.timeline import Days, Since, constant
from tests.domain.charging import meters
from tests.domain.charging.facts import (
    OCTOBER,
    always,
    at,
    dated,
    days_of_october,
    october,
    price,
    priced,
    q,
    quantities,
    since,
)
from tests.support.words import plain

MONTH = Period(2026, 10)
WATER = at("53,41")
NORM = always("6,935")
HOUSE = HouseVolumes(q("40"), q("27"))
LIMIT = CommonNorm(always("0,05"), always("120"))
BANDS = (Since(date(2020, 1, 1), Bands((Band(q("100"), price("5")), Band(None, price("7,5"))))),)


def charged(line: Line, unit: str = "м³") -> Charged:
    return Charged(unit, line.volume, line.price, line.amount, line.proof)


def words(line: Line, unit: str = "м³") -> list[str]:
    """The answer and what stands below it."""
    said = told(charged(line, unit))
    return [plain(each) for each in (said.answer, *said.steps)]


def test_a_month_by_readings():
    meter = meters.monthly("245,55", MONTH, "256")
    (line,) = metered_lines(meters.told([meter]), meters.always((None, "53,41")))
    said = told(charged(line))
    assert words(line) == [
        "По показаниям счетчика от 20 октября 2026",
        "256,00 − 245,55 = 10,45 м³",
        "10,45 м³ × 53,41 ₽ = 558,13 ₽",
        "Предыдущие показания 245,55 от 1 октября 2026",
    ]
    assert said.rule.endswith("приложение 2, формула 1")
    assert (said.mark, said.advice) == ("", "")


def test_a_reading_that_was_charged_when_it_came():
    proof = metered_proof(q("14235"), q("13721"), is_rollover=False)
    one = Charged(
        "м³", q("514"), Price.parse("2,79"), Money(1434_06), proof,
        date(2014, 4, 7), date(2014, 3, 15),
    )  # fmt: skip
    assert [plain(each) for each in (told(one).answer, *told(one).steps)] == [
        "По показаниям счетчика от 7 апреля 2014",
        "14235 − 13721 = 514 м³",
        "514 м³ × 2,79 ₽ = 1 434,06 ₽",
        "Предыдущие показания 13721 от 15 марта 2014",
    ]


def test_a_counter_that_passed_its_end():
    meter = meters.a_meter("99998", date(2026, 10, 1), (date(2026, 10, 21), "3"), dial=Dial(5, 0))
    (line,) = metered_lines(meters.told([meter]), meters.always((None, "53,41")))
    assert words(line)[1] == "99998 → 3 через ноль = 5 м³"
    at_once = metered_proof(q("3"), q("99998"), is_rollover=True)
    one = Charged("м³", q("5"), Price.parse("2,79"), Money(13_95), at_once)
    assert plain(told(one).steps[0]) == "99998 → 3 через ноль = 5 м³"


def test_a_meter_that_was_replaced():
    old = meters.a_meter("100", date(2026, 10, 1), (date(2026, 10, 10), "104"), serial="18-1")
    new = meters.a_meter("0", date(2026, 10, 10), (date(2026, 10, 20), "3"), serial="18-2")
    (line,) = metered_lines(meters.told([old, new]), meters.always((None, "53,41")))
    assert words(line)[1:4] == [
        "Счетчик 18-1: 104 − 100 = 4 м³",
        "Счетчик 18-2: 3 − 0 = 3 м³",
        "4 + 3 = 7 м³",
    ]


def test_readings_that_tell_of_two_months_and_a_price_that_changed():
    meter = meters.a_meter("100", date(2026, 10, 1), (date(2026, 11, 20), "161"))
    tariff = meters.tariff((date(2026, 1, 1), "50"), (date(2026, 10, 16), "60"))
    first, _ = metered_lines(meters.told([meter]), tariff)
    assert words(first) == [
        "По показаниям счетчика от 20 ноября 2026, с 1 по 15 октября 2026",
        "161 − 100 = 61 м³",
        "На октябрь из них: 61 м³ × 31 из 61 дн. = 31 м³",
        "31 м³ × 15 из 31 дн. = 15 м³",
        "15 м³ × 50,00 ₽ = 750,00 ₽",
        "Предыдущие показания 100 от 1 октября 2026",
    ]


def test_bands_say_what_of_the_month_is_in_them():
    meter = meters.monthly("1000", MONTH, "1180")
    low, high = metered_lines(meters.told([meter]), BANDS)
    assert words(low, "кВт·ч")[2] == "Из 180 кВт·ч в диапазоне «до 100 кВт·ч в месяц» — 100 кВт·ч"
    assert words(high, "кВт·ч")[2:4] == [
        "Из 180 кВт·ч в диапазоне «свыше 100 кВт·ч в месяц» — 80 кВт·ч",
        "80 кВт·ч × 7,50 ₽ = 600,00 ₽",
    ]


def averaged(known, month: Period) -> tuple[Line, Told]:
    chosen = way(month, known, None, Rules(), due_day=25)
    assert chosen.average is not None
    (line,) = average_lines(
        chosen.average, Days.of(month), meters.always((None, "53,41")), chosen.rule
    )
    spoken = {"reason": chosen.reason, "advice": chosen.advice}
    proof = line.proof | {"inputs": line.proof["inputs"] | spoken}
    said = told(Charged("м³", line.volume, line.price, line.amount, proof))
    return line, said


def test_an_average_says_why_of_which_months_and_what_would_change_it():
    known = intervals([meters.monthly("200", Period(2026, 4), *"208 216 224 232 240 248".split())])
    _, said = averaged(known, MONTH)
    assert [plain(each) for each in (said.answer, *said.steps)] == [
        "Показаний за октябрь нет, взято среднее за апрель–сентябрь",
        "За апрель–сентябрь 2026 израсходовано 48 м³",
        "48 м³ ÷ 6 мес. = 8 м³ в месяц",
        "8 м³ × 53,41 ₽ = 427,28 ₽",
    ]
    assert said.advice == "Передайте показания до 25-го, и сумма будет пересчитана"
    assert said.mark == "По среднему"
    assert said.rule.endswith("подпункт «б» пункта 59")


def test_an_average_that_does_not_come_out_even_claims_no_equation():
    known = intervals([meters.monthly("200", Period(2026, 7), "203", "206", "210")])
    _, said = averaged(known, MONTH)
    assert plain(said.steps[1]) == "10 м³ ÷ 3 мес. ≈ 3,333333 м³ в месяц"


def test_a_norm_and_what_its_coefficient_adds():
    base, excess = by_raised_norm(OCTOBER, constant(3), NORM, always("1,5"), WATER)
    assert words(base) == [
        "По нормативу на проживающих",
        "3 человека × 6,935 м³ = 20,805 м³",
        "20,805 м³ × 53,41 ₽ = 1 111,20 ₽",
    ]
    assert words(excess) == [
        "Надбавка: норматив умножен на 1,5",
        "3 человека × 6,935 м³ × 1,5 = 31,2075 м³",
        "Без надбавки 20,805 м³, они начислены отдельно",
        "1 666,79 ₽ − 1 111,20 ₽ = 555,59 ₽",
    ]
    assert told(charged(excess)).mark == "Надбавка"


def test_where_nobody_lives_it_is_said_that_owners_are_counted():
    people = dwellers((since(1, 0),), constant(2))
    (line,) = naming_owners(by_norm(OCTOBER, people, NORM, WATER), people)
    assert words(line)[:2] == [
        "По нормативу на собственников: никто не зарегистрирован",
        "2 человека × 6,935 м³ = 13,87 м³",
    ]


def test_a_part_of_the_month_says_its_days():
    first, second = by_norm(OCTOBER, (since(1, 1), since(18, 2)), always("3,1"), WATER)
    assert words(first)[:2] == [
        "По нормативу на проживающих, с 1 по 17 октября 2026",
        "1 человек × 3,1 м³ × 17 из 31 дн. = 1,7 м³",
    ]
    assert words(second)[1] == "2 человека × 3,1 м³ × 14 из 31 дн. = 2,8 м³"


def test_who_was_away_is_taken_off():
    away = [Absence(date(2026, 10, 1), date(2026, 10, 12), 2)]
    (line,) = absence(OCTOBER, away, constant(3), always("3,1"), WATER)
    assert words(line) == [
        "Снято за время, когда проживающие отсутствовали, со 2 по 11 октября 2026",
        "−2 человека × 3,1 м³ × 10 из 31 дн. = −2 м³",
        "−2 м³ × 53,41 ₽ = −106,82 ₽",
    ]


def test_a_norm_in_bands_is_raised_too():
    lines = norm_in_bands(OCTOBER, constant(3), always("50"), BANDS, coefficient=always("1,5"))
    assert [words(line, "кВт·ч") for line in lines][1:] == [
        [
            "По нормативу на проживающих",
            "3 человека × 50 кВт·ч = 150 кВт·ч",
            "Из 150 кВт·ч в диапазоне «свыше 100 кВт·ч в месяц» — 50 кВт·ч",
            "50 кВт·ч × 7,50 ₽ = 375,00 ₽",
        ],
        [
            "Надбавка: норматив умножен на 1,5",
            "3 человека × 50 кВт·ч × 1,5 = 225 кВт·ч",
            "937,50 ₽ − 375,00 ₽ = 562,50 ₽",
        ],
    ]


def test_common_needs_say_what_of_the_house_was_left():
    facts = (always("54,3"), always("1000"), WATER)
    (line,) = common_by_house_meter(OCTOBER, HOUSE, *facts, limit=None)
    assert words(line)[:3] == [
        "Доля помещения в общем расходе дома",
        "По счетчику дома 40 м³, у помещений 27 м³, на общее остается 13 м³",
        "13 м³ × 54,3 м² ÷ 1 000 м² = 0,7059 м³",
    ]
    (capped,) = common_by_house_meter(OCTOBER, HOUSE, *facts, limit=LIMIT)
    assert words(capped)[2] == "0,05 м³ × 120 м² × 54,3 м² ÷ 1 000 м² = 0,3258 м³"


ONE_LINE = {
    "area": by_area(OCTOBER, always("54,3"), at("36,19")),
    "heated area": by_heated_area(OCTOBER, always("54,3"), at("36,19")),
    "capital repair": capital_repair(OCTOBER, always("54,3"), at("12,96")),
    "person": by_person(OCTOBER, constant(3), at("120")),
    "quantity": by_quantity(OCTOBER, always("2"), at("1500")),
    "heating": heating_by_norm(OCTOBER, always("54,3"), always("0,016"), at("2749,73")),
    "heating all year": heating_by_norm_all_year(
        OCTOBER, always("54,3"), always("0,016"), constant(7), at("2749,73")
    ),
    "heating by the house": heating_by_house_meter(
        OCTOBER, q("120"), always("54,3"), always("9876,5"), at("2749,73")
    ),
    "heating by the house all year": heating_by_house_meter_all_year(
        OCTOBER, q("1000"), always("54,3"), always("9876,5"), at("2749,73")
    ),
    "heating by own meters": heating_by_own_meters(
        OCTOBER, q("1,2"), HOUSE, always("54,3"), always("1000"), at("2749,73")
    ),
    "common by norm": common_by_norm(OCTOBER, LIMIT, always("54,3"), always("1000"), WATER),
    "sewerage": sewerage(OCTOBER, [q("8"), q("2,45")], WATER),
    "heat of water": hot_water_heat(OCTOBER, q("2,5"), always("0,06"), at("2749,73")),
    "a call-out": one_time(date(2026, 10, 14), q("2"), at("700")),
    "a fee by days": periodic_daily(october(1, 17), always("1"), at("620")),
    "a whole fee": periodic_monthly(october(1, 17), always("1"), at("600")),
    "minutes": usage(OCTOBER, q("120"), at("1,2")),
    "priced elsewhere": rated(OCTOBER, Money(345_60), at("1"), known={"used": q("120").micro}),
}
SAID = {
    "area": ["По общей площади помещения", "54,3 ед × 36,19 ₽ = 1 965,12 ₽"],
    "heated area": ["По отапливаемой площади помещения", "54,3 ед × 36,19 ₽ = 1 965,12 ₽"],
    "capital repair": ["По общей площади помещения", "54,3 ед × 12,96 ₽ = 703,73 ₽"],
    "person": ["По числу проживающих", "3 ед × 120,00 ₽ = 360,00 ₽"],
    "quantity": ["По количеству", "2 ед × 1 500,00 ₽ = 3 000,00 ₽"],
    "heating": [
        "По нормативу отопления на площадь",
        "54,3 м² × 0,016 ед = 0,8688 ед",
        "0,8688 ед × 2 749,73 ₽ = 2 388,97 ₽",
    ],
    "heating all year": [
        "По нормативу отопления на площадь, поровну на весь год",
        "54,3 м² × 0,016 ед × 7 мес. ÷ 12 мес. = 0,5068 ед",
        "0,5068 ед × 2 749,73 ₽ = 1 393,56 ₽",
    ],
    "heating by the house": [
        "Доля помещения в тепле по счетчику дома",
        "54,3 м² × 120 ед ÷ 9 876,5 м² ≈ 0,659748 ед",
        "0,659748 ед × 2 749,73 ₽ = 1 814,13 ₽",
    ],
    "heating by the house all year": [
        "Доля помещения в тепле дома за прошлый год, поровну на все месяцы",
        "54,3 м² × 1 000 ед ÷ 12 мес. ÷ 9 876,5 м² ≈ 0,458158 ед",
        "0,458158 ед × 2 749,73 ₽ = 1 259,81 ₽",
    ],
    "heating by own meters": [
        "По своему счетчику тепла и доле в общем тепле дома",
        "По счетчику дома 40 ед, у помещений 27 ед, на общее остается 13 ед",
        "1,2 ед + 54,3 м² × 13 ед ÷ 1 000 м² = 1,9059 ед",
        "1,9059 ед × 2 749,73 ₽ = 5 240,71 ₽",
    ],
    "common by norm": [
        "Доля помещения в нормативе на общее имущество дома",
        "0,05 ед × 120 м² × 54,3 м² ÷ 1 000 м² = 0,3258 ед",
        "0,3258 ед × 53,41 ₽ = 17,40 ₽",
    ],
    "sewerage": [
        "По объему воды: сколько пришло, столько и ушло",
        "8 + 2,45 = 10,45 ед",
        "10,45 ед × 53,41 ₽ = 558,13 ₽",
    ],
    "heat of water": [
        "Тепло на подогрев горячей воды",
        "2,5 м³ × 0,06 ед = 0,15 ед",
        "0,15 ед × 2 749,73 ₽ = 412,46 ₽",
    ],
    "a call-out": ["За работу 14 октября 2026", "2 ед × 700,00 ₽ = 1 400,00 ₽"],
    "a fee by days": [
        "Плата за месяц, по дням обслуживания, с 1 по 17 октября 2026",
        "1 ед × 17 из 31 дн. ≈ 0,548387 ед",
        "0,548387 ед × 620,00 ₽ = 340,00 ₽",
    ],
    "a whole fee": [
        "Плата за месяц, с 1 по 17 октября 2026",
        "1 ед × 600,00 ₽ = 600,00 ₽",
    ],
    "minutes": ["По данным поставщика", "120 ед × 1,20 ₽ = 144,00 ₽"],
    "priced elsewhere": ["По данным поставщика", "Поставщик насчитал 345,60 ₽ за 120 ед"],
}


@pytest.mark.parametrize("name", ONE_LINE)
def test_every_method_has_its_words(name):
    (line,) = ONE_LINE[name]
    assert words(line, "ед") == SAID[name]


@given(days_of_october, dated(st.integers(0, 9)), dated(quantities), dated(priced))
def test_a_formula_says_what_the_method_multiplied(days, persons, norm, prices):
    for line in by_norm(days, persons, norm, prices):
        _, exact = products._terms(charged(line), products.BY_PRODUCT["norm"])
        assert abs(exact * SCALE - line.volume.micro) < 1


@pytest.mark.parametrize("name", [name for name, (line,) in ONE_LINE.items()
                                  if line.proof["method"] in products.BY_PRODUCT])  # fmt: skip
def test_and_of_every_other_method_too(name):
    (line,) = ONE_LINE[name]
    way_of_it = products.BY_PRODUCT[line.proof["method"]]
    _, exact = products._terms(charged(line), way_of_it)
    assert abs(exact * SCALE - line.volume.micro) <= Fraction(1, 2)


def a_recalculation(actual: str) -> Charged:
    known = intervals([meters.monthly("200", Period(2026, 4), *"208 216 224 232 240 248".split())])
    guess, _ = averaged(known, MONTH)
    later = meters.a_meter("248", date(2026, 10, 1), (date(2026, 10, 21), actual))
    ought = metered_lines(meters.told([later]), meters.always((None, "53,41")))
    (line,) = recalculation(MONTH, ought, [guess])
    return charged(line)


def test_a_recalculation_of_a_year_names_the_year():
    ought = heating_by_house_meter(OCTOBER, q("120"), always("50"), always("1000"), at("2000"))
    was = heating_by_house_meter_all_year(
        OCTOBER, q("1200"), always("50"), always("1000"), at("2000")
    )
    (line,) = year_recalculation(2026, ought, was, "Правила")
    said = told(charged(line))
    assert said.mark == "Перерасчет за 2026 год"
    assert plain(said.answer) == "За 2026 год было начислено меньше, чем нужно"
    assert [plain(step) for step in said.steps[:3]] == [
        "Было начислено 5 м³ на 10 000,00 ₽", "Должно быть 6 м³ на 12 000,00 ₽",
        "12 000,00 ₽ − 10 000,00 ₽ = 2 000,00 ₽",
    ]  # fmt: skip


def test_a_recalculation_names_its_month_what_was_and_what_ought_to_be():
    said = told(a_recalculation("252"))
    assert [plain(each) for each in (said.answer, *said.steps)] == [
        "За октябрь 2026 было начислено больше, чем нужно",
        "Было начислено по среднему 8 м³ на 427,28 ₽",
        "Должно быть 4 м³ на 213,64 ₽",
        "213,64 ₽ − 427,28 ₽ = −213,64 ₽",
        "По показаниям счетчика от 21 октября 2026",
        "252 − 248 = 4 м³",
        "Предыдущие показания 248 от 1 октября 2026",
    ]
    assert said.mark == "Перерасчет за октябрь 2026"
    assert plain(told(a_recalculation("258")).answer).endswith("было начислено меньше, чем нужно")


def test_of_a_month_in_which_nothing_was_charged():
    meter = meters.monthly("248", MONTH, "252")
    ought = metered_lines(meters.told([meter]), meters.always((None, "53,41")))
    (line,) = recalculation(MONTH, ought, [])
    assert words(line)[1] == "За этот месяц не было начислено ничего"


def test_a_penalty_tells_its_days():
    debt = Debt(Period(2026, 3), date(2026, 4, 15), Money(5000_00), is_capital_repair=False)
    layer = Layer(debt, (Paid(date(2026, 6, 14), Money(1000_00)),))
    rules = PenaltyRules((Since(date(2020, 1, 1), Percent.parse("9,5")),))
    result = penalty(layer, date(2026, 6, 30), rules)
    one = Charged("", Quantity(0), Price(0), result.total, result.proof)
    said = told(one)
    assert plain(said.answer) == "Просрочена оплата за март 2026"
    assert [plain(each) for each in said.steps] == ["К оплате было 5 000,00 ₽ до 15 апреля 2026"]
    assert [(plain(row.title), plain(row.sum), plain(row.detail)) for row in said.rows] == [
        (
            "С 16 мая по 14 июня 2026",
            "9,50 ₽",
            "1 000,00 ₽ × 9,5 % ÷ 300 × 30 дней; оплачено 14 июня 2026",
        ),
        ("С 16 мая по 30 июня 2026", "58,27 ₽", "4 000,00 ₽ × 9,5 % ÷ 300 × 46 дней"),
    ]
    assert said.advice == "Заплатите долг, и пеня перестанет расти"
    rest = Charged("", Quantity(0), Price(0), Money(7_77), result.proof)
    assert plain(told(rest).steps[1]) == "Всего 67,77 ₽, раньше начислено 60,00 ₽: остается 7,77 ₽"


def test_a_reversal_says_that_it_takes_back():
    one = Charged("м³", q("-514"), Price.parse("2,79"), Money(-1434_06), reversal_proof(7))
    said = told(one)
    assert (said.answer, said.mark) == ("Отменяет прежнее списание этой услуги", "Исправление")
    assert plain(said.steps[0]) == "−514 м³ × 2,79 ₽ = −1 434,06 ₽"


@pytest.mark.parametrize("proof", [
    {}, {"method": "norm"}, {"method": "metered", "inputs": {"current": 1}},
    {"method": "recalculation", "inputs": {"month": "1"}}, {"method": "чужой", "inputs": {}},
    {"method": "metered_month", "inputs": {"readings": []}, "rule": None},
    {"method": "average", "inputs": {"months": [1, 0], "used": 1}},
    stated_proof("volume", {"объем": 3}, "Договор"),
])  # fmt: skip
def test_of_a_proof_that_lacks_its_facts_the_product_is_said(proof):
    said = told(Charged("м³", q("2"), Price.parse("10"), Money(20_00), proof))
    assert "2 м³ × 10,00 ₽ = 20,00 ₽" in [plain(each) for each in (said.answer, *said.steps)]


def test_no_false_equation_of_a_difference_of_rounded_sums():
    amount = cost(q("514"), Price.parse("2,79")) - Money(1)
    said = told(Charged("м³", q("514"), Price.parse("2,79"), amount, {}))
    assert plain(said.answer) == "514 м³ × 2,79 ₽ ≈ 1 434,05 ₽"


def test_a_unit_that_runs_the_other_way_cannot_leave_its_place():
    said = told(Charged(f"שקל{ISOLATED_END}", q("2"), Price.parse("10"), Money(20_00), {}))
    assert f"{ISOLATED}שקל{ISOLATED_END} ×" in said.answer
    bare = told(Charged("", q("2"), Price.parse("10"), Money(20_00), {}))
    assert plain(bare.answer) == "2 × 10,00 ₽ = 20,00 ₽"


def test_every_word_of_a_proof_is_told():
    """Of the raised norm only the excess has a word of its own."""
    assert telling._TELLERS.keys() | {Proven.NORM_RAISED} == set(Proven)
