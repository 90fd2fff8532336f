"""«Расход средств»: figure 9 of the manual and what lies around it."""

from datetime import UTC, date, datetime

import pytest

from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Quantity
from portal.errors import Invalid, NotFound
from portal.services.statement import StatementQuery, statement
from tests.builders import NOW, a_house
from tests.support.billed import (
    LATE_NOVEMBER,
    LATE_OCTOBER,
    NOVEMBER,
    OCTOBER,
    a_billed_house,
    is_read,
)
from tests.support.statements import counted
from tests.support.words import plain

MAY_2014 = Period(2014, 5)
POSTED = datetime(2014, 5, 28, 8, tzinfo=UTC)
ANYTHING = StatementQuery()


@pytest.fixture
def house(backend):
    return a_house(backend)


@pytest.fixture
def flat(house):
    return house.a_resident("Абонент").an_agreement("DOG-S-755")


@pytest.fixture
def manual(house, flat):
    """The three readings of the manual, all posted on 28 May 2014."""
    meter = flat.an_account().a_meter(house.a_service("zkh_1"), fraction=1)
    meter.opens_at("11823,9", date(2014, 1, 10))
    for value, day in (
        ("12547", date(2014, 2, 10)),
        ("13721", date(2014, 3, 15)),
        ("14235", date(2014, 4, 7)),
    ):
        meter.reads(value, day, at=POSTED)
    return meter


def shown(backend, flat, asked=ANYTHING, now=NOW):
    return backend.read_now(statement, flat.person.id, asked, now)


def test_the_manuals_may_2014(backend, flat, manual):
    page = shown(backend, flat)
    assert page.period == MAY_2014
    assert [
        (line.service, line.value, line.taken_on, str(line.amount))
        for line in page.statement.one_time
    ] == [
        ("Услуга ЖКХ № 1", "12547", date(2014, 2, 10), "2\N{NBSP}017,45\N{NBSP}₽"),
        ("Услуга ЖКХ № 1", "13721", date(2014, 3, 15), "3\N{NBSP}275,46\N{NBSP}₽"),
        ("Услуга ЖКХ № 1", "14235", date(2014, 4, 7), "1\N{NBSP}434,06\N{NBSP}₽"),
    ]
    assert page.statement.total == Money(6726_97)
    assert page.statement.periodic == ()


def test_each_line_says_how_it_came_about(backend, flat, manual):
    first, *_ = shown(backend, flat).statement.one_time
    assert [plain(step) for step in first.told.steps] == [
        "12547,0 − 11823,9 = 723,1 м³",
        "723,1 м³ × 2,79 ₽ = 2 017,45 ₽",
        "Предыдущие показания 11823,9 от 10 января 2014",
    ]
    assert first.previous_on == date(2014, 1, 10)


def test_the_month_is_that_of_posting_not_of_the_reading(backend, flat, manual):
    for month in (2, 3, 4):
        asked = StatementQuery(period=Period(2014, month))
        assert shown(backend, flat, asked).statement.total == Money(0)


def test_monthly_services_stand_apart(backend, house, flat):
    account = flat.an_account()
    account.is_charged(house.a_periodic_service(price="36,19"), "54,3", at=POSTED)
    account.is_charged(house.a_service("zkh_2", price="10"), "2", at=POSTED)
    found = shown(backend, flat).statement
    assert [line.amount for line in found.periodic] == [Money(1965_12)]
    assert [line.amount for line in found.one_time] == [Money(20_00)]
    assert (found.periodic[0].value, found.periodic[0].taken_on) == ("", None)


def test_lines_are_sorted_by_the_readings_dates_not_by_the_services(backend, house, flat):
    account = flat.an_account()
    cold = account.a_meter(house.a_service("zkh_cold"))
    hot = account.a_meter(house.a_service("zkh_hot"))
    for meter in (cold, hot):
        meter.opens_at("1", date(2014, 1, 1))
    cold.reads("2", date(2014, 5, 20), at=POSTED)
    hot.reads("3", date(2014, 5, 10), at=POSTED)
    hot.reads("4", date(2014, 5, 21), at=POSTED)
    days = [line.taken_on.day for line in shown(backend, flat).statement.one_time]
    assert days == [10, 20, 21]


