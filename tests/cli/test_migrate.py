"""`migrate`: from nothing to the present schema, and then nothing more."""

from pathlib import Path

import pytest
from sqlalchemy import text

from portal.db.engine import make_engine
from portal.db.schema import TABLES
from tests.cli.conftest import Cli


@pytest.fixture
def database(blank_database_url: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """One without tables, once on SQLite and once on PostgreSQL, and the portal's."""
    assert not data_dir.exists()
    monkeypatch.setenv("ZHKH_DATABASE_URL", blank_database_url)
    return blank_database_url


def _execute(address: str, statement: str) -> None:
    engine = make_engine(address)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.mark.usefixtures("database")
def test_the_schema_is_made_once(cli: Cli) -> None:
    first, second = cli("migrate"), cli("migrate")
    assert (first.code, second.code) == (0, 0)
    assert f"Схема создана, таблиц: {len(TABLES)}\n" in first.out
    assert "Схема уже актуальна, изменений: 0\n" in second.out
    assert cli("check").code == 0


def test_a_newer_database_is_left_alone(cli: Cli, database: str) -> None:
    cli("migrate")
    _execute(database, "UPDATE alembic_version SET version_num = 'from the future'")
    told = cli("migrate")
    assert told.code == 1
    assert "база новее программы или чужая. Ничего не изменено" in told.err
    for words in (["load", "x.toml"], ["user", "end-sessions", "DOM-12"], ["serve"]):
        refusal = cli(*words)
        assert refusal.code == 1
        assert "Traceback" not in refusal.err


def test_the_folder_is_made(cli: Cli, data_dir: Path) -> None:
    assert cli("migrate").code == 0
    assert (data_dir / "portal.sqlite3").exists()


def test_a_database_out_of_reach(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHKH_DATABASE_URL", "sqlite:////proc/nowhere/portal.sqlite3")
    told = cli("migrate")
    assert told.code == 1
    assert told.err.startswith("База данных не отвечает: sqlite:////proc/nowhere/portal.sqlite3.")
