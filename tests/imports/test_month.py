"""The tables that months are charged by: loaded, loaded again, refused."""

from datetime import date

import pytest

from portal.db.accounts import AccountFact, AccountTariff, Meter, ServiceAccount
from portal.db.houses import House, HouseChoice, HouseFact, HouseVolume
from portal.db.parties import Absence, Operator, Premises, PremisesFact
from portal.db.rates import DayOff, DueDay, KeyRate, RateCap
from portal.db.suppliers import ServiceTerms, Supplier
from portal.db.tariffs import Band, Service, ServiceFact, ServiceSource
from portal.db.usage import Usage, Work
from portal.domain.charging.methods import Method
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Price, Quantity
from portal.services.audit import audit
from tests.imports.conftest import HOUSE, Town
from tests.imports.month_book import MONTH, MONTHLY
from tests.imports.wrong_month import STORED_MONTH, WRONG_MONTH

OCTOBER = Period(2026, 10)
STORED = (
    (ServiceTerms, {"scheme": "agency", "commission_percent": Quantity.parse("3,5")}),
    (ServiceFact, {"kind": "norm", "value": Quantity.parse("7,56")}),
    (ServiceFact, {"kind": "coefficient", "value": Quantity.parse("3")}),
    (Band, {"position": 1, "upto": Quantity.parse("125"), "price": Price.parse("5,10")}),
    (Band, {"position": 2, "upto": None, "price": Price.parse("7,40")}),
    (HouseFact, {"kind": "total_area", "value": Quantity.parse("3000,5")}),
    (HouseChoice, {"service_external_id": "common_water", "choice": "uncapped"}),
    (HouseChoice, {"choice": "all_year", "season_months": 7}),
    (HouseVolume, {"period": OCTOBER, "revision": 0, "volume": Quantity.parse("412")}),
    (HouseVolume, {"service_external_id": "zkh_cold", "revision": 1}),
    (PremisesFact, {"kind": "residents", "valid_from": date(2026, 10, 14)}),
    (Absence, {"persons": 1, "document": "Справка № 1"}),
    (AccountTariff, {"valid_from": date(2026, 1, 1)}),
    (AccountFact, {"kind": "meter_possible", "value": Quantity.parse("1")}),
    (Usage, {"external_id": "cdr-1", "amount": Money.parse("24")}),
    (Work, {"key": "call-1", "done_on": date(2026, 10, 5)}),
    (KeyRate, {"percent": Quantity.parse("16,5")}),
    (RateCap, {"valid_to": date(2026, 12, 31)}),
    (DueDay, {"operator_id": None, "day": 15}),
    (DueDay, {"day": 20}),
    (DayOff, {"day": date(2026, 11, 4), "is_working": False}),
    (ServiceSource, {"source_external_id": "zkh_cold"}),
    (Service, {"external_id": "zkh_power", "method": "bands", "fallback": "average_then_norm"}),
)  # fmt: skip


def test_everything_is_stored_counted_and_vouched_for(town: Town) -> None:
    report = town.loads(MONTHLY)
    told = {table.table: table.new for table in report.tables}
    assert told.items() >= {
        "suppliers": 1, "service_sources": 1, "service_terms": 1, "norms": 1, "coefficients": 1,
        "bands": 1, "houses": 1, "house_facts": 1, "house_choices": 2, "house_volumes": 2,
        "premises": 2, "premises_facts": 1, "absences": 1, "account_tariffs": 1,
        "account_facts": 1, "usages": 1, "works": 1, "key_rates": 1, "rate_caps": 1,
        "due_days": 2, "days_off": 1,
    }.items()  # fmt: skip
    for model, columns in STORED:
        row = town.row(model, **columns)
        assert {name: getattr(row, name) for name in columns} == columns
    assert town.row(ServiceTerms).supplier_id == town.row(Supplier).id
    assert town.row(Premises, key="3").house_id == town.row(House).id
    assert town.backend.read_now(audit) == ()


def test_loading_twice_changes_nothing(town: Town) -> None:
    first = town.loads(MONTHLY)
    before = town.counts()
    second = town.loads(MONTHLY)
    assert (second.new, second.changed) == (0, 0)
    assert [table.unchanged for table in second.tables] == [table.new for table in first.tables]
    assert town.counts() == before


def test_a_second_file_may_refer_to_what_the_first_described(town: Town) -> None:
    town.loads()
    town.loads(MONTH)
    report = town.loads(MONTH)
    assert (report.new, report.changed) == (0, 0)


