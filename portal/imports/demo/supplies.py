"""What the house is supplied with and at which prices: by the sample of tariffs, and who serves it.

The demonstration differs from the sample in what its own story needs: readings are charged as they
are submitted, as the former cabinet did it, the network bills its Internet itself, its
suppliers are not called samples, and what the sample dates holds from the first month of the
house's history, whenever that is.
"""

import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from portal.domain.period import Period
from portal.domain.quantity import Price
from portal.imports.book import sample_text
from portal.imports.demo.timeline import ZONE, Timeline

Row = dict[str, Any]
COMPANY, NETWORK = "lesnaya-storona", "dom-seti"
AGENT, NETWORK_AGENT = "Лесная, 7", "Домовые сети"
SERIAL_FIELD = "device_serial"
CHANGED_ON = date(2026, 10, 1)
"""The last day on which regulated prices changed."""
_DATED = ("prices", "norms", "coefficients", "service_terms", "key_rates")
_OF_THE_SAMPLE = (*_DATED, "suppliers", "custom_fields", "tariffs", "services", "days_off")
_SAMPLES = " (образец)"
_OF_POWER = "Электроэнергия, два тарифа"
_HEATS_FROM, _HEATS_UNTIL = 10, 5
_HEATING_NORM = "0,0212"


@dataclass(frozen=True, slots=True)
class Supply:
    """One service; `key` names it in this package, `since` and `prices` are of the same length."""

    key: str
    tariff: str
    external_id: str
    since: tuple[date, ...]
    prices: tuple[Price, ...]

    def price_on(self, day: date) -> Price:
        """Before the first it is the first."""
        return self.prices[max(bisect_right(self.since, day) - 1, 0)]


_CODES = {
    "cold": "zkh_cold", "hot": "zkh_hot", "gas": "zkh_gas", "day": "zkh_power_day",
    "night": "zkh_power_night", "house": "maintenance", "heat": "heating", "sewer": "sewerage",
    "guard": "security", "parking": "parking", "net": "internet", "common_cold": "common_cold",
    "common_power": "common_power", "phone": "phone_line", "calls": "phone_calls",
    "waste": "waste", "repair": "capital_repair",
}  # fmt: skip


@cache
def _sample() -> Mapping[str, list[Row]]:
    return tomllib.loads(sample_text())


def _supplies() -> Iterator[Supply]:
    tariffs = {row["external_id"]: row["tariff"] for row in _sample()["services"]}
    for key, code in _CODES.items():
        rows = [row for row in _sample()["prices"] if row["service"] == code]
        since = tuple(row["valid_from"] for row in rows)
        prices = tuple(Price.parse(row["price"]) for row in rows)
        yield Supply(key, tariffs[code], code, since, prices)


BY_KEY = {supply.key: supply for supply in _supplies()}


def catalogue(time: Timeline) -> dict[str, list[Row]]:
    """Everything that does not depend on who lives there."""
    document = {table: [dict(row) for row in _sample()[table]] for table in _OF_THE_SAMPLE}
    for table in _DATED:
        document[table] = list(_from_the_beginning(document[table], time.first))
    document["norms"] = [row for row in document["norms"] if row["service"] != "heating"]
    document["norms"] += _heating_norms(time)
    document["service_terms"] = [
        row for row in document["service_terms"] if not _is_settled_otherwise(row["service"])
    ]
    for supplier in document["suppliers"]:
        supplier["name"] = supplier["name"].replace(_SAMPLES, "")
    document["services"] = [_as_submitted(row) for row in document["services"]]
    document["operators"] = [_company(), _network()]
    document["agents"] = [
        {"name": AGENT, "kind": "utilities"},
        {"name": NETWORK_AGENT, "kind": "internet"},
    ]
    return document


def _from_the_beginning(rows: list[Row], first: Period) -> Iterator[Row]:
    """The first row of each series holds from the first month on."""
    begun: set[tuple[str | None, str | None]] = set()
    for row in rows:
        series = row.get("service"), row.get("kind")
        is_first = series not in begun
        begun.add(series)
        yield row | {"valid_from": min(row["valid_from"], first.first_day)} if is_first else row


def _heating_norms(time: Timeline) -> Iterator[Row]:
    """Of every heating season that the history touches; nothing between them."""
    row = {"tariff": BY_KEY["heat"].tariff, "service": "heating", "kind": "norm"}
    for year in range(time.first.year - 1, time.current.year + 1):
        yield row | {"valid_from": date(year, _HEATS_FROM, 1), "value": _HEATING_NORM}
        yield row | {"valid_from": date(year + 1, _HEATS_UNTIL, 1), "value": "0"}


def _is_settled_otherwise(code: str) -> bool:
    """What is charged as it is submitted is the company's own; the Internet is the network's."""
    return code.startswith("zkh_") or code == BY_KEY["net"].external_id


def _as_submitted(row: Row) -> Row:
    if not row["external_id"].startswith("zkh_"):
        return row
    photo = "optional" if row["tariff"] == _OF_POWER else "off"
    rest = {name: value for name, value in row.items() if name != "fallback"}
    return rest | {"method": "metered", "photo": photo}


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
        "timezone": ZONE.key,
        "address": "г. Лесногорск, ул. Лесная, 1",
        "phone": "+7 495 000-07-07",
        "email": "uk@lesnaya-storona.example",
        "site": "https://lesnaya-storona.example",
        "readings_due_day": 25,
        "charges_penalty": True,
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
        "timezone": ZONE.key,
        "phone": "+7 495 000-01-50",
        "email": "help@dom-seti.example",
        "readings_due_day": 25,
    }
