"""A month of a flat: each service by its own method, and no lack stops another."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.charging.absence import Absence
from portal.domain.charging.choices import Choice, Decision
from portal.domain.charging.counted import Meter, intervals, measured
from portal.domain.charging.deciding import is_decided, measured_in
from portal.domain.charging.facts import (
    AccountFacts,
    AgreementFacts,
    HouseFacts,
    PremisesFacts,
    ServiceFacts,
    TariffFacts,
    Used,
    Work,
)
from portal.domain.charging.housed import dwellings_of
from portal.domain.charging.line import Lack, Part
from portal.domain.charging.methods import Fallback, Method
from portal.domain.charging.month import charge_agreement, charge_rest
from portal.domain.charging.outcome import ServiceMonth
from portal.domain.charging.served import services_of
from portal.domain.charging.way import Obstacle, Trouble
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.timeline import Days, Since, constant
from tests.domain.charging import meters
from tests.domain.charging.facts import always, at, money, october, q, since

MONTH = Period(2026, 10)
WHOLE = Days.of(MONTH)
FLAT = PremisesFacts(always("54.3"), always("50"), constant(3))
HOUSE = HouseFacts(always("5000"), always("600"), {"heating": q("120"), "cold": q("900")})
READ = meters.monthly("200", Period(2026, 4), *"208 216 224 232 240 248 256".split())
UNREAD = replace(READ, readings=READ.readings[:-1])
INSTEAD = Fallback.AVERAGE_THEN_NORM
BANDED = meters.always(("100", "5"), (None, "8"))


def service(number: int, code: str, method: Method, price: str = "10", **more: Any) -> ServiceFacts:
    return ServiceFacts(number, code, method, at(price), **more)


def account(*services: ServiceFacts, served: Days | None = WHOLE, **more: Any) -> AccountFacts:
    return AccountFacts(1, served, constant(TariffFacts(1, services)), **more)


def agreement(
    *accounts: AccountFacts, premises: PremisesFacts | None = FLAT, house: HouseFacts | None = HOUSE
) -> AgreementFacts:
    return AgreementFacts(1, accounts, 25, premises, house)


def charged(*services: ServiceFacts, premises: PremisesFacts | None = FLAT, **more: Any):
    """Of an account with `services`, by their codes."""
    facts = agreement(account(*services, **more), premises=premises)
    return {told.external_id: told for told in charge_agreement(facts, MONTH)}


def one(method: Method, premises: PremisesFacts = FLAT, more=None, **facts: Any) -> ServiceMonth:
    """The only service of a flat."""
    return charged(service(1, "one", method, **facts), premises=premises, **(more or {}))["one"]


def read_by(*own, fallback=INSTEAD, method=Method.METERED_MONTH, bands=(), more=None, **facts):
    more = {"meters": {1: own}} | (more or {})
    return one(
        method, more=more, fallback=fallback, bands=bands, norm=always("6.935"),
        coefficient=always("1.5"), **facts,
    )  # fmt: skip


def sums(told: ServiceMonth) -> list[str]:
    return [line.amount.plain for line in told.lines]


def test_the_services_of_a_typical_flat():
    month = charged(
        service(1, "maintenance", Method.AREA, "32,15"),
        service(2, "cold", Method.METERED_MONTH, "53,41", fallback=INSTEAD),
        service(3, "hot", Method.NORM_RAISED, "53,41", norm=always("3"), coefficient=always("1.5")),
        service(4, "heat_of_hot", Method.WATER_HEAT, "2500", sources=("hot",),
                heat_per_unit=always("0.0587")),
        service(5, "sewerage", Method.WATERS, "40", sources=("cold", "hot")),
        service(6, "gas", Method.NORM, "7,80", norm=always("11")),
        service(7, "heating", Method.HEATING_HOUSE, "2500"),
        service(8, "capital", Method.CAPITAL_REPAIR, "14,50"),
        service(9, "guard", Method.FIXED, "150"),
        service(10, "parking", Method.FIXED, "900"),
        service(11, "internet", Method.PERIODIC_DAILY, "620"),
        service(12, "seal", Method.ONE_TIME, "300"),
        meters={2: (READ,)}, quantity={10: always("2")},
    )  # fmt: skip
    assert {code: sums(told) for code, told in month.items()} == {
        "maintenance": ["1745,75"],
        "cold": ["427,28"],
        "hot": ["480,69", "240,35"],
        "heat_of_hot": ["1320,75"],
        "sewerage": ["680,00"],
        "gas": ["257,40"],
        "heating": ["3000,00"],
        "capital": ["787,35"],
        "guard": ["150,00"],
        "parking": ["1800,00"],
        "internet": ["620,00"],
    }
    assert month["hot"].volume == q("9")
    assert not any(told.lack or told.reason for told in month.values())


def test_a_lack_stops_no_other_service():
    month = charged(
        service(1, "gas", Method.NORM), service(2, "maintenance", Method.AREA, "32,15"),
        service(3, "drain", Method.WATERS, sources=("gas",)),
    )  # fmt: skip
    assert sums(month["maintenance"]) == ["1745,75"]
    lacks = {code: told.lack and told.lack.lack for code, told in month.items()}
    assert lacks == {"gas": Lack.NO_NORM, "maintenance": None, "drain": Lack.NO_VOLUME}
    assert month["gas"].lines == ()
    assert month["gas"].lack.__traceback__ is None


@pytest.mark.parametrize(
    ("method", "lack"),
    [
        (Method.AREA, Lack.NO_AREA),
        (Method.NORM, Lack.NO_PERSONS),
        (Method.HEATING_HOUSE, Lack.NO_HOUSE_VOLUME),
        (Method.METERED_MONTH, Lack.NO_READINGS),
    ],
)
def test_a_garage_has_neither_people_nor_a_house(method, lack):
    garage = account(
        service(1, "one", method, norm=always("1")), meters={}
    )  # fmt: skip
    facts = AgreementFacts(1, (garage,), 25, PremisesFacts(heated_area=always("20")))
    if method is Method.AREA:
        facts = replace(facts, premises=None)
    (told,) = charge_agreement(facts, MONTH)
    assert told.lack
    assert told.lack.lack is lack


def test_an_account_that_is_not_served_is_charged_nothing():
    assert charged(service(1, "one", Method.AREA), served=None) == {}
    november = Days.of(Period(2026, 11))
    assert charged(service(1, "one", Method.AREA), served=november) == {}


def test_each_tariff_charges_for_its_days():
    old = TariffFacts(1, (service(1, "one", Method.AREA, "31"),))
    new = TariffFacts(2, (service(2, "one", Method.AREA, "62"),))
    both = AccountFacts(1, WHOLE, (since(1, old), since(11, new)))
    first, second = charge_agreement(agreement(both), MONTH)
    assert (first.days, second.days) == (october(1, 10), october(11, 31))
    assert (sums(first), sums(second)) == (["543,00"], ["2280,60"])


def test_a_tariff_that_comes_back_charges_for_all_its_days():
    old = TariffFacts(1, (service(1, "one", Method.AREA, "31"),))
    new = TariffFacts(2, ())
    both = AccountFacts(1, WHOLE, (since(1, old), since(11, new), since(21, old)))
    (told,) = charge_agreement(agreement(both), MONTH)
    assert [line.days for line in told.lines] == [october(1, 10), october(21, 31)]


def test_a_monthly_fee_is_taken_once_however_the_tariff_changes():
    old = TariffFacts(1, (service(1, "net", Method.PERIODIC_MONTH, "500"),))
    new = TariffFacts(2, (service(2, "net", Method.PERIODIC_MONTH, "700"),))
    both = AccountFacts(1, WHOLE, (since(1, old), since(11, new), since(21, old)))
    (told,) = charge_agreement(agreement(both), MONTH)
    assert sums(told) == ["500,00"]


def test_nothing_of_it_is_no_service_and_unsaid_is_one():
    left = {"quantity": {1: (since(11, q("0")),)}}
    assert one(Method.FIXED, more=left, price="310").days == october(1, 10)
    assert sums(one(Method.FIXED, more=left, price="310")) == ["100,00"]
    assert sums(one(Method.AREA, more=left)) == ["175,16"]
    paused = {"quantity": {1: (since(11, q("0")), since(21, q("2")))}}
    assert sums(one(Method.FIXED, more=paused, price="310")) == ["100,00", "220,00"]


def test_what_was_read_before_and_after_a_pause_is_charged_whole():
    paused = {"quantity": {1: (since(11, q("0")), since(21, q("1")))}}
    told = read_by(READ, more=paused)
    assert (told.volume, sums(told)) == (q("8"), ["80,00"])
    average = read_by(UNREAD, more=paused)
    assert [line.days for line in average.lines] == [october(1, 10), october(21, 31)]
    assert sums(average) == ["25,81", "28,39"]


def test_why_an_average_was_taken_stands_in_the_month_and_in_the_proof():
    told = read_by(UNREAD)
    assert sums(told) == ["80,00"]
    assert told.reason == "Показаний за октябрь нет, взято среднее за апрель–сентябрь"
    assert told.advice == "Передайте показания до 25-го, и сумма будет пересчитана"
    inputs = told.lines[0].proof["inputs"]
    assert (inputs["reason"], inputs["advice"]) == (told.reason, told.advice)


@pytest.mark.parametrize("method", [Method.METERED_MONTH, Method.BANDS])
def test_a_norm_instead_of_readings_names_the_paragraph_that_allows_it(method):
    told = read_by(method=method, bands=BANDED)
    assert told.lines
    for line in told.lines:
        assert line.proof["rule"].endswith("подпункт «б» пункта 59")
        assert line.proof["inputs"]["reason"] == told.reason
    broken = read_by(more={"obstacle": {1: Obstacle(Trouble.BROKEN, date(2026, 6, 5))}})
    assert [line.part for line in broken.lines] == [Part.BASE, Part.EXCESS]
    assert {line.proof["rule"][-8:] for line in broken.lines} == {"пункт 60"}


def test_a_norm_is_cut_at_the_bands():
    told = one(Method.BANDS, fallback=INSTEAD, bands=BANDED, norm=always("50"))
    assert [(str(line.volume), line.amount.plain) for line in told.lines] == [
        ("100", "500,00"), ("50", "400,00"),
    ]  # fmt: skip
    assert [line.proof["inputs"]["band"]["above"] for line in told.lines] == [0, 100_000_000]


def test_what_the_coefficient_adds_lies_in_the_bands_above():
    told = one(
        Method.BANDS, fallback=INSTEAD, bands=BANDED, norm=always("30"), coefficient=always("1.5"),
        more={"meter_possible": {1: constant(value=True)}},
    )  # fmt: skip
    assert [(line.part, str(line.volume), line.amount.plain) for line in told.lines] == [
        (Part.BASE, "90", "450,00"), (Part.EXCESS, "10", "50,00"), (Part.EXCESS, "35", "280,00"),
    ]  # fmt: skip
    assert told.volume == q("90")
    assert told.lines[2].proof["inputs"]["base_volume"] == 0


def test_who_was_away_is_left_out_of_the_bands_where_no_meter_can_be_fitted():
    away = replace(FLAT, absences=(Absence(date(2026, 9, 1), date(2026, 11, 30), 2),))
    facts = {"fallback": INSTEAD, "bands": BANDED, "norm": always("50")}
    no_meter = {"meter_possible": {1: constant(value=False)}}
    told = one(Method.BANDS, away, no_meter, **facts)
    assert sums(told) == ["250,00"]
    assert told.lines[0].proof["inputs"]["persons_absent"] == 2
    assert sums(one(Method.BANDS, away, **facts)) == ["500,00", "400,00"]


def test_absences_count_only_where_no_meter_can_be_fitted():
    away = replace(FLAT, absences=(Absence(date(2026, 10, 9), date(2026, 10, 20), 1),))
    norm, possible = {"norm": always("3.1")}, {"meter_possible": {1: constant(value=True)}}
    no_meter = {"meter_possible": {1: constant(value=False)}}
    raised = norm | {"coefficient": always("1.5")}
    assert sums(one(Method.NORM, away, **norm)) == ["93,00", "-10,00"]
    assert one(Method.NORM, away, **norm).volume == q("8.3")
    assert sums(one(Method.NORM, away, possible, **norm)) == ["93,00"]
    assert sums(one(Method.NORM_RAISED, away, **raised)) == ["93,00", "46,50"]
    assert sums(one(Method.NORM_RAISED, away, no_meter, **raised)) == ["93,00", "-10,00"]
    read = {"fallback": INSTEAD, **norm}
    assert sums(one(Method.METERED_MONTH, away, no_meter, **read)) == ["93,00", "-10,00"]
    assert sums(one(Method.METERED_MONTH, away, **read)) == ["93,00"]


def test_nothing_is_raised_on_days_on_which_no_meter_could_be_fitted():
    later = {"meter_possible": {1: (since(1, value=False), since(11, value=True))}}
    told = one(Method.NORM_RAISED, more=later, norm=always("3.1"), coefficient=(since(11, q("2")),))
    assert [(line.part, line.days.count, line.amount.plain) for line in told.lines] == [
        (Part.BASE, 10, "30,00"), (Part.BASE, 21, "63,00"), (Part.EXCESS, 21, "63,00"),
    ]  # fmt: skip


FITTED = meters.a_meter("0", date(2026, 10, 11), (date(2026, 10, 20), "5"))


def test_days_before_the_meter_was_fitted_are_charged_by_norm():
    told = read_by(FITTED, price="31")
    assert [line.days for line in told.lines] == [october(1, 10), october(11, 31)]
    assert sums(told) == ["208,05", "155,00"]
    assert told.reason == "С 1 по 10 октября 2026 счетчика не было, поэтому взят норматив"
    assert told.lines[0].proof["rule"].endswith("пункт 42; приложение 2, формула 4")
    assert read_by(FITTED, fallback=Fallback.NONE).lines[0].days == october(11, 31)


def test_days_before_it_are_raised_where_it_was_known_that_it_could_be_fitted():
    told = read_by(FITTED, price="31", more={"meter_possible": {1: constant(value=True)}})
    assert sums(told) == ["208,05", "104,02", "155,00"]
    assert told.reason.startswith("С 1 по 10 октября 2026: счетчика нет, хотя установить его можно")
    assert told.advice == ""


def test_a_meter_that_was_broken_before_the_new_one_concerns_only_the_days_before():
    broken = {"obstacle": {1: Obstacle(Trouble.BROKEN, date(2026, 9, 20))}}
    told = read_by(FITTED, price="31", more=broken)
    assert sums(told) == ["208,05", "155,00"]
    assert told.reason.endswith("счетчик неисправен с 20 сентября 2026, поэтому взят норматив")
    later = {"obstacle": {1: Obstacle(Trouble.REFUSED, date(2026, 10, 12))}}
    assert sums(read_by(FITTED, price="31", more=later)) == ["208,05", "436,91", "218,45"]


def test_what_stood_against_a_former_meter_stands_against_no_other():
    absent = {"obstacle": {1: Obstacle(Trouble.ABSENT, date(2026, 1, 1))}}
    assert (sums(read_by(READ, more=absent)), sums(read_by(UNREAD, more=absent))) == (
        ["80,00"],
    ) * 2


def test_what_broke_later_says_nothing_of_the_days_before_it_was_fitted():
    broken = {"obstacle": {1: Obstacle(Trouble.BROKEN, date(2026, 10, 25))}}
    assert read_by(FITTED, more=broken).reason.endswith("счетчика не было, поэтому взят норматив")


def test_an_account_served_for_a_part_of_the_month():
    part = {"served": october(1, 10)}
    whole = read_by(READ, more=part)
    assert (whole.lines[0].days, sums(whole)) == (october(1, 10), ["80,00"])
    assert sums(read_by(UNREAD, more=part)) == ["25,81"]
    assert read_by(FITTED, more=part, fallback=Fallback.NONE).lines == ()
    assert sums(read_by(FITTED, price="31", more=part)) == ["208,05"]


def test_sewerage_takes_of_the_water_what_falls_on_its_days():
    cold = service(1, "cold", Method.METERED_MONTH, fallback=INSTEAD)
    drain = service(2, "drain", Method.WATERS, sources=("cold", "hot"))
    month = charged(cold, drain, meters={1: (READ,)}, quantity={2: (since(11, q("0")),)})
    assert month["drain"].volume == q("2.580645")


def test_sewerage_of_water_that_is_charged_when_it_is_read():
    cold, drain = service(1, "cold", Method.METERED), service(2, "drain", Method.WATERS,
                                                              sources=("cold",))  # fmt: skip
    month = charged(cold, drain, meters={1: (READ,)})
    assert (month["cold"].lines, sums(month["drain"])) == ((), ["80,00"])
    lack = charged(cold, drain, meters={1: (UNREAD,)})["drain"].lack
    assert lack
    assert lack.lack is Lack.NO_VOLUME


def heated(readings: str, *, number: int) -> AgreementFacts:
    meter = meters.monthly("0", MONTH, readings)
    flat = PremisesFacts(heated_area=always("40" if number == 1 else "60"))
    heating = service(1, "heat", Method.HEATING_INDIVIDUAL, "2500")
    house = HouseFacts(always("100"), metered={"heat": q("3")})
    return agreement(account(heating, meters={1: (meter,)}), premises=flat, house=house)


def test_a_house_shares_what_its_dwellings_have_not_used_when_all_are_known():
    flats = [heated("0,5", number=1), heated("1,1", number=2)]
    first = [charge_agreement(flat, MONTH) for flat in flats]
    assert [told.lack and told.lack.lack for (told,) in first] == [Lack.NO_DWELLINGS_VOLUME] * 2
    dwellings = dwellings_of(told for months in first for told in months)
    assert dwellings == {"heat": q("1.6")}
    assert flats[0].house
    house = replace(flats[0].house, dwellings=dwellings)
    rest = [
        charge_rest(replace(flat, house=house), MONTH, known)
        for flat, known in zip(flats, first, strict=True)
    ]
    assert [sums(told) for (told,) in rest] == [["2650,00"], ["4850,00"]]
    assert [told.volume for (told,) in rest] == [q("0.5"), q("1.1")]


def test_a_dwelling_of_which_nothing_is_known_leaves_the_sum_unknown():
    months = [*charge_agreement(heated("0,5", number=1), MONTH)]
    assert dwellings_of([*months, replace(months[0], volume=None), *months]) == {"heat": None}


def decided(code: str, *told: tuple[Period, Choice], months: int | None = None):
    """A house's choices about one code, each from a month on."""
    since = (Since(month.first_day, Decision(choice, months)) for month, choice in told)
    return {code: tuple(since)}