def test_a_correction_shows_the_first_charge_its_reversal_and_the_new_one(backend, house, flat):
    meter = flat.an_account().a_meter(house.a_service("zkh_1", price="10"))
    meter.opens_at("100", date(2014, 4, 1))
    meter.reads("150", date(2014, 5, 20), at=POSTED)
    meter.corrects("105", at=POSTED)
    found = shown(backend, flat).statement
    assert [(line.is_reversal, line.amount) for line in found.one_time] == [
        (False, Money(500_00)),
        (True, Money(-500_00)),
        (False, Money(50_00)),
    ]
    assert found.total == Money(50_00)


def test_zero_lines_are_hidden_or_not_as_the_flag_says(backend, house, flat):
    meter = flat.an_account().a_meter(house.a_service("zkh_1"))
    meter.opens_at("100", date(2014, 4, 1))
    meter.reads("110", date(2014, 5, 20), at=POSTED)
    meter.reads("110", date(2014, 6, 20), at=datetime(2014, 6, 20, tzinfo=UTC))
    assert shown(backend, flat).period == MAY_2014
    page = shown(backend, flat, StatementQuery(hide_zero=False))
    assert page.period == Period(2014, 6)
    assert [line.amount for line in page.statement.one_time] == [Money(0)]


def test_an_account_narrows_lines_months_and_chart(backend, house, flat):
    service = house.a_service("zkh_1", price="10")
    one, two = flat.an_account("Первая"), flat.an_account("")
    one.is_charged(service, "1", at=POSTED)
    two.is_charged(service, "2", at=datetime(2014, 6, 1, tzinfo=UTC))
    page = shown(backend, flat, StatementQuery(account_id=one.id))
    assert (page.agreement_id, page.account_id, page.period) == (flat.id, one.id, MAY_2014)
    assert [choice.title for choice in page.accounts] == ["Первая", "Нет логина учетной записи"]
    assert page.statement.total == page.chart[-1].total == Money(10_00)


def test_an_account_finds_its_agreement(backend, house, flat):
    other = flat.person.an_agreement("DOG-S-756")
    account = other.an_account()
    account.is_charged(house.a_service(price="10"), "1", at=POSTED)
    assert shown(backend, flat).agreement_id == flat.id
    page = shown(backend, flat, StatementQuery(account_id=account.id))
    assert page.agreement_id == other.id
    assert [choice.title for choice in page.agreements] == ["DOG-S-755", "DOG-S-756"]


def test_anothers_agreement_or_account_is_not_found(backend, house, flat):
    stranger = house.a_resident("Петрова Мария").an_agreement()
    account = stranger.an_account()
    for asked in (
        StatementQuery(agreement_id=stranger.id),
        StatementQuery(account_id=account.id),
        StatementQuery(agreement_id=flat.id, account_id=account.id),
        StatementQuery(agreement_id=10**40),
    ):
        with pytest.raises(NotFound):
            shown(backend, flat, asked)


def test_whoever_changes_the_agreement_may_send_the_other_ones_account_along(backend, flat):
    left = flat.an_account()
    other = flat.person.an_agreement()
    own = other.an_account()
    page = shown(backend, flat, StatementQuery(agreement_id=other.id, account_id=left.id))
    assert (page.agreement_id, page.account_id) == (other.id, None)
    kept = shown(backend, flat, StatementQuery(agreement_id=other.id, account_id=own.id))
    assert (kept.agreement_id, kept.account_id) == (other.id, own.id)


def test_the_months_offered_run_from_the_first_with_data_to_the_present_one(backend, flat, manual):
    page = shown(backend, flat)
    assert (page.first, page.last) == (MAY_2014, Period(2026, 11))
    assert (page.earlier, page.later) == (None, Period(2014, 6))
    newest = shown(backend, flat, StatementQuery(period=Period(2026, 11)))
    assert (newest.earlier, newest.later) == (Period(2026, 10), None)


@pytest.mark.parametrize("asked", [Period(1, 1), Period(2014, 4)])
def test_from_before_the_first_month_the_arrow_leads_in(backend, flat, manual, asked):
    page = shown(backend, flat, StatementQuery(period=asked))
    assert (page.period, page.earlier, page.later) == (asked, None, MAY_2014)
    assert page.statement.total == Money(0)


