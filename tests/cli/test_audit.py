"""`audit` proves the books, or names what is wrong in them."""

from pathlib import Path

import pytest
from sqlalchemy import text

from portal.db.engine import make_engine
from tests.cli.conftest import Cli
from tests.cli.test_load import MANUAL


@pytest.fixture
def database(
    database_url: str, data_dir: Path, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The shipped example, loaded, once on SQLite and once on PostgreSQL."""
    assert not data_dir.exists()
    monkeypatch.setenv("ZHKH_DATABASE_URL", database_url)
    file = tmp_path / "дом.toml"
    file.write_text(MANUAL)
    assert cli("load", str(file)).code == 0
    return database_url


def _execute(address: str, statement: str) -> None:
    engine = make_engine(address)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.mark.usefixtures("database")
def test_a_loaded_house_adds_up(cli: Cli) -> None:
    told = cli("audit")
    assert (told.code, told.err) == (0, "")
    (line,) = told.out.splitlines()
    assert line.startswith("Проверено: таблиц ")
    assert line.endswith("; нарушений нет")


def test_one_kopeck_is_found_and_named(cli: Cli, database: str) -> None:
    _execute(database, "UPDATE transfer SET amount = amount + 1 WHERE id = 2")
    told = cli("audit")
    *findings, verdict = told.out.splitlines()
    assert told.code == 1
    assert any(line.startswith("transfer 2: ") for line in findings), told.out
    assert f"нарушений {len(findings)}" in verdict


def test_without_a_database_nothing_is_made(cli: Cli, data_dir: Path) -> None:
    told = cli("audit")
    assert told.code == 1
    assert told.err.startswith("Базы данных ещё нет")
    assert not data_dir.exists()
