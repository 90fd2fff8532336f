"""What the database has of the facts that months are charged by."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.db.accounts import AccountFact, AccountTariff, Refusal
from portal.db.base import Base, table_of
from portal.db.houses import House, HouseChoice, HouseFact, HouseVolume
from portal.db.parties import Absence, Operator, PremisesFact
from portal.db.rates import DayOff, DueDay, KeyRate, RateCap
from portal.db.suppliers import ServiceTerms, Supplier
from portal.db.tariffs import Band, Service, ServiceFact, ServiceSource
from portal.db.usage import Usage, Work
from portal.imports.book.format import SOURCES
from portal.imports.book.known import Known, named
from portal.imports.book.reading import Book


@dataclass(frozen=True, slots=True)
class Shelved:
    """How the rows of a table are told apart; they are read by the first column of the key, or by
    the column `by`.
    """

    table: str
    model: type[Base]
    key: tuple[str, ...]
    by: str = ""

    @property
    def column(self) -> str:
        return self.by or self.key[0]


SHELVED = {
    shelved.table: shelved
    for shelved in (
        Shelved("service_terms", ServiceTerms, ("service_id", "valid_from")),
        Shelved("norms", ServiceFact, ("service_id", "kind", "valid_from")),
        Shelved("coefficients", ServiceFact, ("service_id", "kind", "valid_from")),
        Shelved("bands", Band, ("service_id", "valid_from", "position")),
        Shelved("house_facts", HouseFact, ("house_id", "kind", "valid_from")),
        Shelved("house_choices", HouseChoice, ("house_id", "service_external_id", "valid_from")),
        Shelved(
            "house_volumes", HouseVolume, ("house_id", "service_external_id", "period", "revision")
        ),
        Shelved("premises_facts", PremisesFact, ("premises_id", "kind", "valid_from")),
        Shelved("absences", Absence, ("premises_id", "left_on", "document")),
        Shelved("account_tariffs", AccountTariff, ("account_id", "valid_from")),
        Shelved("account_facts", AccountFact, ("account_id", "service_id", "kind", "valid_from")),
        Shelved("refusals", Refusal, ("account_id", "service_id", "refused_on")),
        Shelved("usages", Usage, ("account_id", "service_id", "external_id"), by="external_id"),
        Shelved("works", Work, ("account_id", "service_id", "key"), by="key"),
        Shelved("key_rates", KeyRate, ("valid_from",)),
        Shelved("due_days", DueDay, ("operator_id", "valid_from"), by="valid_from"),
        Shelved("days_off", DayOff, ("day",)),
    )
}
_OWNERS = {
    "service_id": "services",
    "house_id": "houses",
    "premises_id": "premises",
    "account_id": "accounts",
}


def gather_month(known: Known, book: Book) -> None:
    """After the parties and the catalogue: most facts are found by their owners."""
    known.gather("suppliers", Supplier, "key", named(book, "suppliers"))
    known.gather("houses", House, "key", named(book, "houses"))
    owners = known.column("houses", "operator_id") - known["operators"].by_id.keys()
    known.gather("operators", Operator, "id", owners, "key")
    _gather_codes(known, book)
    for shelved in SHELVED.values():
        if book.rows[shelved.table] or (
            shelved.table == "account_tariffs" and book.rows["accounts"]
        ):
            values = _values(known, book, shelved)
            known.gather(shelved.table, shelved.model, shelved.column, values, *shelved.key)
    if book.rows["rate_caps"]:  # all of them: they must not overlap
        for row in known.session.execute(select(table_of(RateCap))).mappings():
            known["rate_caps"].put((row["valid_from"],), dict(row))


def _values(known: Known, book: Book, shelved: Shelved) -> Iterable[Any]:
    column = shelved.column
    if column in _OWNERS:
        return known.ids(_OWNERS[column])
    return {row[column] for row in book.rows[shelved.table] if column in row.values}


def _gather_codes(known: Known, book: Book) -> None:
    """The services of any tariff that sources and houses' meters name."""
    codes = {code for row in book.rows["services"] for code in row.get("sources", ())}
    if codes:
        ids = known.ids("services")
        known.gather(SOURCES, ServiceSource, "service_id", ids, "service_id", "source_external_id")
    for table in ("house_choices", "house_volumes"):
        codes |= {row["service"] for row in book.rows[table] if "service" in row.values}
    known.gather("codes", Service, "external_id", codes)
