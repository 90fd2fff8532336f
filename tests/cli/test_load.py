"""`load`: a house from a file, all of it or nothing, also beside a serving portal."""

import subprocess
from importlib.resources import files
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from portal.backend import Backend
from portal.db.audit_records import AuditRecord
from portal.db.base import table_of
from portal.db.parties import Agreement
from tests.cli.conftest import Cli
from tests.support.processes import clean_environment
from tests.support.server import EXECUTABLE, PortalServer

MANUAL = files("portal.imports.demo").joinpath("manual.toml").read_text("utf-8")

FAULTY = """
[[tariffs]]
name = 7.5

[[agreements]]
number = "DOM-1"
resident = "nobody"
operator = "nobody"

[[tarifs]]
name = "ЖКХ"
"""


@pytest.fixture
def manual(tmp_path: Path) -> Path:
    """The example that the portal ships."""
    file = tmp_path / "дом.toml"
    file.write_text(MANUAL)
    return file


def agreements(address: str) -> list[str]:
    backend = Backend(address)
    number = table_of(Agreement).c.number
    found = backend.read_now(lambda session: list(session.scalars(select(number))))
    backend.close()
    return found


@pytest.fixture
def database(database_url: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Migrated and empty, once on SQLite and once on PostgreSQL, and the portal's."""
    assert not data_dir.exists()
    monkeypatch.setenv("ZHKH_DATABASE_URL", database_url)
    return database_url


def test_a_house_is_loaded_and_counted(cli: Cli, database: str, manual: Path) -> None:
    told = cli("load", str(manual))
    assert (told.code, told.err) == (0, "")
    summary, _, headings, *rows = told.out.splitlines()
    assert summary.startswith("Файл дом.toml загружен. Новых строк: ")
    assert headings.split() == ["Таблица", "новых", "изменено", "без", "изменений"]
    assert {len(row) for row in rows} == {len(headings)}, "aligned"
    assert ["Договоры", "1", "0", "0"] in [row.split() for row in rows]
    assert agreements(database) == ["DOG-S-755"]


def test_a_second_time_nothing_changes(cli: Cli, database: str, manual: Path) -> None:
    cli("load", str(manual))
    told = cli("load", str(manual))
    assert told.code == 0
    assert told.out.startswith("Файл дом.toml уже загружен, изменений нет.\n")
    assert agreements(database) == ["DOG-S-755"]


def test_who_loaded_is_noted(cli: Cli, database: str, manual: Path) -> None:
    cli("load", str(manual))
    backend = Backend(database)
    record = table_of(AuditRecord)
    actors = backend.read_now(lambda session: list(session.scalars(select(record.c.actor))))
    backend.close()
    assert actors
    assert all(actor.startswith("officer:командная строка, ") for actor in actors)


def test_all_faults_are_named_and_nothing_is_stored(
    cli: Cli, database: str, tmp_path: Path
) -> None:
    file = tmp_path / "ошибки.toml"
    file.write_text(MANUAL + FAULTY)
    told = cli("load", str(file))
    first, *faults = told.err.splitlines()
    assert (told.code, told.out) == (1, "")
    assert first == f"Файл не загружен, ничего не изменено. Ошибок: {len(faults)}"
    assert all(fault.startswith("ошибки.toml") for fault in faults)
    for words in ("«tarifs»", "строка", "«nobody»"):
        assert any(words in fault for fault in faults), told.err
    assert agreements(database) == []


@pytest.mark.parametrize("content", [None, "[[tariffs", "\x00\xff"], ids=["none", "toml", "bytes"])
def test_a_file_that_cannot_be_read_touches_no_database(
    cli: Cli, data_dir: Path, tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "дом.toml"
    if content is not None:
        file.write_bytes(content.encode("latin-1"))
    told = cli("load", str(file))
    assert told.code == 1
    assert told.err.startswith("Файл не загружен, ничего не изменено. Ошибок: 1\n")
    assert not data_dir.exists()


def test_the_database_is_made_where_there_is_none(cli: Cli, data_dir: Path, manual: Path) -> None:
    told = cli("load", str(manual))
    assert told.code == 0
    assert told.out.startswith("Создана пустая база данных: sqlite:///")
    assert agreements(f"sqlite:///{data_dir / 'portal.sqlite3'}") == ["DOG-S-755"]


def test_a_refused_file_tells_of_the_empty_database_that_was_made(
    cli: Cli, data_dir: Path, tmp_path: Path
) -> None:
    file = tmp_path / "ошибки.toml"
    file.write_text(MANUAL + FAULTY)
    told = cli("load", str(file))
    made, refused, *_ = told.err.splitlines()
    assert (told.code, told.out) == (1, "")
    assert made.startswith("Базы данных не было, создана пустая: sqlite:///")
    assert made.endswith("portal.sqlite3. Исправьте файл и загрузите его снова.")
    assert refused.startswith("Файл не загружен, ничего не изменено. Ошибок: ")
    assert agreements(f"sqlite:///{data_dir / 'portal.sqlite3'}") == []


def test_an_empty_file_is_no_loaded_file(cli: Cli, data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "дом.toml"
    file.write_text("")
    told = cli("load", str(file))
    assert (told.code, told.out) == (1, "")
    assert told.err.splitlines()[1] == "дом.toml: в файле нет ни одной записи"
    assert not data_dir.exists()


def test_what_should_be_looked_at_again_is_told_after_the_table(
    cli: Cli, database: str, tmp_path: Path
) -> None:
    """A misprint in the last value, called a rollover."""
    head, tail = MANUAL.split('value = "14235"')
    file = tmp_path / "дом.toml"
    file.write_text(f'{head}value = "1423"\nrollover = true{tail.split("[[charges]]")[0]}')
    told = cli("load", str(file))
    assert told.code == 0, told.err
    assert "\n\nПредупреждений: 1\n  1. дом.toml, строка " in told.out
    assert told.out.endswith("Проверьте, прошел ли счетчик через ноль\n")


def test_the_format_is_described(cli: Cli, data_dir: Path) -> None:
    told = cli("load", "--format")
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith("# Файл для «zhkh-portal load»")
    assert "[[readings]]" in told.out
    assert not data_dir.exists()


def test_the_sample_is_a_file_that_can_be_loaded(cli: Cli, database: str, tmp_path: Path) -> None:
    told = cli("load", "--sample")
    assert (told.code, told.err) == (0, "")
    file = tmp_path / "тарифы.toml"
    file.write_text(told.out)
    loaded = cli("load", str(file))
    assert loaded.code == 0, loaded.err
    assert ["Тарифы", "17", "0", "0"] in [row.split() for row in loaded.out.splitlines()]


def test_beside_a_serving_portal(manual: Path, tmp_path: Path) -> None:
    """The server keeps its connections open; whom the file names signs in at once."""
    server = PortalServer(tmp_path / "served").start()
    done = subprocess.run(
        [EXECUTABLE, "load", manual],
        env=clean_environment(ZHKH_DATA_DIR=str(server.data)),
        capture_output=True,
        text=True,
        check=False,
    )
    own = {"origin": server.url}
    with httpx.Client(base_url=server.url, headers=own, timeout=60) as browser:
        entered = browser.post("/login", data={"login": "DOG-S-755", "password": "kvartira-755"})
    assert done.returncode == 0, done.stderr
    assert not done.stderr, "no progress on a pipe"
    assert (entered.status_code, entered.headers["location"]) == (303, "/password")
    assert server.stop() == 0
