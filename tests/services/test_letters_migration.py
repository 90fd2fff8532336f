"""A database from before there were letters: its money and its journal hold."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from portal.backend import Backend
from portal.db.engine import writing
from portal.db.incoming import Incoming
from portal.db.ledger import Payment, Transfer
from portal.domain.identity import ResidentId
from portal.services.audit import audit
from portal.services.audit_finding import Rule
from portal.services.profile import choose_receipts, profile
from tests.builders import NOW
from tests.support.carried import brought_up
from tests.support.full_house import a_paid_house

SUMMED = ((Payment, "amount"), (Transfer, "amount"), (Incoming, "amount"))


@pytest.fixture
def before(sqlite_url: str) -> Iterator[Backend]:
    """A house that terminals pay to, of today's program, to be carried back."""
    backend = Backend(sqlite_url, clock=lambda: NOW)
    a_paid_house(backend)
    yield backend
    backend.close()


def test_money_and_journal_hold_and_whoever_has_an_address_gets_receipts(
    before: Backend, blank_database_url: str
) -> None:
    after = brought_up(before, blank_database_url, "0011", SUMMED)
    resident = _any_resident(after)
    assert after.read_now(profile, resident).wants_receipts
    after.write_now(choose_receipts, resident, wanted=False)
    assert not after.read_now(profile, resident).wants_receipts
    assert after.read_now(audit) == ()

    with writing(after.engine) as connection:
        connection.execute(text("UPDATE resident SET wants_receipts = NOT wants_receipts"))
    vouched = [each for each in after.read_now(audit) if each.rule is Rule.JOURNAL]
    assert {finding.table for finding in vouched} == {"resident"}
    after.close()


def _any_resident(backend: Backend) -> ResidentId:
    asked = text("SELECT min(id) FROM resident")
    return ResidentId(backend.read_now(lambda session: session.execute(asked).scalar_one()))
