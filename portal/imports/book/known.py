"""What the database already has of the things that a file names: read in a few statements, so
that all checks run in memory.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from portal.db.accounts import Agent, CustomField, FieldValue, Meter, ServiceAccount
from portal.db.base import Base, table_of
from portal.db.incoming import PayChannel
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.db.ledger import Charge, Payment
from portal.db.notices import Notice
from portal.db.parties import Agreement, Operator, Premises, Resident
from portal.db.promises import PromiseTerms
from portal.db.readings import Reading
from portal.db.session import Session
from portal.db.tariffs import Price, Service, Tariff
from portal.imports.book.format import BY_NAME, FIELD_VALUES
from portal.imports.book.reading import Book

Key = tuple[Any, ...]
Entry = dict[str, Any]
"""A stored row: its columns and its id."""
# Below the number of parameters that either database takes in one statement.
AT_ONCE = 5000


@dataclass(slots=True)
class Shelf:
    """The stored rows of one table, by the key that people use and by id."""

    by_key: dict[Key, Entry] = field(default_factory=dict)
    by_id: dict[int, Entry] = field(default_factory=dict)

    def put(self, key: Key, entry: Entry) -> None:
        self.by_key[key] = entry
        self.by_id[entry["id"]] = entry


@dataclass(slots=True)
class Known:
    """The shelves by the table's name in the file."""

    session: Session
    shelves: defaultdict[str, Shelf] = field(default_factory=lambda: defaultdict(Shelf))

    def __getitem__(self, table: str) -> Shelf:
        return self.shelves[table]

    def gather(
        self, table: str, model: type[Base], column: str, values: Iterable[Any], *key: str
    ) -> None:
        """Put the rows whose `column` is one of `values` on the table's shelf, under `key`."""
        for entry in fetch(self.session, model, column, values):
            self[table].put(tuple(entry[name] for name in key or (column,)), entry)

    def ids(self, table: str) -> Collection[int]:
        return self[table].by_id.keys()

    def column(self, table: str, name: str) -> set[Any]:
        return {entry[name] for entry in self[table].by_id.values()} - {None}


def fetch(
    session: Session, model: type[Base], column: str, values: Iterable[Any]
) -> Iterator[Entry]:
    """Whole rows, in the order of their ids within each portion."""
    table = table_of(model)
    for some in portions(sorted(set(values))):
        statement = select(table).where(table.c[column].in_(some)).order_by(table.c.id)
        yield from (dict(row) for row in session.execute(statement).mappings())


def portions(listed: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(listed), AT_ONCE):
        yield listed[start : start + AT_ONCE]


def gather_directory(known: Known, book: Book) -> None:
    """The parties, the catalogue and the papers that `book` describes or refers to."""
    _parties(known, book)
    _catalogue(known)
    _papers(known, book)


def named(book: Book, table: str) -> set[str]:
    """The keys of `table` that occur in the book, described or only referred to."""
    found = {
        row[field.name]
        for rows in book.rows.values()
        for row in rows
        for field in row.table.fields
        if field.target == table and field.name in row.values
    }
    key = BY_NAME[table].label[0]
    return found | {row[key] for row in book.rows[table] if key in row.values}


def _parties(known: Known, book: Book) -> None:
    known.gather("accounts", ServiceAccount, "key", named(book, "accounts"))
    known.gather("charges", Charge, "key", _charge_keys(book))
    known.gather("agreements", Agreement, "number", named(book, "agreements"))
    agreements = known.column("accounts", "agreement_id") - known["agreements"].by_id.keys()
    known.gather("agreements", Agreement, "id", agreements, "number")
    known.gather("premises", Premises, "key", named(book, "premises"))
    for table, model, key, column in (
        ("operators", Operator, "key", "operator_id"),
        ("residents", Resident, "login", "resident_id"),
        ("premises", Premises, "key", "premises_id"),
    ):
        known.gather(table, model, key, named(book, table))
        missing = known.column("agreements", column) - known[table].by_id.keys()
        known.gather(table, model, "id", missing, key)
    known.gather("agents", Agent, "key", named(book, "agents"))
    known.gather("tariffs", Tariff, "key", named(book, "tariffs"))
    known.gather("custom_fields", CustomField, "name", _field_names(book))


def _catalogue(known: Known) -> None:
    """All services and prices of the tariffs concerned, all meters of the accounts."""
    charged = known.column("charges", "service_id")
    tariffs = known.column("accounts", "tariff_id")
    tariffs |= {row["tariff_id"] for row in fetch(known.session, Service, "id", charged)}
    known.gather("tariffs", Tariff, "id", tariffs - known["tariffs"].by_id.keys(), "key")
    for entry in fetch(known.session, Service, "tariff_id", known.ids("tariffs")):
        tariff = known["tariffs"].by_id[entry["tariff_id"]]
        known["services"].put((tariff["key"], entry["external_id"]), entry)
    services, accounts = known.ids("services"), known.ids("accounts")
    known.gather("prices", Price, "service_id", services, "service_id", "valid_from")
    known.gather(FIELD_VALUES, FieldValue, "account_id", accounts, "account_id", "field_id")
    known.gather(
        "meters", Meter, "account_id", accounts, "account_id", "service_id", "installed_on"
    )
    known.gather("readings", Reading, "account_id", accounts, "id")


def _papers(known: Known, book: Book) -> None:
    numbers = {row["number"] for row in book.rows["invoices"] if "number" in row.values}
    numbers |= {
        part["number"]
        for row in book.rows["payments"]
        for part in row.get("invoices", ())
        if "number" in part
    }
    payments = {row["external_id"] for row in book.rows["payments"] if "external_id" in row.values}
    known.gather("invoices", Invoice, "number", numbers, "operator_id", "number")
    issuers = known.column("invoices", "operator_id") - known["operators"].by_id.keys()
    known.gather("operators", Operator, "id", issuers, "key")
    known.gather("payments", Payment, "external_id", payments, "channel", "external_id")
    known.gather("lines", InvoiceLine, "invoice_id", known.ids("invoices"), "id")
    known.gather("lines", InvoiceLine, "charge_id", known.ids("charges"), "id")
    known.gather("allocations", Allocation, "invoice_id", known.ids("invoices"), "id")
    known.gather("allocations", Allocation, "payment_id", known.ids("payments"), "id")
    known.gather("notices", Notice, "key", named(book, "notices"))
    known.gather("pay_channels", PayChannel, "key", named(book, "pay_channels"))
    if book.rows["promise_terms"]:
        operators = known.ids("operators")
        known.gather("promise_terms", PromiseTerms, "operator_id", operators, "operator_id")


def _charge_keys(book: Book) -> set[str]:
    keys = {row["key"] for row in book.rows["charges"] if "key" in row.values}
    return keys | {key for row in book.rows["invoices"] for key in row.get("charges", ())}


def _field_names(book: Book) -> set[str]:
    used = {name for row in book.rows["accounts"] for name in row.get("fields", {})}
    return used | named(book, "custom_fields")