@pytest.mark.parametrize("asked", [Period(2026, 12), Period(9999, 12)])
def test_instead_of_a_month_to_come_the_newest_with_data_is_shown(backend, flat, manual, asked):
    page = shown(backend, flat, StatementQuery(period=asked))
    assert (page.period, page.earlier, page.later) == (MAY_2014, None, Period(2014, 6))
    assert page.statement.total == Money(6726_97)


def test_an_account_without_charges_is_offered_the_months_of_its_agreement(backend, flat, manual):
    idle = flat.an_account("Абонент (услуги)")
    page = shown(backend, flat, StatementQuery(account_id=idle.id, period=Period(2014, 6)))
    assert (page.first, page.last) == (MAY_2014, Period(2026, 11))
    assert (page.earlier, page.later) == (MAY_2014, Period(2014, 7))
    newest = shown(backend, flat, StatementQuery(account_id=idle.id))
    assert (newest.period, newest.statement.total) == (MAY_2014, Money(0))
    assert [month.total for month in newest.chart] == [Money(0)] * 12


def test_the_present_month_is_the_operators(backend):
    at_the_turn = datetime(2026, 10, 31, 20, 59, 59, tzinfo=UTC)  # 23:59:59 in Moscow
    for timezone, month in (("Europe/Moscow", 10), ("Asia/Vladivostok", 11)):
        flat = a_house(backend, timezone, timezone=timezone).a_resident().an_agreement()
        assert shown(backend, flat, now=at_the_turn).period == Period(2026, month)


def test_twelve_months_end_at_the_newest_with_data(backend, house, flat):
    account, service = flat.an_account(), house.a_service(price="10")
    for year, month in ((2013, 5), (2013, 6), (2014, 3), (2014, 5)):
        account.is_charged(service, str(month), at=datetime(year, month, 20, tzinfo=UTC))
    chart = shown(backend, flat, StatementQuery(period=Period(2013, 5))).chart
    assert [month.period for month in chart] == [MAY_2014.shifted(back) for back in range(-11, 1)]
    assert [month.total for month in chart if month.total] == [
        Money(60_00), Money(30_00), Money(50_00)
    ]  # fmt: skip


def test_days_from_to_are_whole_days_of_the_operators_zone(backend, house, flat):
    account, service = flat.an_account(), house.a_service(price="1")
    for moment, volume in (
        (datetime(2014, 5, 9, 20, 59, 59, tzinfo=UTC), "1"),  # still the 9th in Moscow, +04:00 then
        (datetime(2014, 5, 9, 19, 59, 59, tzinfo=UTC), "2"),
        (datetime(2014, 5, 9, 20, 0, 0, tzinfo=UTC), "4"),
        (datetime(2014, 5, 11, 19, 59, 59, tzinfo=UTC), "8"),
        (datetime(2014, 5, 11, 20, 0, 0, tzinfo=UTC), "16"),
    ):
        account.is_charged(service, volume, at=moment)
    asked = StatementQuery(from_day=date(2014, 5, 10), to_day=date(2014, 5, 11))
    page = shown(backend, flat, asked)
    assert page.statement.total == Money(100 * (1 + 4 + 8))
    assert (page.from_day, page.to_day) == (date(2014, 5, 10), date(2014, 5, 11))


def test_one_open_end_of_the_days(backend, flat, manual):
    till = shown(backend, flat, StatementQuery(to_day=date(2014, 5, 30)))
    assert (till.from_day, till.statement.total) == (date(2014, 5, 1), Money(6726_97))
    since = shown(backend, flat, StatementQuery(from_day=date.min))
    assert (since.to_day, since.statement.total) == (date(2026, 11, 24), Money(6726_97))
    assert shown(backend, flat, StatementQuery(to_day=date.max)).statement.total == Money(0)


def test_days_in_the_wrong_order_are_refused(backend, flat, manual):
    with pytest.raises(Invalid, match="позже"):
        shown(backend, flat, StatementQuery(from_day=date(2014, 6, 1), to_day=date(2014, 5, 1)))


