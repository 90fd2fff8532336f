"""The sample of tariffs: an operator loads it, adds his house, and every service is charged."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from portal.db.accounts import ServiceAccount
from portal.db.ledger import Charge
from portal.db.parties import Operator
from portal.db.suppliers import ServiceTerms
from portal.db.tariffs import Service
from portal.domain.money import Money
from portal.domain.period import Period
from portal.imports.book import sample_text
from portal.services.audit import audit
from portal.services.office.billing.report import Report
from portal.services.office.billing.run import Order, bill_chunk, chunks
from tests.imports.conftest import OFFICER, Town

OCTOBER, JULY = Period(2026, 10), Period(2026, 7)
NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
HOUSE = """
[[operators]]
key = "uk"
name = "ООО «УК Дом-Сервис»"
inn = "7736520080"
account = "40702810338360027201"
bank_name = "ПАО Сбербанк"
bic = "044525225"

[[houses]]
key = "Лесная, 7"
address = "ул. Лесная, 7"
operator = "uk"

[[house_facts]]
house = "Лесная, 7"
kind = "total_area"
valid_from = 2026-01-01
value = "2286,5"

[[house_facts]]
house = "Лесная, 7"
kind = "common_area"
valid_from = 2026-01-01
value = "310"
"""
FLAT = """
[[residents]]
login = "{0}"
name = "Жилец квартиры {0}"

[[premises]]
key = "{0}"
address = "ул. Лесная, 7, кв. {0}"
house = "Лесная, 7"
area = "54,3"
heated_area = "52,2"
residents_registered = 2

[[agreements]]
number = "{0}"
resident = "{0}"
operator = "uk"
premises = "{0}"
"""
ACCOUNT = """
[[accounts]]
key = "{0}/{1}"
agreement = "{0}"
agent = "Агент ЖКХ"
tariff = "{1}"
login = "{1}"
"""
METER = """
[[meters]]
account = "{0}/{1}"
service = "{2}"
installed_on = 2026-01-10
opening_value = 100

[[readings]]
account = "{0}/{1}"
service = "{2}"
taken_on = 2026-09-20
value = 180

[[readings]]
account = "{0}/{1}"
service = "{2}"
taken_on = 2026-10-20
value = 190
"""
REST = """
[[works]]
account = "1/Разовые работы"
service = "callout"
key = "2026-17"
done_on = 2026-10-05
quantity = 1

