"""The charges of a statement, each with the readings that it comes from."""

from collections.abc import Mapping, Sequence
from datetime import date, tzinfo
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, select

from portal.db.accounts import ServiceAccount
from portal.db.base import table_of
from portal.db.ledger import Charge
from portal.db.photos import Photo
from portal.db.readings import Reading
from portal.db.session import Session
from portal.db.tariffs import Service, Tariff
from portal.domain.charging.line import Part
from portal.domain.device import NO_LOGIN
from portal.domain.quantity import Quantity
from portal.domain.statement import ChargeLine, MonthUsed, Statement
from portal.domain.telling.counted import last_reading
from portal.services.months_compared import Served

NOTHING: Final[Mapping[Served, tuple[MonthUsed, ...]]] = MappingProxyType({})

_charge, _account = table_of(Charge), table_of(ServiceAccount)
_service, _tariff = table_of(Service), table_of(Tariff)
_photo = table_of(Photo)
_reading, _previous = table_of(Reading), table_of(Reading).alias("previous")


def statement_of(
    session: Session,
    conditions: Sequence[ColumnElement[bool]],
    zone: tzinfo,
    compared: Mapping[Served, tuple[MonthUsed, ...]] = NOTHING,
) -> Statement:
    """The charges that fulfil `conditions`, which are over the charge table: the monthly ones in
    the operator's order, the others by the date of their readings, and where they have none by
    the day of posting in `zone`; penalties apart.  `compared` stands beside one line of each of
    its services.
    """
    left = dict(compared)
    lines = [_line(row, left) for row in session.execute(_LINES.where(*conditions))]
    penalties = tuple(line for line in lines if line.is_penalty)
    usual = [line for line in lines if not line.is_penalty]
    by_date = sorted(
        (line for line in usual if not line.is_periodic),
        key=lambda line: (
            line.taken_on or line.posted_at.astimezone(zone).date(),
            line.charge_id,
        ),
    )
    periodic = tuple(line for line in usual if line.is_periodic)
    return Statement(periodic, tuple(by_date), penalties)


def _lines() -> Select[Any]:
    return (
        select(
            _charge.c.id, _charge.c.account_id, _charge.c.amount, _charge.c.volume,
            _charge.c.price, _charge.c.posted_at, _charge.c.reverses_id, _charge.c.proof,
            _charge.c.part, _charge.c.for_period, _account.c.login, _service.c.external_id,
            _tariff.c.name.label("tariff"), _service.c.name, _service.c.unit, _service.c.kind,
            _reading.c.value, _reading.c.taken_on, _photo.c.id.label("photo_id"),
            _previous.c.value.label("previous_value"), _previous.c.taken_on.label("previous_on"),
        )
        .join(_account, _account.c.id == _charge.c.account_id)
        .join(_service, _service.c.id == _charge.c.service_id)
        .join(_tariff, _tariff.c.id == _service.c.tariff_id)
        .outerjoin(_reading, _reading.c.id == _charge.c.reading_id)
        .outerjoin(_previous, _previous.c.id == _reading.c.previous_id)
        .outerjoin(
            _photo, (_photo.c.id == _reading.c.photo_id) & _photo.c.removed_at.is_(None)
        )
        .order_by(
            _account.c.position, _account.c.id, _service.c.position, _service.c.id, _charge.c.id
        )
    )  # fmt: skip


def _line(row: Row[Any], compared: dict[Served, tuple[MonthUsed, ...]]) -> ChargeLine:
    """Takes out of `compared` what it puts beside the line."""
    value, taken_on = _read(row)
    is_usual = row.part == Part.BASE and row.reverses_id is None
    served = row.account_id, row.external_id, row.unit
    return ChargeLine(
        charge_id=row.id,
        account_id=row.account_id,
        account_login=row.login or NO_LOGIN,
        tariff=row.tariff,
        service=row.name,
        unit=row.unit,
        is_periodic=row.kind == "periodic",
        amount=row.amount,
        volume=row.volume,
        price=row.price,
        posted_at=row.posted_at,
        is_reversal=row.reverses_id is not None,
        value=_shown(value),
        taken_on=taken_on,
        previous_value=_shown(row.previous_value),
        previous_on=row.previous_on,
        photo_id=row.photo_id,
        proof=row.proof,
        part=row.part,
        for_period=row.for_period,
        compared=compared.pop(served, ()) if is_usual else (),
    )


def _read(row: Row[Any]) -> tuple[Quantity | None, date | None]:
    """That of the charge, or else the last that its month was counted by."""
    if row.value is None:
        told = last_reading(row.proof)
        return told or (None, None)
    return row.value, row.taken_on


# Made once and kept: writing it anew costs more than running it.
_LINES = _lines()


def _shown(value: Quantity | None) -> str:
    """As a number, «12547»: the dial's zeros are for comparing with the meter, not for a bill."""
    return "" if value is None else value.text()
