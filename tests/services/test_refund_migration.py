"""A database from before money was given back: its books, shares and journal hold."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from portal.backend import Backend
from portal.db.engine import writing
from portal.db.invoices import Allocation
from portal.db.ledger import Payment, Transfer
from portal.db.migrate import upgrade
from portal.db.settlements import Remittance, Share
from portal.services.audit import audit
from portal.services.audit_finding import Rule
from tests.builders import NOW
from tests.support.carried import carried_back, sums
from tests.support.full_house import a_paid_house

SUMMED = (
    (Payment, "amount"), (Transfer, "amount"), (Allocation, "amount"), (Share, "amount"),
    (Share, "commission"), (Remittance, "amount"),
)  # fmt: skip


@pytest.fixture
def before(sqlite_url: str) -> Iterator[Backend]:
    """A house that was settled and paid from outside, of today's program, to be carried back."""
    backend = Backend(sqlite_url, clock=lambda: NOW)
    a_paid_house(backend)
    yield backend
    backend.close()


def test_money_and_journal_hold_and_what_was_added_is_vouched_for(
    before: Backend, blank_database_url: str
) -> None:
    upgrade(carried_back(before, blank_database_url, "0009"))
    after = Backend(blank_database_url, clock=lambda: NOW)
    assert sums(after, SUMMED) == sums(before, SUMMED)
    assert after.read_now(audit) == ()

    with writing(after.engine) as connection:
        connection.execute(text("UPDATE allocation SET turn = 1 WHERE id = 1"))
    vouched = [each for each in after.read_now(audit) if each.rule is Rule.JOURNAL]
    assert [finding.table for finding in vouched] == ["allocation"]
    after.close()


def test_what_refers_to_the_copied_tables_still_does(
    before: Backend, blank_database_url: str
) -> None:
    """A share without its allocation, or a commission without its share, is refused as before."""
    upgrade(carried_back(before, blank_database_url, "0009"))
    after = Backend(blank_database_url, clock=lambda: NOW)
    for change in (
        "UPDATE share SET allocation_id = 999999",
        "UPDATE transfer SET share_id = 999999 WHERE id = 1",
        "UPDATE allocation SET refund_id = 999999 WHERE id = 1",
    ):
        with (
            pytest.raises(Exception, match=r"(?i)foreign key|constraint"),
            writing(after.engine) as connection,
        ):
            connection.execute(text(change))
    assert after.read_now(audit) == ()
    after.close()
