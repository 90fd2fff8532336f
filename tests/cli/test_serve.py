"""`serve` and `demo` as processes: they open, answer, and end when they are told to."""

import re
import signal
import socket
import sqlite3
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from portal.backend import Backend
from portal.commands.database import Schema, schema_of
from portal.commands.demo import demo_settings
from portal.commands.serve import address
from portal.config import load_settings
from portal.db.version import newest_schema
from portal.domain.demo import DEMO_LOGINS
from portal.services.sign_in import find_resident
from tests.cli.conftest import Cli
from tests.support.processes import LOOPBACK, clean_environment, start, stop
from tests.support.server import EXECUTABLE, PortalServer, status
from tests.support.waiting import wait_until

DEMONSTRATION = "demo-????-??-????.sqlite3"
MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.mark.parametrize(
    ("sign", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)], ids=["a service", "Ctrl-C"]
)
def test_a_portal_opens_and_ends(tmp_path: Path, sign: signal.Signals, code: int) -> None:
    server = PortalServer(tmp_path / "data").start()
    assert server._process is not None
    assert stop(server._process, sign) == code
    first, second, *_ = server.output().splitlines()
    assert first == f"Создана пустая база данных: sqlite:///{server.data / 'portal.sqlite3'}"
    assert second == f"Портал: {server.url}"
    assert "Traceback" not in server.output()


def test_a_port_that_is_taken(cli: Cli, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server((LOOPBACK, 0)) as other:
        monkeypatch.setenv("ZHKH_PORT", str(other.getsockname()[1]))
        for command in ("serve", "demo"):
            told = cli(command)
            assert told.code == 1
            assert "занято другой программой" in told.err
            assert "ZHKH_PORT" in told.err
    assert not data_dir.exists(), "nothing was made for nothing"


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("nowhere.invalid", "Адрес «nowhere.invalid» не найден"),
        ("192.0.2.1", "это адрес другого компьютера"),
    ],
)
def test_an_address_that_is_not_ours(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, host: str, words: str
) -> None:
    monkeypatch.setenv("ZHKH_HOST", host)
    told = cli("serve")
    assert told.code == 1
    assert words in told.err


@pytest.mark.parametrize(
    ("variables", "shown"),
    [
        ({}, "http://127.0.0.1:8080"),
        ({"ZHKH_HOST": "0.0.0.0"}, "http://127.0.0.1:8080"),  # noqa: S104 - nothing is bound
        ({"ZHKH_HOST": "::1", "ZHKH_PORT": "81"}, "http://[::1]:81"),
        ({"ZHKH_PUBLIC_URL": "https://lk.example.ru"}, "https://lk.example.ru"),
    ],
)
def test_the_address_that_is_shown(variables: dict[str, str], shown: str) -> None:
    assert address(load_settings(variables)) == shown


def test_a_demonstration_is_made_once(tmp_path: Path) -> None:
    """The first start is cut short while the house is being loaded, and leaves nothing of it."""
    server = PortalServer(tmp_path / "data", command="demo")
    server.data.mkdir()
    older = _demonstration_of_an_older_program(server.data)
    before = older.read_bytes()
    _begin_and_interrupt(server)
    server.start()
    assert status(f"{server.url}/login") == 200
    assert server.stop() == 0
    made = server.output()
    server.log.unlink()
    server.start()
    assert server.stop() == 0
    (file,) = server.data.glob(DEMONSTRATION)
    assert re.search(rf"Демонстрационная база: {file} \(создана, строк: \d{{4,}}\)", made)
    assert f"Демонстрационная база: {file} (создана раньше)" in server.output()
    assert not (server.data / "portal.sqlite3").exists()
    _assert_the_logins_are_there(made, f"sqlite:///{file}")
    assert all(path.stat().st_mode & 0o077 == 0 for path in server.data.glob(f"{file.name}*"))
    assert older.read_bytes() == before


def _demonstration_of_an_older_program(folder: Path) -> Path:
    """It stood under a name without its schema's."""
    file = folder / f"demo-{datetime.now(MOSCOW):%Y-%m}.sqlite3"
    with closing(sqlite3.connect(file)) as older, older:
        older.execute("create table alembic_version (version_num varchar(32) not null)")
        older.execute("insert into alembic_version values ('0001')")
    return file


def _begin_and_interrupt(server: PortalServer) -> None:
    def schema_is_there() -> bool:
        files = list(server.data.glob(DEMONSTRATION))
        return bool(files) and schema_of(f"sqlite:///{files[0]}") is Schema.CURRENT

    environment = clean_environment(ZHKH_DATA_DIR=str(server.data), ZHKH_PORT=str(server.port))
    process = start([EXECUTABLE, "demo"], server.log, env=environment)
    wait_until(schema_is_there, "the demonstration has its tables", timeout=60)
    assert stop(process, signal.SIGINT) == 130
    assert server.output() == ""


def _assert_the_logins_are_there(printed: str, database: str) -> None:
    backend = Backend(database)
    for each in DEMO_LOGINS:
        assert re.search(rf"логин {each.login} +пароль {each.password} ", printed)
        assert backend.read_now(find_resident, each.login) is not None
    backend.close()


def test_a_demonstration_has_a_database_of_its_own_month_and_schema() -> None:
    given = load_settings({"ZHKH_DATA_DIR": "/srv/zhkh", "ZHKH_DATABASE_URL": "postgresql:///zhkh"})
    settings = demo_settings(given, date(2026, 11, 24))
    assert settings.database_url == f"sqlite:////srv/zhkh/demo-2026-11-{newest_schema()}.sqlite3"


def test_a_demonstration_opens_what_nobody_closed() -> None:
    today = date(2026, 11, 24)
    opened = demo_settings(load_settings({}), today).flags
    closed = demo_settings(load_settings({"ZHKH_UTILITY_STAT_ENABLED": "false"}), today).flags
    assert (opened.utilities_enabled, opened.menu_zkh, opened.utility_stat_enabled) == (True,) * 3
    assert (closed.utilities_enabled, closed.menu_zkh, closed.utility_stat_enabled) == (
        True,
        True,
        False,
    )
