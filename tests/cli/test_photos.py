"""`photos prune` removes what is kept no longer, and says how much."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.backend import Backend
from portal.services.photos import UNSENT_KEPT
from tests.builders import a_house
from tests.cli.conftest import Cli
from tests.support.photos import files_in, takes_photo


@pytest.fixture
def database(database_url: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    assert not data_dir.exists()
    monkeypatch.setenv("ZHKH_DATABASE_URL", database_url)
    return database_url


def test_forgotten_photos_are_removed_once(cli: Cli, database: str, data_dir: Path) -> None:
    backend = Backend(database)
    house, folder = a_house(backend), data_dir / "photos"
    takes_photo(backend, house.a_resident().id, folder)
    backend.clock = lambda: datetime.now(UTC) - UNSENT_KEPT - timedelta(hours=1)
    takes_photo(backend, house.a_resident().id, folder)
    backend.close()
    first, second = cli("photos", "prune"), cli("photos", "prune")
    assert (
        first.out == "Удалено снимков старше 1095 дней: 0, без показаний: 1. Файлов удалено: 0.\n"
    )
    assert second.out.endswith("без показаний: 0. Файлов удалено: 0.\n")
    assert len(files_in(data_dir / "photos")) == 1
    assert cli("audit").code == 0


def test_without_a_database_nothing_is_made(cli: Cli, data_dir: Path) -> None:
    told = cli("photos", "prune")
    assert told.code == 1
    assert told.err.startswith("Базы данных ещё нет")
    assert not data_dir.exists()
