"""The sums of a run in words."""

from collections.abc import Mapping

from sqlalchemy import select

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.session import Session
from portal.db.suppliers import Supplier
from portal.db.tariffs import Service
from portal.domain.money import ZERO, Money
from portal.services.office.billing.report import Figure

_service, _supplier = table_of(Service), table_of(Supplier)


def names_of(session: Session, sums: Mapping[Figure, Money]) -> list[tuple[str, Money]]:
    """«Холодная вода, АО «Водоканал»» with its sum, in the order of the alphabet; services of one
    name are one, of whatever tariff.
    """
    services = _names(session, {service for service, _ in sums})
    suppliers = {row.id: row.name for row in session.execute(select(_supplier))}
    told: dict[str, Money] = {}
    for (service, supplier), amount in sums.items():
        name = services[service]
        whole = name if supplier is None else f"{name}, {suppliers[supplier]}"
        told[whole] = told.get(whole, ZERO) + amount
    return sorted(told.items())


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    query = select(_service.c.id, _service.c.name).where(
        is_among(_service.c.id, "service", places_for(ids))
    )
    return {row.id: row.name for row in session.execute(query, among("service", ids))}