def common_needs(norm=(), **choices: Any) -> ServiceMonth:
    common = service(1, "common", Method.COMMON_HOUSE, sources=("cold",), common_norm=norm)
    house = replace(
        HOUSE, metered={"cold": q("900"), "hot": q("1")}, dwellings={"cold": q("-9100")}, **choices
    )
    (told,) = charge_agreement(agreement(account(common), house=house), MONTH)
    return told


def test_common_needs_are_capped_by_the_norm_unless_the_meeting_decided_otherwise():
    norm = always("0.1")
    assert sums(common_needs(norm)) == ["6,52"]
    assert sums(common_needs(norm, choices=decided("common", (MONTH, Choice.CAPPED)))) == ["6,52"]
    assert sums(common_needs(norm, choices=decided("other", (MONTH, Choice.UNCAPPED)))) == ["6,52"]
    uncapped = decided("common", (MONTH, Choice.UNCAPPED))
    assert sums(common_needs(norm, choices=uncapped)) == ["1086,00"]
    assert sums(common_needs(choices=uncapped)) == ["1086,00"]


def test_a_decision_holds_from_its_month_to_the_next():
    told = (MONTH.shifted(-5), Choice.UNCAPPED), (MONTH, Choice.CAPPED)
    assert sums(common_needs(always("0.1"), choices=decided("common", *told))) == ["6,52"]
    later = decided("common", (MONTH.shifted(1), Choice.UNCAPPED))
    assert sums(common_needs(always("0.1"), choices=later)) == ["6,52"]


