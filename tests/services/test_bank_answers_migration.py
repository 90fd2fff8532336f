"""A database from before the answers of banks and their sums for registries were kept: its journal
holds, and it keeps them from now on.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from portal.backend import Backend
from portal.db.engine import writing
from portal.db.incoming import Incoming
from portal.db.ledger import Payment, Transfer
from portal.db.paying import Intent
from portal.gateways.acquiring import Heard
from portal.services.audit import audit
from portal.services.audit_finding import Rule
from portal.services.incoming.lumps import unlisted
from portal.services.paying.answers import keep_answer, known_answer
from tests.builders import BUILDER, NOW, a_house
from tests.support.acquiring import pays_by_card
from tests.support.bank_files import a_file_channel, gets_a_lump
from tests.support.browsing import stored
from tests.support.carried import brought_up

SUMMED = ((Payment, "amount"), (Transfer, "amount"), (Incoming, "amount"), (Intent, "amount"))
HEARD = Heard("GET /payments/1", 200, b'{"id": "1"}')


@pytest.fixture
def before(sqlite_url: str) -> Iterator[Backend]:
    """A house that was paid by card, of today's program, to be carried back."""
    backend = Backend(sqlite_url, clock=lambda: NOW)
    pays_by_card(a_house(backend).a_resident(email="a@example.ru").an_agreement("DOM-12"))
    yield backend
    backend.close()


@pytest.mark.parametrize("revision", ["0015", "0016"])
def test_money_and_journal_hold_and_what_was_added_is_vouched_for(
    before: Backend, blank_database_url: str, revision: str
) -> None:
    after = brought_up(before, blank_database_url, revision, SUMMED)
    assert {row["question"] for row in stored(after)["inbox"]} == {None}

    number = after.write_now(keep_answer, "card-1", HEARD, NOW)
    assert after.read_now(known_answer, "card-1", HEARD) == number
    house = a_house(after, "new")
    gets_a_lump(house, a_file_channel(house), "Сумма=99.00")
    assert after.read_now(unlisted, BUILDER, None) == ()
    assert after.read_now(audit) == ()

    with writing(after.engine) as connection:
        connection.execute(text(f"UPDATE inbox SET question = 'x' WHERE id = {number}"))
        connection.execute(text("UPDATE lump SET amount = 1"))
        connection.execute(text("UPDATE registry SET name = 'x'"))
    findings = after.read_now(audit)
    assert {(each.rule, each.table) for each in findings} == {
        (Rule.JOURNAL, "inbox"), (Rule.JOURNAL, "lump"), (Rule.JOURNAL, "registry"),
    }  # fmt: skip
    after.close()
