"""A database from before residents paid by card: its channels and its journal hold."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from portal.backend import Backend
from portal.db.engine import writing
from portal.db.incoming import Incoming
from portal.db.ledger import Payment, Transfer
from portal.services.audit import audit
from portal.services.audit_finding import Rule
from tests.builders import NOW, a_house
from tests.support.acquiring import pays_by_card
from tests.support.carried import brought_up
from tests.support.full_house import a_paid_house
from tests.support.refunding import gives_back

SUMMED = ((Payment, "amount"), (Transfer, "amount"), (Incoming, "amount"))


@pytest.fixture
def before(sqlite_url: str) -> Iterator[Backend]:
    """A house with everything but cards, of today's program, to be carried back."""
    backend = Backend(sqlite_url, clock=lambda: NOW)
    full = a_paid_house(backend)
    gives_back(full.house, full.other_flat)
    yield backend
    backend.close()


def test_channels_and_journal_hold_and_what_was_added_is_vouched_for(
    before: Backend, blank_database_url: str
) -> None:
    after = brought_up(before, blank_database_url, "0010", SUMMED)

    pays_by_card(a_house(after, "new").a_resident().an_agreement("NEW-1"))
    assert after.read_now(audit) == ()

    with writing(after.engine) as connection:
        connection.execute(text("UPDATE pay_channel SET place = 'x' WHERE id = 1"))
        connection.execute(text("UPDATE intent SET amount = amount + 1 WHERE id = 1"))
    findings = after.read_now(audit)
    vouched = [each.table for each in findings if each.rule is Rule.JOURNAL]
    assert sorted(vouched) == ["intent", "pay_channel"]
    told = [each.table for each in findings if each.rule is Rule.INCOMING]
    assert told == ["intent"]
    after.close()
