"""A database from before months were charged: the same sums after, and a journal that holds."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from portal.backend import Backend
from portal.db.accounts import Meter
from portal.db.base import Base, table_of
from portal.db.digest import digest
from portal.db.engine import writing
from portal.db.invoices import Invoice
from portal.db.ledger import Charge, Payment, Transfer
from portal.db.migrate import upgrade
from portal.db.parties import Operator, Premises
from portal.db.readings import Reading
from portal.db.tariffs import Service
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Price, Quantity
from portal.services.audit import audit
from portal.services.audit_finding import Rule
from tests.builders import NOW
from tests.support.carried import carried_back, sums
from tests.support.full_house import a_lived_in_house

SUMMED = (
    (Charge, "amount"), (Charge, "volume"), (Payment, "amount"), (Transfer, "amount"),
    (Invoice, "total"), (Reading, "value"),
)  # fmt: skip

ADDED = (
    ("operator", "charges_penalty = true"),
    ("service", "fallback = 'average_then_norm'"),
    ("meter", "closing_value = 1"),
    ("charge", "part = 'excess'"),
)
# With the digests that the program of that time computed.
ROWS_THEN: dict[type[Base], tuple[dict[str, Any], str]] = {
    Charge: (
        {
            "key": None, "agreement_id": 1, "account_id": 2, "service_id": 3, "reading_id": 4,
            "period": Period(2026, 10), "posted_at": NOW, "volume": Quantity.parse("8,12"),
            "price_id": 5, "price": Price.parse("53,41"), "amount": Money.parse("433,69"),
            "reverses_id": None, "proof": {"method": "metered"},
        },
        "b992f4f11c21954b",
    ),
    Meter: (
        {
            "account_id": 2, "service_id": 3, "serial": "123", "integer_digits": 5,
            "fraction_digits": 3, "installed_on": date(2026, 1, 15), "verified_until": None,
            "replaces_id": None,
        },
        "cb62a812400282ef",
    ),
    Premises: (
        {
            "key": "2", "address": "кв. 2", "area": Quantity.parse("54,3"), "heated_area": None,
            "residents_registered": 2,
        },
        "7c6158ba12a47de6",
    ),
    Operator: (
        {
            "key": "uk", "name": "УК", "inn": "7736520080", "kpp": None,
            "account": "40702810338360027201", "bank_name": "Банк", "bic": "044525225",
            "corr_account": None, "timezone": "Europe/Moscow", "address": None, "phone": None,
            "email": None, "site": None, "readings_due_day": 25, "entry_tolerance_days": 3,
        },
        "2d43194151268919",
    ),
    Service: (
        {
            "tariff_id": 1, "external_id": "zkh_1", "name": "Вода", "unit": "м³",
            "kind": "one_time", "method": "metered", "resident_may_manage": True, "position": 1,
            "photo": "optional",
        },
        "4b0921fc248ed046",
    ),
}  # fmt: skip


@pytest.fixture
def before(sqlite_url: str) -> Iterator[Backend]:
    """A lived-in house of today's program, to be carried back."""
    backend = Backend(sqlite_url, clock=lambda: NOW)
    a_lived_in_house(backend)
    yield backend
    backend.close()


@pytest.fixture
def old(before: Backend, blank_database_url: str) -> str:
    """The same rows and the same journal in the schema of before."""
    return carried_back(before, blank_database_url, "0006")


def test_sums_and_journal_hold_and_what_was_added_is_vouched_for(before: Backend, old: str) -> None:
    upgrade(old)
    after = Backend(old, clock=lambda: NOW)
    assert sums(after, SUMMED) == sums(before, SUMMED)
    assert after.read_now(audit) == ()
    with writing(after.engine) as connection:
        for table, change in ADDED:
            connection.execute(text(f"UPDATE {table} SET {change} WHERE id = 1"))
    vouched = [each for each in after.read_now(audit) if each.rule is Rule.JOURNAL]
    assert [str(finding) for finding in vouched] == [
        f"{table} 1: строка изменена мимо журнала" for table, _ in ADDED
    ]
    after.close()


@pytest.mark.parametrize("model", ROWS_THEN)
def test_a_digest_of_before_is_the_digest_of_now(model: type[Base]) -> None:
    row, then = ROWS_THEN[model]
    later = {
        column.name: column.info["absent"]
        for column in table_of(model).columns
        if "absent" in column.info
    }
    assert digest(table_of(model), later | row) == then