def test_a_cap_that_nobody_knows_is_no_leave_to_charge_everything():
    told = common_needs()
    assert told.lack is not None
    assert (told.lack.lack, told.lines) == (Lack.NO_COMMON_NORM, ())


def heating(method: Method, choice: Choice, months: int | None = None, **house: Any):
    """The month of its own code, for a flat of 50 of the 5000 m² of its house."""
    told = service(1, "heating", method, norm=always("0.024"))
    whole = replace(HOUSE, choices=decided("heating", (MONTH, choice), months=months), **house)
    (found,) = charge_agreement(agreement(account(told), house=whole), MONTH)
    return found


def test_heating_by_norm_is_spread_where_that_was_decided():
    """50 × 0.024 × 10 = 12.00, of which seven twelfths."""
    assert sums(heating(Method.HEATING_NORM, Choice.SEASON)) == ["12,00"]
    spread = heating(Method.HEATING_NORM, Choice.ALL_YEAR, 7)
    assert sums(spread) == ["7,00"]
    assert spread.lines[0].proof["method"] == "heating_norm_all_year"
    unknown = heating(Method.HEATING_NORM, Choice.ALL_YEAR)
    assert unknown.lack
    assert unknown.lack.lack is Lack.NO_SEASON


def test_heating_by_the_house_is_its_month_or_a_twelfth_of_its_last_year():
    year = {"heating": q("600")}
    assert sums(heating(Method.HEATING_HOUSE, Choice.SEASON, last_year=year)) == ["12,00"]
    assert sums(heating(Method.HEATING_HOUSE, Choice.ALL_YEAR, last_year=year)) == ["5,00"]
    unknown = heating(Method.HEATING_HOUSE, Choice.ALL_YEAR)
    assert unknown.lack
    assert unknown.lack.lack is Lack.NO_YEAR_VOLUME


