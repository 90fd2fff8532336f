"""The bands by which some services are priced on a day."""

from collections.abc import Collection, Iterable
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, select

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.session import Session
from portal.db.tariffs import Band as BandRow
from portal.domain.charging.bands import Band, Bands
from portal.domain.charging.line import Priced
from portal.domain.timeline import Since, Timeline

_band = table_of(BandRow)


def bands_of(session: Session, service_ids: Collection[int]) -> dict[int, Timeline[Bands]]:
    """All tables of bands of these services: one statement, none where there is no service."""
    if not service_ids:
        return {}
    query = _of_services(places_for(service_ids))
    rows = session.execute(query, among("service", service_ids)).all()
    of_service = groupby(rows, key=lambda row: row.service_id)
    return {service_id: tables(some) for service_id, some in of_service}


@cache
def _of_services(places: int) -> Select[Any]:
    return (
        select(_band)
        .where(is_among(_band.c.service_id, "service", places))
        .order_by(_band.c.service_id)
    )


def tables(rows: Iterable[Row[Any]]) -> Timeline[Bands]:
    """The tables of one service, from the rows of all their bands."""
    ordered = sorted(rows, key=lambda row: (row.valid_from, row.position))
    days = groupby(ordered, key=lambda row: row.valid_from)
    return tuple(Since(day, _table(steps)) for day, steps in days)


def _table(steps: Iterable[Row[Any]]) -> Bands:
    return Bands(tuple(Band(step.upto, Priced(-step.id, step.price)) for step in steps))
