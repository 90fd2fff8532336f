"""Who lives here: a resident with one counter, made for each test, and one with something on
every page, made once for the tests that only read.
"""

import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from portal.backend import Backend
from tests.builders import NOW, Counter, Person, a_house
from tests.support.browsing import Portal, lives_with_password
from tests.support.cabinet import OPEN, Cabinet, settings_of
from tests.support.settled import Settled, a_settled_resident


@dataclass(frozen=True)
class Home:
    """One resident, and his cabinet under whatever flags."""

    backend: Backend
    settled: Settled
    folder: Path

    def cabinet(self, **environ: Any) -> Cabinet:
        """Of an operator who has the ЖКХ module, and these settings beside."""
        return self.cabinet_of(self.settled.person, session_id=self.settled.session_id, **environ)

    def cabinet_of(
        self,
        person: Person,
        *,
        session_id: int = 0,
        must_change_password: bool = False,
        **environ: Any,
    ) -> Cabinet:
        """Of anybody."""
        return Cabinet(
            self.backend,
            person.id,
            settings_of(self.folder, OPEN | environ),
            session_id=session_id,
            must_change_password=must_change_password,
        )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("home")
    shutil.copy(_sqlite_template, folder / "portal.db")
    backend = Backend(f"sqlite+pysqlite:///{folder / 'portal.db'}", clock=lambda: NOW)
    yield Home(backend, a_settled_resident(backend), folder)
    backend.close()


@pytest.fixture
def ivanov(backend: Backend) -> Person:
    person = a_house(backend).a_resident("Иванов Иван", login="ivanov")
    lives_with_password(person)
    return person


@pytest.fixture
def water(ivanov: Person) -> Counter:
    service = ivanov.house.a_service("zkh_voda", "Холодная вода", price="53,41")
    meter = ivanov.an_agreement("DOM-12").an_account("Стояк 1").a_meter(service)
    return meter.opens_at("248,5")


@pytest.fixture
def portal(backend: Backend, tmp_path: Path) -> Portal:
    return Portal(backend, tmp_path)


@pytest.fixture
async def browser(portal: Portal, ivanov: Person) -> AsyncIterator[httpx.AsyncClient]:
    """His own, signed in."""
    async with portal.browser(ivanov.id) as browser:
        yield browser
