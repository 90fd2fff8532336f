"""What a counter usually uses."""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, type_coerce

from portal.db.accounts import Meter
from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.readings import Reading
from portal.db.session import Session
from portal.db.types import WholeNumber
from portal.domain.meter import Dial
from portal.domain.quantity import Quantity
from portal.services.register_state import OPENING, Counter

HISTORY_MAX = 13

_reading, _later = table_of(Reading), table_of(Reading).alias("later")
_before, _meter = table_of(Reading).alias("before"), table_of(Meter)

Volumes = tuple[tuple[int, Quantity], ...]
"""Newest first: the id of a reading and what was used since the one before it."""


def recent_volumes(session: Session, counters: Collection[Counter]) -> dict[Counter, Volumes]:
    """At most the last 13 of each counter, whenever they were or will be charged: what is charged
    with its month is known by its readings as well.
    """
    found: dict[Counter, list[tuple[int, Quantity]]] = {counter: [] for counter in counters}
    accounts = {account_id for account_id, _ in counters}
    rows = session.execute(_newest_first(places_for(accounts)), among("account", accounts))
    for reading_id, account_id, service_id, value, previous, *digits in rows.all():
        volumes = found.get((account_id, service_id))
        volume = _volume(value, previous, *digits)
        if volumes is not None and volume is not None:
            volumes.append((reading_id, volume))
    return {counter: tuple(volumes) for counter, volumes in found.items()}


def _volume(value: int, previous: int, *digits: int | None) -> Quantity | None:
    """None where a counter fell that cannot have passed its end.  Of whole millionths: most of the
    thousands of values that a long entry asks for are subtracted and forgotten.
    """
    if value >= previous:
        return Quantity(value - previous)
    return Dial(*digits).rolled_over(Quantity(previous), Quantity(value))


def _micro(value: ColumnElement[Any]) -> ColumnElement[int]:
    return type_coerce(value, WholeNumber)


@cache  # writing it anew costs more than running it
def _newest_first(places: int) -> Select[Any]:
    superseded = select(_later.c.id).where(_later.c.supersedes_id == _reading.c.id).exists()
    age = func.row_number().over(
        partition_by=(_reading.c.account_id, _reading.c.service_id),
        order_by=(_reading.c.taken_on.desc(), _reading.c.id.desc()),
    )
    ranked = (
        select(
            _reading.c.id, _reading.c.account_id, _reading.c.service_id, _reading.c.meter_id,
            _micro(_reading.c.value).label("value"),
            _micro(_before.c.value).label("previous_value"), age.label("age"),
        )
        .join(_before, _before.c.id == _reading.c.previous_id)
        .where(
            is_among(_reading.c.account_id, "account", places),
            _reading.c.source != OPENING,
            ~superseded,
        )
        .subquery()
    )  # fmt: skip
    columns = (
        ranked.c.id, ranked.c.account_id, ranked.c.service_id, ranked.c.value,
        ranked.c.previous_value, _meter.c.integer_digits, _meter.c.fraction_digits,
    )  # fmt: skip
    return (
        select(*columns)
        .outerjoin(_meter, _meter.c.id == ranked.c.meter_id)
        .where(ranked.c.age <= HISTORY_MAX)
        .order_by(ranked.c.age)
    )
