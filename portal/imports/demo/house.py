"""The house's file, as a document of the format: thirteen months up to today."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from portal.domain.quantity import Quantity
from portal.imports.demo.bills import charges
from portal.imports.demo.cast import ADDRESS, HOUSE, Flat, dice, flats
from portal.imports.demo.channels import pay_channels, promise_terms
from portal.imports.demo.counters import METERS, metered, readings
from portal.imports.demo.news import notices
from portal.imports.demo.supplies import (
    AGENT,
    BY_KEY,
    COMPANY,
    NETWORK,
    NETWORK_AGENT,
    SERIAL_FIELD,
    Row,
    catalogue,
)
from portal.imports.demo.timeline import Timeline
from portal.imports.demo.usage import calls

_PASSWORD = "kvartira-12"  # noqa: S105 - it is shown on the demonstration's own page
_PERIODIC = {
    "house": "Содержание дома",
    "common_cold": "Общедомовая вода",
    "common_power": "Общедомовая электроэнергия",
    "heat": "Отопление",
    "sewer": "Водоотведение",
    "waste": "Обращение с отходами",
    "repair": "Капитальный ремонт",
    "guard": "Охрана двора",
    "parking": "Машино-место",
    "net": "Интернет",
    "phone": "Телефонная линия",
    "calls": "Телефонные разговоры",
}
_COMMON_AREA = "312,4"


def house_document(today: date) -> dict[str, Any]:
    """As `tomllib` would give it for the file."""
    time = Timeline(today)
    document = catalogue(time) | _house(time)
    document |= {
        name: []
        for name in (
            "residents", "premises", "agreements", "accounts", "meters", "readings", "charges",
            "usages",
        )
    }  # fmt: skip
    for flat in flats():
        _move_in(document, flat, time)
    document["notices"] = notices(time)
    document["pay_channels"] = pay_channels()
    document["promise_terms"] = promise_terms()
    return document


def _house(time: Timeline) -> dict[str, list[Row]]:
    total = Quantity(sum(flat.area.micro for flat in flats()))
    areas = {"total_area": total.text(), "common_area": _COMMON_AREA}
    since = {"house": HOUSE, "valid_from": time.first.first_day}
    return {
        "houses": [{"key": HOUSE, "address": ADDRESS, "operator": COMPANY}],
        "house_facts": [since | {"kind": kind, "value": area} for kind, area in areas.items()],
    }


def _move_in(document: dict[str, list[Row]], flat: Flat, time: Timeline) -> None:
    document["residents"].append(_resident(flat))
    document["premises"].append(_premises(flat))
    document["agreements"] += _agreements(flat)
    document["accounts"] += _accounts(flat, time)
    document["meters"] += metered(flat, time)
    document["readings"] += readings(flat, time)
    document["charges"] += charges(flat, time)
    document["usages"] += _calls(flat, time)


def _resident(flat: Flat) -> Row:
    row: Row = {"login": flat.login, "name": flat.owner}
    digits = dice(flat.number, "phone").randint(0, 9999)
    row["phone"] = f"7000{flat.number:03}{digits:04}"
    if flat.is_guest:
        row |= {"email": "petrova@example.org", "password": _PASSWORD}
        row["must_change_password"] = False
    return row


def _premises(flat: Flat) -> Row:
    return {
        "key": f"{HOUSE}, кв. {flat.number}",
        "address": f"{ADDRESS}, кв. {flat.number}",
        "house": HOUSE,
        "area": flat.area.text(),
        "heated_area": flat.heated_area.text(),
        "residents_registered": flat.people,
    }


def _agreements(flat: Flat) -> Iterator[Row]:
    for number, operator in ((flat.agreement, COMPANY), (flat.internet_agreement, NETWORK)):
        if operator == COMPANY or flat.has_internet:
            yield {
                "number": number,
                "resident": flat.login,
                "operator": operator,
                "premises": f"{HOUSE}, кв. {flat.number}",
            }


def _accounts(flat: Flat, time: Timeline) -> Iterator[Row]:
    for meter in METERS:
        yield {
            "key": f"{flat.agreement}/{meter.key}",
            "agreement": flat.agreement,
            "agent": AGENT,
            "tariff": BY_KEY[meter.dials[0]].tariff,
            "login": meter.login,
            "fields": {SERIAL_FIELD: meter.serial(flat)},
        }
    for key, login in _PERIODIC.items():
        if key in flat_services(flat):
            yield _periodic_account(flat, key, login, time)


def flat_services(flat: Flat) -> set[str]:
    """The periodic services that the flat takes."""
    absent = {"parking"} if not flat.has_parking else set()
    absent |= {"net"} if not flat.has_internet else set()
    absent |= {"phone", "calls"} if not flat.has_phone else set()
    return _PERIODIC.keys() - absent


def _periodic_account(flat: Flat, key: str, login: str, time: Timeline) -> Row:
    is_net = key == "net"
    row: Row = {
        "key": f"{flat.agreement}/{key}",
        "agreement": flat.internet_agreement if is_net else flat.agreement,
        "agent": NETWORK_AGENT if is_net else AGENT,
        "tariff": BY_KEY[key].tariff,
        "login": login,
    }
    if flat.is_guest and is_net:
        row["tariff_since"] = time.ago(33, hour=9, minute=5)
        row["state_since"] = time.ago(33, hour=9, minute=6)
    return row


def _calls(flat: Flat, time: Timeline) -> Iterator[Row]:
    """What the telephone exchange counted of the months that are over."""
    for period in time.periods if flat.has_phone else ():
        if period < time.current:
            yield {
                "account": f"{flat.agreement}/calls",
                "service": BY_KEY["calls"].external_id,
                "external_id": f"{flat.number}-{period}",
                "period": str(period),
                "volume": calls(flat, period),
            }