def test_works_are_charged_at_the_price_of_their_day_and_a_day_has_one_line():
    seal = ServiceFacts(7, "seal", Method.ONE_TIME, (*at("300"), since(16, at("350")[0].value)))
    done = [("a", 10), ("b", 20), ("c", 20)]
    works = tuple(Work(seal, key, date(2026, 10, day), q("1")) for key, day in done)
    told = charged(served=None, works=works)["seal"]
    assert sums(told) == ["300,00", "700,00"]
    assert told.lines[1].proof["inputs"]["works"] == ["b", "c"]


@pytest.mark.parametrize(
    ("method", "facts", "sum_", "proven"),
    [
        (Method.HEATED_AREA, {}, "500,00", "heated_area"),
        (Method.PERSON, {}, "30,00", "person"),
        (Method.HEATING_NORM, {"norm": always("0.016")}, "8,00", "heating_norm"),
        # 0.0245 × 600 × 54.3 ÷ 5000 = 0.159642
        (Method.COMMON_NORM, {"common_norm": always("0.0245")}, "1,60", "common_norm"),
    ],
)
def test_a_month_that_follows_from_the_dwelling_and_the_house(method, facts, sum_, proven):
    told = one(method, **facts)
    assert (sums(told), told.lines[0].proof["method"]) == ([sum_], proven)


