"""A database from before acts and owners had their own place: its money and its journal hold."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from portal.backend import Backend
from portal.db.engine import writing
from portal.db.ledger import Charge, Payment, Transfer
from portal.db.migrate import upgrade
from portal.db.parties import PremisesFact
from portal.services.audit import audit
from portal.services.audit_finding import Rule
from tests.builders import NOW, a_house
from tests.support.carried import carried_back, continues_counting, sums
from tests.support.full_house import FullHouse, a_lived_in_house
from tests.support.months import gets_what_months_need, refuses_access
from tests.support.remitted import gets_settled

SUMMED = (
    (Charge, "amount"), (Payment, "amount"), (Transfer, "amount"), (PremisesFact, "value"),
)  # fmt: skip


@pytest.fixture
def before(sqlite_url: str) -> Iterator[Backend]:
    """A settled house of today's program that knows neither, to be carried back."""
    backend = Backend(sqlite_url, clock=lambda: NOW)
    lived_in: FullHouse = a_lived_in_house(backend)
    gets_what_months_need(lived_in.house, lived_in.flat)
    gets_settled(lived_in.house, lived_in.flat)
    yield backend
    backend.close()


def test_money_and_journal_hold_and_acts_are_vouched_for(
    before: Backend, blank_database_url: str
) -> None:
    upgrade(carried_back(before, blank_database_url, "0018"))
    after = Backend(blank_database_url, clock=lambda: NOW)
    assert sums(after, SUMMED) == sums(before, SUMMED)
    assert after.read_now(audit) == ()
    continues_counting(after)

    house = a_house(after, "new")
    refuses_access(house, house.a_resident().an_agreement("DOM-99"))
    assert after.read_now(audit) == ()

    with writing(after.engine) as connection:
        connection.execute(text("UPDATE refusal SET document = 'акт № 6'"))
    found = {each.table for each in after.read_now(audit) if each.rule is Rule.JOURNAL}
    assert found == {"refusal"}
    after.close()
