"""A database from before houses had choices: its money and its journal hold."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from portal.backend import Backend
from portal.db.engine import writing
from portal.db.houses import HouseFact, HouseVolume
from portal.db.ledger import Charge, Payment, Transfer
from portal.services.audit import audit
from portal.services.audit_finding import Rule
from tests.builders import NOW, a_house
from tests.support.carried import brought_up
from tests.support.full_house import a_settled_house
from tests.support.incoming import a_channel, an_order, pays
from tests.support.months import chooses

SUMMED = (
    (Charge, "amount"), (Payment, "amount"), (Transfer, "amount"), (HouseFact, "value"),
    (HouseVolume, "volume"),
)  # fmt: skip


@pytest.fixture
def before(sqlite_url: str) -> Iterator[Backend]:
    """A settled house of today's program that no choice was loaded for, to be carried back."""
    backend = Backend(sqlite_url, clock=lambda: NOW)
    lived_in = a_settled_house(backend)
    assert pays(backend, a_channel(lived_in.house), an_order(lived_in.flat.number)).is_new
    yield backend
    backend.close()


def test_money_and_journal_hold_and_choices_are_vouched_for(
    before: Backend, blank_database_url: str
) -> None:
    after = brought_up(before, blank_database_url, "0013", SUMMED)

    chooses(a_house(after, "new"))
    assert after.read_now(audit) == ()

    with writing(after.engine) as connection:
        connection.execute(text("UPDATE house_choice SET season_months = 5"))
    (vouched,) = (each for each in after.read_now(audit) if each.rule is Rule.JOURNAL)
    assert vouched.table == "house_choice"
    after.close()
