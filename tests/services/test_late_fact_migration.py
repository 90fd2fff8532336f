"""A database from before late facts were marked: its money and its journal hold."""

from sqlalchemy import text

from portal.backend import Backend
from portal.db.engine import writing
from portal.db.ledger import Charge, Payment, Transfer
from portal.services.audit import audit
from portal.services.audit_finding import Rule
from tests.builders import a_house
from tests.support.carried import brought_up
from tests.support.months import learns_late

SUMMED = ((Charge, "amount"), (Payment, "amount"), (Transfer, "amount"))


def test_money_and_journal_hold_and_late_facts_are_vouched_for(
    before: Backend, blank_database_url: str
) -> None:
    after = brought_up(before, blank_database_url, "0015", SUMMED)

    house = a_house(after, "new")
    learns_late(house, house.a_resident().an_agreement("DOM-99"))
    assert after.read_now(audit) == ()

    with writing(after.engine) as connection:
        connection.execute(text("UPDATE late_fact SET first_period = '2026-08'"))
    found = {each.table for each in after.read_now(audit) if each.rule is Rule.JOURNAL}
    assert found == {"late_fact"}
    after.close()
