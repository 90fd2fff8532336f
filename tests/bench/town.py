"""A town to be charged: accounts with six services each, three by the area and three by a meter.

Its thousands are put in by set-based statements that both databases understand, so that a
hundred thousand accounts take seconds; the rows are what the portal itself would have written.
"""

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from sqlalchemy import text

from portal.backend import Backend
from portal.db.session import Session
from tests.builders import House, ServiceRow, a_house

FLATS_A_HOUSE: Final = 100
BEGINNING: Final = date(2026, 1, 1)
BY_AREA: Final = (
    ("upkeep", "area", "36,19"), ("waste", "area", "5,44"), ("repair", "capital_repair", "21,77"),
)  # fmt: skip
METERED: Final = (("cold", "53,41"), ("hot", "243,16"), ("power", "7,43"))
_NUMBERS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count) "
    "INSERT INTO {into} SELECT {values} FROM n {more}"
)


@dataclass(frozen=True)
class Town:
    """`services` in the order of `BY_AREA` and `METERED`."""

    house: House
    services: tuple[ServiceRow, ...]
    accounts: int

    @property
    def backend(self) -> Backend:
        return self.house.backend

    @property
    def metered(self) -> tuple[ServiceRow, ...]:
        return self.services[len(BY_AREA) :]


def a_town(backend: Backend, accounts: int) -> Town:
    """All their meters were read in each month from August to October 2026."""
    house = a_house(backend)
    services = [
        house.a_service(code, code, price=price, method=method, kind="periodic")
        for code, method, price in BY_AREA
    ]
    services += [
        house.a_service(code, code, price=price, method="metered_month", kind="periodic")
        for code, price in METERED
    ]
    town = Town(house, tuple(services), accounts)
    house.writes(lambda session: _people(session, town))
    for service in town.metered:
        house.writes(partial(_meters, town=town, service_id=service.id))
    backend.read_now(analyse)
    return town


def analyse(session: Session) -> None:
    """What the databases plan by, as it is now."""
    session.execute(text("ANALYZE"))
    session.connection.commit()


def without_hurry(session: Session) -> None:
    """For statements of whole towns: the portal's own limit is for those that people wait for."""
    if session.is_postgresql:
        session.execute(text("SET LOCAL statement_timeout = 0"))


def _people(session: Session, town: Town) -> None:
    operator, tariff, agent = town.house.operator_id, town.house.tariff_id, town.house.agent_id
    rows = (
        ("house (id, key, address, operator_id)",
         f"i, 'house-' || i, 'ул. Ленина, ' || i, {operator}",
         f"WHERE i <= (:count + {FLATS_A_HOUSE - 1}) / {FLATS_A_HOUSE}"),
        ("resident (id, login, login_folded, name, must_change_password)",
         "i, 'DOM-' || i, 'dom-' || i, 'Житель ' || i, false", ""),
        ("premises (id, key, address, area, heated_area, residents_registered, house_id)",
         f"i, 'flat-' || i, 'кв. ' || i, {AREA}, {AREA}, i % 4, 1 + (i - 1) / {FLATS_A_HOUSE}", ""),
        ("agreement (id, number, number_folded, resident_id, operator_id, premises_id)",
         f"i, 'DOM-' || i, 'dom-' || i, i, {operator}, i", ""),
        ("account (id, key, agreement_id, agent_id, tariff_id, login, state, position)",
         f"i, 'account-' || i, i, {agent}, {tariff}, 'Квартира ' || i, 0, 1", ""),
    )  # fmt: skip
    for row in rows:
        _put(session, town.accounts, *row)
    _put(
        session, town.accounts, "account_tariff (account_id, tariff_id, valid_from)",
        f"i, {tariff}, '{BEGINNING}'",
    )  # fmt: skip


AREA: Final = "30000000 + i * 7919 % 6000 * 10000"
"""Millionths of m²: of 30,00 to 89,99."""


def _meters(session: Session, town: Town, service_id: int) -> None:
    """An opening value, and readings that count for August, for September and for October."""
    first = f"{service_id} * {town.accounts} + i"
    _put(
        session, town.accounts,
        "meter (id, account_id, service_id, serial, integer_digits, fraction_digits, installed_on)",
        f"{first}, i, {service_id}, 'M-' || i, 5, 3, '{BEGINNING}'",
    )  # fmt: skip
    values = (
        (0, BEGINNING, "opening", "100000000"),
        (1, date(2026, 8, 20), "resident", "110000000 + i % 500 * 1000"),
        (2, date(2026, 9, 20), "resident", "120000000 + i % 900 * 1000"),
        (3, date(2026, 10, 20), "resident", "125000000 + i % 1700 * 3000"),
    )
    for place, taken_on, source, value in values:
        number = f"({first}) * 4 + {place}"
        previous = f"{number} - 1" if place else "NULL"
        _put(
            session, town.accounts,
            "reading (id, account_id, service_id, meter_id, taken_on, value, previous_id, "
            "revision, source, accepted_at)",
            f"{number}, i, {service_id}, {first}, '{taken_on}', {value}, {previous}, 0, "
            f"'{source}', '{taken_on} 09:00:00'",
        )  # fmt: skip


def _put(session: Session, count: int, into: str, values: str, more: str = "") -> None:
    without_hurry(session)
    if session.is_postgresql:  # a selected word is a text, no date
        values = values.replace(" 09:00:00'", " 09:00:00+00'::timestamptz")
        for day in ("2026-01-01", "2026-08-20", "2026-09-20", "2026-10-20"):
            values = values.replace(f"'{day}'", f"DATE '{day}'")
    session.execute(text(_NUMBERS.format(into=into, values=values, more=more)), {"count": count})
