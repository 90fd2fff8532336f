"""A database from before payments could be promised: its rows and its journal hold."""

from collections.abc import Iterator

import pytest

from portal.backend import Backend
from portal.db.incoming import Conflict, Incoming
from portal.db.ledger import Payment, Transfer
from portal.services.audit import audit
from tests.builders import NOW, a_house
from tests.support.carried import brought_up
from tests.support.full_house import a_paid_house
from tests.support.promising import promises, takes_promises

SUMMED = (
    (Payment, "amount"), (Transfer, "amount"), (Incoming, "amount"), (Conflict, "amount"),
)  # fmt: skip


@pytest.fixture
def before(sqlite_url: str) -> Iterator[Backend]:
    """A house that was paid from outside, of today's program, to be carried back."""
    backend = Backend(sqlite_url, clock=lambda: NOW)
    a_paid_house(backend)
    yield backend
    backend.close()


def test_money_and_journal_hold_and_payments_can_be_promised(
    before: Backend, blank_database_url: str
) -> None:
    after = brought_up(before, blank_database_url, "0012", SUMMED)

    flat = a_house(after, "new").a_resident().an_agreement("NEW-1")
    takes_promises(flat.house)
    flat.an_invoice(opening="4000")
    promises(after, flat)

    assert after.read_now(audit) == ()
    after.close()
