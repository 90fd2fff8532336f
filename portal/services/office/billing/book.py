"""The book of tariffs as a run needs it: services with their dated prices, norms and terms."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Row, Select, Table, select

from portal.db.among import among, is_among, places_for
from portal.db.base import table_of
from portal.db.session import Session
from portal.db.suppliers import ServiceTerms
from portal.db.tariffs import Band as BandRow
from portal.db.tariffs import Price, Service, ServiceFact, ServiceSource
from portal.domain.charging.bands import Bands
from portal.domain.charging.facts import ServiceFacts
from portal.domain.charging.line import Priced
from portal.domain.charging.methods import Fallback, Method
from portal.domain.payee import Payee
from portal.domain.quantity import Quantity
from portal.domain.settlement import Scheme
from portal.domain.timeline import Since, Timeline, combined
from portal.services.bands_in_force import tables

T = TypeVar("T")
_TERMS = ("scheme", "supplier_id", "commission_percent", "commission_fixed")
_NORMS = ("norm", "common_norm", "heat_per_unit", "coefficient")
_service, _source = table_of(Service), table_of(ServiceSource)
_price, _band, _fact = table_of(Price), table_of(BandRow), table_of(ServiceFact)
_terms = table_of(ServiceTerms)


@dataclass(frozen=True, slots=True)
class BookService:
    """A service with its words and whose it is.

    A band's price stands in the table of bands: its `price_id` is the band's id with a minus.
    """

    facts: ServiceFacts
    tariff_id: int
    name: str
    terms: Timeline[Payee]


def read_book(session: Session, tariff_ids: Collection[int]) -> dict[int, BookService]:
    """The services of these tariffs in their order; six statements, however many there are."""
    query = _services(places_for(tariff_ids))
    rows = list(session.execute(query, among("tariff", tariff_ids)))
    facts = _Facts.read(session, [row.id for row in rows])
    return {row.id: facts.of(row) for row in rows}


@cache
def _services(places: int) -> Select[Any]:
    columns = (
        _service.c.id, _service.c.tariff_id, _service.c.external_id, _service.c.name,
        _service.c.method, _service.c.fallback,
    )  # fmt: skip
    return (
        select(*columns)
        .where(is_among(_service.c.tariff_id, "tariff", places))
        .order_by(_service.c.tariff_id, _service.c.position, _service.c.id)
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    """All rows of some services, by the service."""

    sources: Mapping[int, list[Row[Any]]]
    prices: Mapping[int, list[Row[Any]]]
    bands: Mapping[int, list[Row[Any]]]
    norms: Mapping[int, list[Row[Any]]]
    terms: Mapping[int, list[Row[Any]]]

    @classmethod
    def read(cls, session: Session, service_ids: Collection[int]) -> "_Facts":
        asked = (_source, _price, _band, _fact, _terms)
        return cls(*(_by_service(session, table, service_ids) for table in asked))

    def of(self, row: Row[Any]) -> BookService:
        agreed = self.terms[row.id]
        listed: Timeline[Priced] = dated(
            self.prices[row.id], lambda price: Priced(price.id, price.price)
        )
        prices = _settled(listed, agreed, _priced)
        banded = _settled(tables(self.bands[row.id]), agreed, _banded)
        norms = by_kind(self.norms[row.id])
        facts = ServiceFacts(
            service_id=row.id,
            external_id=row.external_id,
            method=Method(row.method),
            prices=prices,
            # A charge names a price of its service also where a band's price is taken.
            bands=combined(lambda bands, _price: bands, banded, prices) if banded else (),
            fallback=Fallback(row.fallback),
            sources=tuple(each.source_external_id for each in self.sources[row.id]),
            **{kind: norms.get(kind, ()) for kind in _NORMS},
        )
        terms = dated(agreed, lambda each: Payee(each.scheme, each.supplier_id))
        return BookService(facts, row.tariff_id, row.name, terms)


def _by_service(
    session: Session, table: Table, service_ids: Collection[int]
) -> dict[int, list[Row[Any]]]:
    query = _of_services(table, places_for(service_ids))
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(query, among("service", service_ids)):
        found[row.service_id].append(row)
    return found


@cache
def _of_services(table: Table, places: int) -> Select[Any]:
    """In the order of their days, those of one day as they came."""
    order = [table.c.valid_from] if "valid_from" in table.c else []
    return (
        select(table)
        .where(is_among(table.c.service_id, "service", places))
        .order_by(*order, table.c.id)
    )


def dated(rows: Iterable[Row[Any]], value: Any) -> Timeline[Any]:  # noqa: ANN401 - of any column
    """`rows` in the order of their days."""
    return tuple(Since(row.valid_from, value(row)) for row in rows)


def _settled(
    known: Timeline[T], agreed: Sequence[Row[Any]], with_terms: Callable[[T, object], T]
) -> Timeline[T]:
    """Cut also where the terms change, so that no line is of two suppliers or commissions."""
    if not known or not agreed:
        return known
    own: Since[object] = Since(date.min, Scheme.OWN)
    terms = dated(agreed, lambda row: tuple(getattr(row, name) for name in _TERMS))
    return combined(with_terms, known, (own, *terms))


def _priced(priced: Priced, terms: object) -> Priced:
    return replace(priced, terms=terms)


def _banded(bands: Bands, terms: object) -> Bands:
    return Bands(tuple(replace(band, priced=_priced(band.priced, terms)) for band in bands.bands))


def by_kind(rows: Iterable[Row[Any]]) -> dict[str, Timeline[Quantity]]:
    found: dict[str, list[Since[Quantity | None]]] = defaultdict(list)
    for row in rows:
        found[row.kind].append(Since(row.valid_from, row.value))
    return {kind: tuple(sinces) for kind, sinces in found.items()}
