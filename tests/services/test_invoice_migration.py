"""A database from before the portal issued invoices: its money and its journal hold."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from portal.backend import Backend
from portal.db.engine import writing
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.db.ledger import Charge, Payment, Transfer
from portal.db.migrate import upgrade
from portal.services.audit import audit
from portal.services.audit_finding import Rule
from tests.builders import NOW
from tests.support.carried import carried_back, sums
from tests.support.full_house import a_lived_in_house
from tests.support.months import gets_what_months_need

SUMMED = (
    (Charge, "amount"), (Payment, "amount"), (Transfer, "amount"), (Invoice, "total"),
    (InvoiceLine, "amount"), (Allocation, "amount"),
)  # fmt: skip
ADDED = (
    ("invoice", "opening = 1"),
    ("invoice_line", "turn = 1"),
    ("allocation", "allocated_at = '2026-11-24 09:00:00'"),
)


@pytest.fixture
def before(sqlite_url: str) -> Iterator[Backend]:
    """A house whose months can be charged, of today's program, to be carried back."""
    backend = Backend(sqlite_url, clock=lambda: NOW)
    lived_in = a_lived_in_house(backend)
    gets_what_months_need(lived_in.house, lived_in.flat)
    yield backend
    backend.close()


def test_money_and_journal_hold_and_what_was_added_is_vouched_for(
    before: Backend, blank_database_url: str
) -> None:
    upgrade(carried_back(before, blank_database_url, "0007"))
    after = Backend(blank_database_url, clock=lambda: NOW)
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