@pytest.mark.parametrize("what", WRONG_MONTH)
def test_one_fault_is_told_in_one_sentence(sqlite_town: Town, what: str) -> None:
    good, bad, sentence = WRONG_MONTH[what]
    assert good in MONTH
    text = MONTHLY.replace(good, bad, 1) if good else MONTHLY + "\n" + bad
    [fault] = sqlite_town.refuses(text)
    assert fault.startswith("дом.toml")
    assert sentence in fault


def test_faults_of_many_tables_are_named_at_once_and_nothing_is_stored(town: Town) -> None:
    text = HOUSE + MONTH
    for good, bad, _ in ALL_AT_ONCE:
        assert good in MONTH
        text = text.replace(good, bad)
    faults = town.refuses(text)
    assert len(faults) == len(ALL_AT_ONCE)
    for _, _, sentence in ALL_AT_ONCE:
        assert any(sentence in fault for fault in faults), sentence


ALL_AT_ONCE = tuple(
    WRONG_MONTH[what]
    for what in (
        "an agency without a supplier", "bands that do not rise", "half a resident",
        "a return before the leave", "a work of tomorrow", "a cap that ends first",
        "an undescribed house", "a norm below zero",
    )
)  # fmt: skip


@pytest.mark.parametrize("what", STORED_MONTH)
def test_what_decides_money_is_refused_when_it_differs(sqlite_town: Town, what: str) -> None:
    good, other, sentence = STORED_MONTH[what]
    sqlite_town.loads(MONTHLY)
    assert good in MONTHLY
    [fault] = sqlite_town.refuses(MONTHLY.replace(good, other, 1))
    assert sentence in fault


def test_a_new_day_has_a_new_row(town: Town) -> None:
    town.loads(MONTHLY)
    text = MONTH.replace("valid_from = 2026-01-01", "valid_from = 2027-01-01")
    new = {table.table: table.new for table in town.loads(text).tables if table.new}
    assert new == {
        "service_terms": 1, "norms": 1, "bands": 1, "house_facts": 1, "account_tariffs": 1,
        "account_facts": 1,
    }  # fmt: skip
    assert town.backend.read_now(audit) == ()


# --- what existing tables have got --------------------------------------------------------------


def test_an_area_is_set_once_and_then_dated(town: Town) -> None:
    town.loads()
    report = town.loads(HOUSE.replace('area = "54,3"\n', "residents_registered = 2\n", 1))
    assert report.changed == 1
    [fault] = town.refuses(HOUSE.replace('area = "54,3"', 'area = "60"', 1))
    assert fault.endswith(
        "поле «area»: уже загружено 54,3, а в файле 60; такое не меняют; "
        "новое с датой — в [[premises_facts]]"
    )
    assert town.row(Premises).residents_registered == 2


def test_a_meter_is_removed_with_its_last_value(town: Town) -> None:
    town.loads()
    ended = "integer_digits = 5\nremoved_on = 2026-11-01\nclosing_value = "
    town.loads(HOUSE.replace("integer_digits = 5", f'{ended}"257,5"'))
    meter = town.row(Meter)
    assert (meter.removed_on, meter.closing_value) == (date(2026, 11, 1), Quantity.parse("257,5"))
    [fault] = town.refuses(HOUSE.replace("integer_digits = 5", f'{ended}"258"'))
    assert "поле «closing_value»: уже загружено 257,5" in fault


def test_a_penalty_is_charged_only_where_the_operator_says_so(town: Town) -> None:
    town.loads()
    assert town.row(Operator).charges_penalty is False
    town.loads(HOUSE.replace('key = "uk"', 'key = "uk"\ncharges_penalty = true', 1))
    assert town.row(Operator).charges_penalty is True


def test_the_word_of_former_files_means_the_same(town: Town) -> None:
    town.loads(HOUSE.replace('method = "area"', 'method = "volume"'))
    assert town.row(Service, external_id="house").method == Method.WATERS
    assert town.loads(HOUSE.replace('method = "area"', 'method = "waters"')).changed == 0


def test_a_tariff_is_changed_together_with_its_history(town: Town) -> None:
    town.loads(MONTHLY)
    text = """
[[tariffs]]
name = "Новый"

[[accounts]]
key = 17
agreement = "DOM-2"
agent = "Агент ЖКХ"
tariff = "Новый"
"""
    [fault] = town.refuses(text)
    assert "тарифа «Новый» нет в истории: добавьте его день в account_tariffs" in fault
    town.loads(
        text + '[[account_tariffs]]\naccount = 17\ntariff = "Новый"\nvalid_from = 2026-11-01\n'
    )
    present = town.row(ServiceAccount).tariff_id
    assert [row.tariff_id == present for row in town.rows(AccountTariff)] == [False, True]
