"""A database from before acts and owners had their own place: its money and its journal hold."""

from sqlalchemy import text

from portal.backend import Backend
from portal.db.engine import writing
from portal.db.ledger import Charge, Payment, Transfer
from portal.db.parties import PremisesFact
from portal.services.audit import audit
from portal.services.audit_finding import Rule
from tests.builders import a_house
from tests.support.carried import brought_up
from tests.support.months import refuses_access

SUMMED = (
    (Charge, "amount"), (Payment, "amount"), (Transfer, "amount"), (PremisesFact, "value"),
)  # fmt: skip


def test_money_and_journal_hold_and_acts_are_vouched_for(
    before: Backend, blank_database_url: str
) -> None:
    after = brought_up(before, blank_database_url, "0018", SUMMED)

    house = a_house(after, "new")
    refuses_access(house, house.a_resident().an_agreement("DOM-99"))
    assert after.read_now(audit) == ()

    with writing(after.engine) as connection:
        connection.execute(text("UPDATE refusal SET document = 'акт № 6'"))
    found = {each.table for each in after.read_now(audit) if each.rule is Rule.JOURNAL}
    assert found == {"refusal"}
    after.close()
