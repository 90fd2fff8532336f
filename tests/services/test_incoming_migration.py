"""A database from before payments came from outside: its money and its journal hold."""

from sqlalchemy import text

from portal.backend import Backend
from portal.db.engine import writing
from portal.db.invoices import Allocation
from portal.db.ledger import Payment, Transfer
from portal.db.settlements import Remittance, Share
from portal.services.audit import audit
from portal.services.audit_finding import Rule
from tests.builders import a_house
from tests.support.carried import brought_up
from tests.support.incoming import a_channel, an_order, pays

SUMMED = (
    (Payment, "amount"), (Transfer, "amount"), (Allocation, "amount"), (Share, "amount"),
    (Remittance, "amount"),
)  # fmt: skip


def test_money_and_journal_hold_and_what_was_added_is_vouched_for(
    before: Backend, blank_database_url: str
) -> None:
    after = brought_up(before, blank_database_url, "0008", SUMMED)

    flat = a_house(after, "new").a_resident().an_agreement("NEW-1")
    assert pays(after, a_channel(flat.house), an_order(flat.number)).is_new
    assert after.read_now(audit) == ()

    with writing(after.engine) as connection:
        connection.execute(text("UPDATE payment SET incoming_id = NULL WHERE id > 1"))
        connection.execute(text("UPDATE payment SET incoming_id = 1 WHERE id = 1"))
    vouched = [each for each in after.read_now(audit) if each.rule is Rule.JOURNAL]
    assert [finding.table for finding in vouched] == ["payment", "payment"]
    after.close()