def test_without_agreement_or_charges_there_is_an_empty_present_month(backend, house, flat):
    for person in (flat.person, house.a_resident()):
        page = backend.read_now(statement, person.id, ANYTHING, NOW)
        assert page.period == page.first == page.last == Period(2026, 11)
        assert (page.earlier, page.later) == (None, None)
        assert page.statement.total == Money(0)
        assert len(page.chart) == 12


def test_without_agreement_the_month_begins_when_it_does_in_moscow(backend, house):
    last_evening_in_utc = datetime(2026, 11, 30, 21, 30, tzinfo=UTC)
    page = backend.read_now(statement, house.a_resident().id, ANYTHING, last_evening_in_utc)
    assert page.period == Period(2026, 12)


@pytest.mark.parametrize("many", [1, 6])
def test_four_statements_whatever_there_is(backend, house, flat, many):
    for month in range(1, many + 1):
        account = flat.an_account()
        meter = account.a_meter(house.a_service())
        meter.opens_at("1", date(2014, 1, 1))
        meter.reads("5", date(2014, month, 2))
    with counted(backend.engine) as statements:
        shown(backend, flat)
    assert len(statements) == 4


def test_a_service_is_compared_with_the_month_before_and_a_year_ago(backend, house, flat):
    service = house.a_service("zkh_1", price="10")
    account, other = flat.an_account(), flat.an_account()
    for year, month, volume in ((2013, 5, "7"), (2014, 3, "1"), (2014, 4, "3"), (2014, 5, "2")):
        account.is_charged(service, volume, at=datetime(year, month, 20, tzinfo=UTC))
    account.is_charged(service, "4", at=POSTED)
    other.is_charged(service, "9", at=POSTED)
    first, second, alone = shown(backend, flat).statement.one_time
    assert [(str(month.period), month.volume, month.amount) for month in first.compared] == [
        ("2014-05", Quantity.parse("6"), Money(60_00)),
        ("2014-04", Quantity.parse("3"), Money(30_00)),
        ("2013-05", Quantity.parse("7"), Money(70_00)),
    ]
    # Beside one line of the service; where there is nothing to compare with, nowhere.
    assert second.compared == alone.compared == ()
    days = StatementQuery(from_day=date(2014, 5, 1), to_day=date(2014, 5, 31))
    assert not any(line.compared for line in shown(backend, flat, days).statement.one_time)


def test_a_month_is_compared_with_its_corrections(backend):
    """Of a closed October whose price rose afterwards, November says what October came to."""
    billed = a_billed_house(backend, 1, only={"upkeep", "gas"})
    billed.bills(OCTOBER, LATE_OCTOBER)
    billed.closes(OCTOBER, LATE_NOVEMBER)
    billed.services["upkeep"].costs("40", date(2026, 10, 1))
    billed.bills(OCTOBER, LATE_NOVEMBER)
    billed.bills(NOVEMBER, LATE_NOVEMBER)
    page = shown(backend, billed.flats[0], StatementQuery(period=NOVEMBER), LATE_NOVEMBER)
    of = {line.service: line.compared for line in page.statement.periodic if line.compared}
    upkeep, gas = (of[name] for name in ("upkeep", "gas"))
    assert [month.amount for month in upkeep] == [Money(2172_00), Money(2172_00)]
    assert {month.volume for month in upkeep} == {Quantity.parse("54,3")}
    # What the raising coefficient adds was paid for, and not used.
    assert {month.volume for month in gas} == {Quantity.parse("9,49")}
    late = [line for line in page.statement.periodic if line.part == "recalculation"]
    assert {line.told.mark for line in late} == {"Перерасчет за октябрь 2026"}
    assert {line.for_period for line in late} == {OCTOBER}


def test_a_month_by_readings_shows_the_last_of_them(backend):
    billed = a_billed_house(backend, 1, only={"zkh_cold"})
    is_read(billed.meters[0], "110,5", date(2026, 10, 20))
    billed.bills(OCTOBER, LATE_OCTOBER)
    (line,) = shown(backend, billed.flats[0], now=LATE_OCTOBER).statement.one_time
    assert (line.value, line.taken_on) == ("110,5", date(2026, 10, 20))
    assert plain(line.told.steps[0]) == "110,5 − 100,0 = 10,5 м³"
