"""A real server with small pages."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.small import SmallPortal


@pytest.fixture(scope="session")
def start_small(
    tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path
) -> Iterator[Callable[..., SmallPortal]]:
    """`start_small(ZHKH_PUBLIC_URL="…")`: with a house of two residents, stopped at the end."""
    started: list[SmallPortal] = []

    def start(**settings: str) -> SmallPortal:
        data = tmp_path_factory.mktemp("small")
        database = data / "portal.db"
        shutil.copy(_sqlite_template, database)
        _settle(database)
        portal = SmallPortal(data, database, **settings)
        started.append(portal)
        portal.start()
        return portal

    yield start
    for portal in started:
        if portal.running():
            portal.stop()


@pytest.fixture(scope="session")
def small(start_small: Callable[..., SmallPortal]) -> SmallPortal:
    """One for all."""
    return start_small()


@pytest.fixture
def quiet(small: SmallPortal) -> Iterator[Callable[[], str]]:
    """What the log has got since; at the end no fault is in it."""
    before = len(small.output())
    yield lambda: small.output()[before:]
    said = small.output()[before:]
    assert "Traceback" not in said, said
    assert " ERROR " not in said, said


def _settle(database: Path) -> None:
    from portal.backend import Backend
    from tests.builders import a_house

    backend = Backend(f"sqlite+pysqlite:///{database}")
    house = a_house(backend)
    assert [house.a_resident(name).id for name in ("Иванов", "Петров")] == [1, 2]
    backend.close()