def test_days_without_the_service_cut_the_month_and_a_new_quantity_does_not():
    quantity = (
        since(1, q("1")), since(5, q("2")), since(10, q("0")), since(20, q("1")), since(25, q("3")),
    )  # fmt: skip
    facts = account(service(1, "one", Method.FIXED), quantity={1: quantity})
    ((_, runs),) = services_of(facts, MONTH)
    assert runs == (october(1, 9), october(20, 31))


def test_what_another_system_counted_and_what_it_has_priced():
    calls = service(7, "calls", Method.USAGE, "0,55")
    used = (
        Used(calls, "1", q("10")),
        Used(calls, "2", q("20")),
        Used(calls, "3", q("5"), money("7")),
    )
    told = charged(calls, used=used)["calls"]
    assert sums(told) == ["16,50", "7,00"]
    assert told.volume == q("35")
    assert told.lines[1].proof["inputs"].items() >= {"used": 5_000_000, "records": ["3"]}.items()
    assert charged(calls) == {}


def test_a_work_without_a_price_is_a_lack():
    seal = ServiceFacts(7, "seal", Method.ONE_TIME)
    lack = charged(works=(Work(seal, "a", date(2026, 10, 10), q("1")),))["seal"].lack
    assert lack
    assert (lack.lack, lack.days) == (Lack.NO_PRICE, october(10, 10))


