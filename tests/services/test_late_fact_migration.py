"""A database from before late facts were marked: its money and its journal hold."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from portal.backend import Backend
from portal.db.engine import writing
from portal.db.ledger import Charge, Payment, Transfer
from portal.db.migrate import upgrade
from portal.services.audit import audit
from portal.services.audit_finding import Rule
from tests.builders import NOW, a_house
from tests.support.carried import carried_back, continues_counting, sums
from tests.support.full_house import FullHouse, a_lived_in_house
from tests.support.months import gets_what_months_need, learns_late
from tests.support.remitted import gets_settled

SUMMED = ((Charge, "amount"), (Payment, "amount"), (Transfer, "amount"))


@pytest.fixture
def before(sqlite_url: str) -> Iterator[Backend]:
    """A settled house of today's program of which nothing was learned late, to be carried back."""
    backend = Backend(sqlite_url, clock=lambda: NOW)
    lived_in: FullHouse = a_lived_in_house(backend)
    gets_what_months_need(lived_in.house, lived_in.flat)
    gets_settled(lived_in.house, lived_in.flat)
    yield backend
    backend.close()


def test_money_and_journal_hold_and_late_facts_are_vouched_for(
    before: Backend, blank_database_url: str
) -> None:
    upgrade(carried_back(before, blank_database_url, "0015"))
    after = Backend(blank_database_url, clock=lambda: NOW)
    assert sums(after, SUMMED) == sums(before, SUMMED)
    assert after.read_now(audit) == ()
    continues_counting(after)

    house = a_house(after, "new")
    learns_late(house, house.a_resident().an_agreement("DOM-99"))
    assert after.read_now(audit) == ()

    with writing(after.engine) as connection:
        connection.execute(text("UPDATE late_fact SET first_period = '2026-08'"))
    found = {each.table for each in after.read_now(audit) if each.rule is Rule.JOURNAL}
    assert found == {"late_fact"}
    after.close()