[[usages]]
account = "1/Телефонные разговоры"
service = "phone_calls"
external_id = "2026-10"
period = "2026-10"
volume = 125
"""
METERED = (
    ("Холодное водоснабжение", "zkh_cold"),
    ("Горячее водоснабжение", "zkh_hot"),
    ("Газоснабжение", "zkh_gas"),
    ("Электроэнергия, два тарифа", "zkh_power_day"),
    ("Электроэнергия, два тарифа", "zkh_power_night"),
)
OF_THE_MANUAL = {
    "Техническое обслуживание": "maintenance",
    "Отопление": "heating",
    "Канализация": "sewerage",
    "Горячее водоснабжение": "zkh_hot",
    "Холодное водоснабжение": "zkh_cold",
    "Охрана": "security",
    "Аренда паркинг-места": "parking",
}


@pytest.fixture
def settled(town: Town) -> Town:
    """Two flats that take everything: the first has meters and readings, the second has neither."""
    town.loads(sample_text(), NOW)
    town.loads(_house(town), NOW)
    return town


def _house(town: Town) -> str:
    tariffs = {row["tariff"] for row in town.reads(sample_text()).rows["services"]}
    parts = [HOUSE]
    for flat in ("1", "2"):
        parts += [FLAT.format(flat), *(ACCOUNT.format(flat, each) for each in sorted(tariffs))]
    parts += [METER.format("1", tariff, code) for tariff, code in METERED]
    return "".join([*parts, REST])


def billed(town: Town, period: Period) -> Report:
    report, operator = Report(), town.row(Operator).id
    order = Order(operator, period)
    for chunk in town.backend.read_now(chunks, OFFICER, order, None):
        report += town.backend.write_now(bill_chunk, OFFICER, order, chunk, NOW)
    return report


def charged(town: Town, flat: str) -> dict[str, list[Any]]:
    """The charges of a flat by the code of their service."""
    codes = {row.id: row.external_id for row in town.rows(Service)}
    flats = {row.id: row.key.partition("/")[0] for row in town.rows(ServiceAccount)}
    found: dict[str, list[Any]] = {}
    for charge in town.rows(Charge):
        if flats[charge.account_id] == flat:
            found.setdefault(codes[charge.service_id], []).append(charge)
    return found


def total(charges: Iterable[Any]) -> Money:
    return Money.total(charge.amount for charge in charges)


def test_every_service_of_the_sample_is_charged_and_nothing_lacks(settled: Town) -> None:
    report = billed(settled, OCTOBER)
    assert report.lacks == ()
    codes = {row.external_id for row in settled.rows(Service)}
    assert charged(settled, "1").keys() == codes
    # Without a call-out and a talk there is nothing to charge for them.
    assert charged(settled, "2").keys() == codes - {"callout", "phone_calls"}
    assert settled.backend.read_now(audit) == ()


def test_the_sums_are_those_of_a_bill(settled: Town) -> None:
    billed(settled, OCTOBER)
    first = charged(settled, "1")
    assert total(first["maintenance"]) == Money.parse("2140,51")  # 54,3 × 39,42
    assert total(first["zkh_cold"]) == Money.parse("728,70")  # 10 × 72,87
    assert total(first["sewerage"]) == Money.parse("1146,00")  # (10 + 10) × 57,30
    assert total(first["heating"]) == Money.parse("4042,78")  # 52,2 × 0,0212 × 3653,20
    assert total(first["capital_repair"]) == Money.parse("1531,26")
    assert total(first["waste"]) == Money.parse("374,04")
    assert total(first["phone_calls"]) == Money.parse("112,50")


def test_a_flat_without_meters_is_charged_by_the_norm(settled: Town) -> None:
    """Nobody said that meters could be fitted: so there is no coefficient."""
    billed(settled, OCTOBER)
    second = charged(settled, "2")
    assert total(second["zkh_cold"]) == Money.parse("1010,71")  # 2 × 6,935 × 72,87
    assert {charge.proof["method"] for charge in second["zkh_hot"]} == {"norm"}


def test_where_meters_could_be_fitted_the_coefficients_are_there(settled: Town) -> None:
    settled.loads("".join(_could_have(tariff, code) for tariff, code in METERED), NOW)
    report = billed(settled, OCTOBER)
    assert report.lacks == ()
    excess = [c for c in charged(settled, "2")["zkh_cold"] if c.part == "excess"]
    assert total(excess) == Money.parse("2021,41")  # three norms less one


def _could_have(tariff: str, code: str) -> str:
    return f"""
[[account_facts]]
account = "2/{tariff}"
service = "{code}"
kind = "meter_possible"
valid_from = 2026-01-01
value = 1
"""


def test_there_is_no_heating_in_july(settled: Town) -> None:
    assert billed(settled, JULY).lacks == ()
    assert total(charged(settled, "1")["heating"]) == Money(0)


def test_the_seven_services_of_the_former_manual_are_there(town: Town) -> None:
    town.loads(sample_text(), NOW)
    assert {row.external_id for row in town.rows(Service)} >= set(OF_THE_MANUAL.values())
    assert {row.scheme for row in town.rows(ServiceTerms)} == {"own", "agency", "direct"}


def test_a_new_price_is_added_to_the_file_and_loaded_again(settled: Town) -> None:
    price = """
[[prices]]
tariff = "Охрана двора"
service = "security"
valid_from = 2026-11-01
price = "320"
"""
    report = settled.loads(sample_text() + price, NOW)
    assert (report.new, report.changed) == (1, 0)