@given(
    meters.read_meters(),
    st.integers(-3, 16),
    st.lists(st.integers(-2, 2), min_size=14, max_size=14),
)
def test_the_readings_of_a_month_are_found_without_the_history(read, months, shifts):
    """Even where an act decided that a late reading counts for another month."""
    meter, _ = read
    moved = (
        replace(one, counts_for=max(one.counts_for.shifted(shift), Period.of(one.taken_on)))
        for one, shift in zip(meter.readings, shifts, strict=False)
    )
    meter, month = replace(meter, readings=tuple(moved)), Period(2026, 1).shifted(months)
    assert measured_in((meter,), month) == measured(intervals([meter]), month)


@given(
    meters.read_meters(),
    st.integers(-3, 16),
    st.integers(0, 12),
    st.lists(st.integers(-2, 2), min_size=14, max_size=14),
)
def test_earlier_readings_have_no_part_in_a_month_that_the_last_ones_decide(
    read, months, left_out, by
):
    whole, _ = read
    moved = tuple(
        replace(one, counts_for=max(one.counts_for.shifted(shift), Period.of(one.taken_on)))
        for one, shift in zip(whole.readings, by, strict=False)
    )
    whole, month = replace(whole, readings=moved), Period(2026, 1).shifted(months)
    taken = sorted(moved, key=lambda one: (one.taken_on, one.reading_id))[left_out:]
    first, *later = taken or moved[-1:]
    rest = Meter(
        whole.serial, whole.dial, first.value, first.counts_for.shifted(1).first_day, tuple(later)
    )
    told = measured_in((rest,), month) if is_decided((rest,), month) else None
    assert told in (None, measured_in((whole,), month))


def test_money_of_the_whole_month_is_that_of_its_parts():
    """A change of nothing in mid-month leaves the sum within half a kopeck a line."""
    changed = replace(FLAT, persons=(since(1, 3), since(11, 4), since(12, 3)))
    told = one(Method.NORM, changed, norm=always("3.1"))
    assert [line.days.count for line in told.lines] == [10, 1, 20]
    assert Money.total(line.amount for line in told.lines) == money("94,00")
    assert told.lines[-1].days.first - timedelta(1) == told.lines[1].days.last
