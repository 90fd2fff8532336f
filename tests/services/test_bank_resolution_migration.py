"""A database from before what banks told strangely could be closed: its journal holds."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from portal.backend import Backend
from portal.db.engine import writing
from portal.db.ledger import Payment, Refund, Transfer
from portal.db.migrate import upgrade
from portal.db.paying import Intent, RefundRequest
from portal.services.audit import audit
from portal.services.audit_finding import Rule
from portal.services.paying.oddities import odd_payments, resolve_odd
from portal.services.paying.outgoing import outgoing
from portal.services.paying.settling import settle
from tests.builders import BUILDER, NOW, a_house
from tests.support.acquiring import a_card_channel, bank_says, begins, pays_by_card
from tests.support.browsing import stored
from tests.support.carried import brought_up, carried_back

SUMMED = (
    (Payment, "amount"), (Transfer, "amount"), (Refund, "amount"), (Intent, "amount"),
    (RefundRequest, "amount"),
)  # fmt: skip


@pytest.fixture
def before(sqlite_url: str) -> Iterator[Backend]:
    """A house that was paid by card, of today's program, to be carried back."""
    backend = Backend(sqlite_url, clock=lambda: NOW)
    pays_by_card(a_house(backend).a_resident(email="a@example.ru").an_agreement("DOM-12"))
    yield backend
    backend.close()


def test_money_and_journal_hold_and_what_was_added_is_vouched_for(
    before: Backend, blank_database_url: str
) -> None:
    after = brought_up(before, blank_database_url, "0014", SUMMED)

    flat = a_house(after, "new").a_resident(email="b@example.ru").an_agreement("NEW-1")
    a_card_channel(flat.house, "карта-2", has_receipts=True, vat_code=1)
    token = begins(flat, channel="карта-2")
    after.write_now(settle, token, bank_says(flat, token, currency="USD"), NOW)
    (odd,) = after.read_now(odd_payments, BUILDER)
    assert after.write_now(resolve_odd, BUILDER, f"карта-{odd.number}", "Спросили", NOW)
    assert after.read_now(audit) == ()

    with writing(after.engine) as connection:
        connection.execute(text("UPDATE bank_resolution SET note = 'x'"))
        connection.execute(text("UPDATE intent SET receipt_email = 'x' WHERE id = 1"))
    findings = after.read_now(audit)
    assert {(each.rule, each.table) for each in findings} == {
        (Rule.JOURNAL, "bank_resolution"), (Rule.JOURNAL, "intent"),
    }  # fmt: skip
    after.close()


def test_the_receipts_of_what_was_begun_before_go_where_the_resident_has_them_now(
    before: Backend, blank_database_url: str
) -> None:
    upgrade(carried_back(before, blank_database_url, "0014"))
    after = Backend(blank_database_url, clock=lambda: NOW)
    with writing(after.engine) as connection:
        connection.execute(text("UPDATE pay_channel SET has_receipts = true, vat_code = 1"))
    token = stored(after)["intent"][0]["token"]
    receipt = after.read_now(outgoing, token).receipt
    assert receipt is not None
    assert receipt.email == "a@example.ru"
    after.close()
