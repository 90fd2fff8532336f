"""The counters of a house, flat by flat, as they hang there today."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, bindparam, select

from portal.db.accounts import CustomField, FieldValue, Meter, ServiceAccount
from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.parties import Agreement, Operator
from portal.db.session import Session
from portal.db.tariffs import Service, Tariff
from portal.domain.charging.methods import Method
from portal.domain.device import CLOSED_STATES
from portal.domain.premises import Place, in_order
from portal.errors import Refused
from portal.services.entry import Scope
from portal.services.office.houses import House

_agreement, _operator = table_of(Agreement), table_of(Operator)
_account, _tariff, _service = table_of(ServiceAccount), table_of(Tariff), table_of(Service)
_meter = table_of(Meter)
_field, _field_value = table_of(CustomField), table_of(FieldValue)


@dataclass(frozen=True, slots=True)
class HouseMeter:
    """One counter; `meter_id` is None where the operator has described no meter."""

    meter_id: int | None
    place: Place
    service: str
    device: str
    serial: str


@dataclass(frozen=True, slots=True)
class HouseMeters:
    """`open`: those whose readings the residents submit; the others are counted by the reason."""

    open: tuple[HouseMeter, ...]
    not_by_resident: int
    closed: int


def house_meters(
    session: Session, house: House, flats: Collection[str], scope: Scope, now: datetime
) -> HouseMeters:
    """The counters of the ЖКХ module in the order of the flats; `flats` narrows them.

    Raises Refused: the house has no such flat.
    """
    places = _narrowed(house, flats)
    rows = session.execute(
        _query(places_for(places)),
        among("premises", places) | {"serial_field": scope.serial_field},
    )
    of_module = (row for row in rows if scope.matches(row.external_id))
    present = sorted(_present(of_module, now), key=lambda row: _order(places[row.premises_id]))
    closed = [row for row in present if _is_closed(row, now)]
    living = [row for row in present if not _is_closed(row, now)]
    opened = [row for row in living if _is_open(row)]
    return HouseMeters(
        open=tuple(_counter(row, places[row.premises_id], now) for row in opened),
        not_by_resident=len(living) - len(opened),
        closed=len(closed),
    )


def _narrowed(house: House, flats: Collection[str]) -> dict[int, Place]:
    numbers = {place.number.lower() for place in house.places.values()}
    wanted = {_number(flat) for flat in flats}
    if strange := sorted(wanted - numbers):
        listed = ", ".join(f"«{flat}»" for flat in strange)
        raise Refused(f"По адресу «{house.name}» нет квартиры {listed}.")
    return {
        premises_id: place
        for premises_id, place in house.places.items()
        if not flats or place.number.lower() in wanted
    }


def _number(typed: str) -> str:
    """«12» of «кв. 12» as well."""
    beginning = typed.find(next((sign for sign in typed if sign.isdigit()), typed))
    return " ".join(typed[beginning:].lower().split())


def _query(places: int) -> Select[Any]:
    """One row a meter of each counter, the one that was installed last first."""
    serial = (_field_value.c.account_id == _account.c.id) & (
        _field_value.c.field_id == _serial_field_id()
    )
    meter = (_meter.c.account_id == _account.c.id) & (_meter.c.service_id == _service.c.id)
    return (
        select(
            _agreement.c.premises_id, _agreement.c.closed_on, _operator.c.timezone,
            _account.c.id.label("account_id"), _account.c.login, _account.c.state,
            _service.c.id.label("service_id"), _service.c.external_id, _service.c.name,
            _service.c.method, _service.c.resident_may_manage,
            _meter.c.id.label("meter_id"), _meter.c.serial, _meter.c.installed_on,
            _field_value.c.value.label("account_serial"),
        )
        .join(_operator, _operator.c.id == _agreement.c.operator_id)
        .join(_account, _account.c.agreement_id == _agreement.c.id)
        .join(_tariff, _tariff.c.id == _account.c.tariff_id)
        .join(_service, _service.c.tariff_id == _tariff.c.id)
        .outerjoin(_meter, meter)
        .outerjoin(_field_value, serial)
        .where(
            is_among(_agreement.c.premises_id, "premises", places),
            _tariff.c.kind == "services",
            _service.c.kind == "one_time",
        )
        .order_by(
            _agreement.c.id, _account.c.position, _account.c.id, _service.c.position,
            _service.c.id, _meter.c.installed_on.desc(),
        )
    )  # fmt: skip


def _serial_field_id() -> ColumnElement[Any]:
    return select(_field.c.id).where(_field.c.name == bindparam("serial_field")).scalar_subquery()


def _present(rows: Iterator[Row[Any]], now: datetime) -> Iterator[Row[Any]]:
    """Of each counter the meter that hangs there today; the first row where none does yet."""
    for _, group in groupby(rows, key=lambda row: (row.account_id, row.service_id)):
        meters = list(group)
        yield next((row for row in meters if _is_installed(row, now)), meters[-1])


def _is_installed(row: Row[Any], now: datetime) -> bool:
    return row.installed_on is not None and row.installed_on <= _today(row, now)


def _is_open(row: Row[Any]) -> bool:
    return bool(row.resident_may_manage) and Method(row.method).is_given_by_residents


def _is_closed(row: Row[Any], now: datetime) -> bool:
    is_ended = row.closed_on is not None and row.closed_on <= _today(row, now)
    return is_ended or row.state in CLOSED_STATES


def _today(row: Row[Any], now: datetime) -> date:
    """Where the house stands."""
    return now.astimezone(ZoneInfo(row.timezone)).date()


def _order(place: Place) -> tuple[tuple[tuple[int, str], ...], str]:
    return in_order(place.number), place.flat


def _counter(row: Row[Any], place: Place, now: datetime) -> HouseMeter:
    meter_id = row.meter_id if _is_installed(row, now) else None
    serial = row.serial or row.account_serial or ""
    return HouseMeter(meter_id, place, row.name, row.login, serial)
