"""The journal under several writers: what one says that it replaced is what stood there."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.backend import Backend
from portal.db import journal
from portal.db.parties import Resident
from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.services.audit import audit
from tests.builders import a_house

ROUNDS = 20


def rename(session: Session, resident: ResidentId, name: str) -> None:
    journal.change(session, Resident, resident, name=name)


@pytest.fixture
def backend(database_url: str):
    backend = Backend(database_url)
    yield backend
    backend.close()


def test_two_at_once_change_a_row_one_after_the_other(backend: Backend) -> None:
    person = a_house(backend).a_resident()
    names = [f"Иванов {number}" for number in range(ROUNDS * 2)]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: backend.write_now(rename, person.id, name), names))

    assert backend.read_now(audit) == ()
