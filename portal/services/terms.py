"""The dated terms of services, as a charge asks for them: whose its money is."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Select, select

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.session import Session
from portal.db.suppliers import ServiceTerms
from portal.domain.payee import Payee
from portal.domain.timeline import Since, Timeline

_terms = table_of(ServiceTerms)


def terms_of(session: Session, service_ids: Collection[int]) -> Mapping[int, Timeline[Payee]]:
    """By service, nothing for one that has none; one statement."""
    found: dict[int, list[Since[Payee | None]]] = defaultdict(list)
    query = _of_services(places_for(service_ids))
    for row in session.execute(query, among("service", service_ids)):
        payee = Payee(row.scheme, row.supplier_id)
        found[row.service_id].append(Since(row.valid_from, payee))
    return {service_id: tuple(sinces) for service_id, sinces in found.items()}


@cache
def _of_services(places: int) -> Select[Any]:
    columns = (_terms.c.service_id, _terms.c.valid_from, _terms.c.scheme, _terms.c.supplier_id)
    return (
        select(*columns)
        .where(is_among(_terms.c.service_id, "service", places))
        .order_by(_terms.c.valid_from, _terms.c.id)
    )
