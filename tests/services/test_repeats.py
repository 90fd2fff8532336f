"""What the key of a submission is for.  A sender whose answer was lost sends again, and by then it
is another day: with the key this is the reading that he knows of, without it there are two.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.backend import Backend
from portal.db.base import table_of
from portal.db.ledger import Charge
from portal.db.readings import Reading
from portal.services.audit import audit
from portal.services.entry import Entry, EntryValue
from tests.builders import Counter, a_house
from tests.support.entries import submit

BEFORE_MIDNIGHT = datetime(2026, 11, 24, 20, 59, 59, tzinfo=UTC)
"""In Moscow."""
FIRST, OTHER = "key-of-the-first", "key-of-the-second"


@pytest.fixture
def backend(database_url: str) -> Iterator[Backend]:
    backend = Backend(database_url, lambda: BEFORE_MIDNIGHT)
    yield backend
    backend.close()


@pytest.fixture
def water(backend: Backend) -> Counter:
    flat = a_house(backend).a_resident().an_agreement()
    service = flat.house.a_service("zkh_water", price="53,41")
    return flat.an_account().a_meter(service).opens_at("248", on=date(2026, 10, 21))


@pytest.mark.parametrize(
    ("second_key", "readings"), [(FIRST, 1), (OTHER, 2)], ids=["with the key", "without it"]
)
def test_a_repeat_after_midnight(
    backend: Backend, water: Counter, second_key: str, readings: int
) -> None:
    person = water.account.flat.person
    value = EntryValue(f"{water.account.id}/zkh_water", "256", None, takes_newest=True)
    entry = Entry("", (value,), is_of_today=True)

    for key, later in ((FIRST, timedelta()), (second_key, timedelta(seconds=2))):
        submit(backend, person.id, entry, BEFORE_MIDNIGHT + later, key)

    assert (_rows(backend, Reading) - 1, _rows(backend, Charge)) == (readings, readings)
    assert backend.read_now(audit) == ()


def _rows(backend: Backend, model: type) -> int:
    count = select(func.count()).select_from(table_of(model))
    return int(backend.read_now(lambda session: session.execute(count).scalar_one()))
