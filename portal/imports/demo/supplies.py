"""What the house is supplied with, by whom and at which prices."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from portal.domain.period import Period
from portal.domain.quantity import Price

Row = dict[str, Any]
COMPANY, NETWORK = "lesnaya-storona", "dom-seti"
AGENT, NETWORK_AGENT = "Лесная, 7", "Домовые сети"
SERIAL_FIELD = "device_serial"
# Regulated prices changed on these days; before the first, history has the oldest price.
CHANGES = (date(2024, 7, 1), date(2025, 7, 1), date(2026, 7, 1))


@dataclass(frozen=True, slots=True)
class Supply:
    """One service; `key` names it in this package, `prices` are those of `CHANGES`."""

    key: str
    tariff: str
    external_id: str
    name: str
    unit: str
    method: str
    prices: tuple[str, str, str]

    @property
    def is_metered(self) -> bool:
        return self.method == "metered"

    def price_on(self, day: date) -> Price:
        known = bisect_right(CHANGES, day)
        return _price(self.prices[max(known - 1, 0)])


@cache
def _price(text: str) -> Price:
    return Price.parse(text)


_POWER = "Электроэнергия, два тарифа"
SUPPLIES = (
    Supply("cold", "Холодное водоснабжение", "zkh_cold", "Холодная вода", "м³", "metered",
           ("59,80", "65,77", "72,87")),
    Supply("hot", "Горячее водоснабжение", "zkh_hot", "Горячая вода", "м³", "metered",
           ("272,14", "312,50", "344,06")),
    Supply("gas", "Газоснабжение", "zkh_gas", "Газ", "м³", "metered",
           ("7,81", "8,60", "9,46")),
    Supply("day", _POWER, "zkh_power_day", "Электроэнергия, день", "кВт·ч", "metered",
           ("6,99", "7,93", "8,71")),
    Supply("night", _POWER, "zkh_power_night", "Электроэнергия, ночь", "кВт·ч", "metered",
           ("2,62", "3,17", "3,48")),
    Supply("house", "Содержание жилого помещения", "maintenance", "Содержание дома", "м²", "area",
           ("32,98", "36,19", "39,42")),
    Supply("heat", "Отопление", "heating", "Отопление", "Гкал", "heating_norm",
           ("3 012,46", "3 324,11", "3 653,20")),
    Supply("sewer", "Водоотведение", "sewerage", "Водоотведение", "м³", "waters",
           ("46,16", "51,62", "57,30")),
    Supply("guard", "Охрана двора", "security", "Охрана двора", "мес.", "fixed",
           ("250,00", "280,00", "300,00")),
    Supply("parking", "Машино-место", "parking", "Машино-место", "мес.", "fixed",
           ("1 400,00", "1 500,00", "1 650,00")),
    Supply("net", "Интернет 300", "internet", "Доступ в интернет", "мес.", "periodic_month",
           ("600,00", "650,00", "690,00")),
)  # fmt: skip
BY_KEY = {supply.key: supply for supply in SUPPLIES}
_SOURCES = {"sewer": ("cold", "hot")}


def catalogue(first: Period) -> dict[str, list[Row]]:
    """Everything that does not depend on who lives there; `first` is the first month charged."""
    return {
        "operators": [_company(), _network()],
        "agents": [
            {"name": AGENT, "kind": "utilities"},
            {"name": NETWORK_AGENT, "kind": "internet"},
        ],
        "custom_fields": [{"name": SERIAL_FIELD, "title": "Номер счетчика"}],
        "tariffs": [
            {"name": name, "kind": "internet" if name == BY_KEY["net"].tariff else "services"}
            for name in dict.fromkeys(supply.tariff for supply in SUPPLIES)
        ],
        "services": [_service(supply) for supply in SUPPLIES],
        "prices": [price for supply in SUPPLIES for price in _prices(supply, first)],
    }


def _service(supply: Supply) -> Row:
    return {
        "tariff": supply.tariff,
        "external_id": supply.external_id,
        "name": supply.name,
        "unit": supply.unit,
        "kind": "one_time" if supply.is_metered else "periodic",
        "method": supply.method,
        "resident_may_manage": supply.is_metered,
        "photo": "optional" if supply.tariff == _POWER else "off",
        "sources": [BY_KEY[key].external_id for key in _SOURCES.get(supply.key, ())],
    }


def _prices(supply: Supply, first: Period) -> Iterator[Row]:
    since = (min(CHANGES[0], first.first_day), *CHANGES[1:])
    for day, price in zip(since, supply.prices, strict=True):
        yield {
            "tariff": supply.tariff,
            "service": supply.external_id,
            "valid_from": day,
            "price": price,
        }


def _company() -> Row:
    """The requisites have true control keys and belong to nobody: there is no such bank."""
    return {
        "key": COMPANY,
        "name": "ООО «УК «Лесная сторона»",
        "inn": "0012007071",
        "kpp": "001201001",
        "account": "40702810800000000707",
        "bank_name": "Банк «Образцовый» (вымышленный)",
        "bic": "049999901",
        "corr_account": "30101810000000000901",
        "timezone": "Europe/Moscow",
        "address": "г. Лесногорск, ул. Лесная, 1",
        "phone": "+7 495 000-07-07",
        "email": "uk@lesnaya-storona.example",
        "site": "https://lesnaya-storona.example",
        "readings_due_day": 25,
    }


def _network() -> Row:
    return {
        "key": NETWORK,
        "name": "ООО «Домовые сети»",
        "inn": "0012001506",
        "kpp": "001201001",
        "account": "40702810800000000150",
        "bank_name": "Банк «Образцовый» (вымышленный)",
        "bic": "049999901",
        "corr_account": "30101810000000000901",
        "timezone": "Europe/Moscow",
        "phone": "+7 495 000-01-50",
        "email": "help@dom-seti.example",
        "readings_due_day": 25,
    }
