"""`check` says what there is and everything that is wrong, and touches nothing."""

import os
from pathlib import Path

import pysqlite3
import pytest

from portal.backend import Backend
from portal.commands import check
from portal.db.engine import sqlite_version
from portal.installation import ForeignNames
from tests.builders import a_house
from tests.cli.conftest import Cli
from tests.support.acquiring import a_card_channel
from tests.support.incoming import a_channel
from tests.support.processes import free_port

OUR_SECRET = "secret"  # the file's name


def faults(out: str) -> list[str]:
    _, said = out.split("\nОшибок: ")
    count, *lines = said.splitlines()
    assert len(lines) == int(count)
    return lines


def warnings(out: str) -> list[str]:
    before, _ = out.split("\nОшибок: ")
    _, said = before.split("\nПредупреждений: ")
    count, *lines = said.strip("\n").splitlines()
    assert len(lines) == int(count)
    return lines


def test_a_fresh_machine_lacks_only_its_database(cli: Cli, data_dir: Path) -> None:
    told = cli("check")
    assert told.code == 1
    assert faults(told.out) == ["  1. Базы данных ещё нет. Выполните: zhkh-portal migrate"]
    assert f"SQLite {sqlite_version()}\n" in told.out
    assert not data_dir.exists(), "it only looks"


def test_all_is_well_after_migrate(cli: Cli, data_dir: Path) -> None:
    cli("migrate")
    told = cli("check")
    assert (told.code, told.err) == (0, "")
    assert faults(told.out) == []
    assert "схема: актуальна" in told.out
    assert not (data_dir / OUR_SECRET).exists(), "it only looks"


def test_a_card_channel_without_its_secret_is_named(
    cli: Cli, backend: Backend, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = a_house(backend)
    for key, more in (("card-1", {}), ("card-2", {}), ("shut", {"is_open": False})):
        a_card_channel(house, key, **more)
    a_channel(house)
    monkeypatch.setenv("ZHKH_DATABASE_URL", database_url)
    monkeypatch.setenv("ZHKH_PAY_SECRET_CARD_1", "test_secret")
    told = cli("check")
    assert faults(told.out) == [
        "  1. Каналу card-2 нечем войти в банк: нет переменной ZHKH_PAY_SECRET_CARD_2"
    ]
    assert (told.code, "каналы: card-1, card-2\n" in told.out) == (1, True)
    monkeypatch.setenv("ZHKH_PAY_SECRET_CARD_2", "test_secret")
    assert cli("check").code == 0


def test_every_setting_and_its_origin(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHKH_MENU_ZKH", "true")
    lines = [line.split() for line in cli("check").out.splitlines()]
    assert ["menu_zkh", "да", "переменная", "ZHKH_MENU_ZKH"] in lines
    assert ["utility_stat_enabled", "нет", "по", "умолчанию"] in lines


def test_a_misspelt_variable_is_named(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHKH_MENU_ZHK", "true")
    told = cli("check")
    assert warnings(told.out) == [
        "  1. Не знаю такой настройки: переменная ZHKH_MENU_ZHK, может быть, ZHKH_MENU_ZKH?"
    ]
    assert faults(told.out) == ["  1. Базы данных ещё нет. Выполните: zhkh-portal migrate"]


def test_misspelt_names_of_a_file_are_named(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "portal.toml"
    file.write_text("menu_zhk = true\n[infoblock]\ntarif = false\n")
    monkeypatch.setenv("ZHKH_CONFIG", str(file))
    assert warnings(cli("check").out) == [
        f"  1. Не знаю такой настройки: menu_zhk (файл {file}), может быть, menu_zkh?",
        (
            f"  2. Не знаю такой настройки: infoblock.tarif (файл {file}), "
            "может быть, infoblock.tariff?"
        ),
    ]


def test_what_is_read_and_not_used_yet_is_said(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "не используется" not in cli("check").out
    monkeypatch.setenv("ZHKH_MENU_HELPDESK", "false")
    [line] = [line for line in cli("check").out.splitlines() if "не используется" in line]
    assert line.split(maxsplit=2) == [
        "menu_helpdesk", "нет", "переменная ZHKH_MENU_HELPDESK: прочитано, пока не используется",
    ]  # fmt: skip


def test_all_faults_at_once(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two settings, the names, and the database, whose address is all right."""

    def refuse() -> None:
        raise ForeignNames("Имена заняты: pages — other-pages")

    address = f"postgresql://zhkh:a-password@127.0.0.1:{free_port()}/zhkh"
    monkeypatch.setattr(check, "refuse_a_shared_environment", refuse)
    monkeypatch.setenv("ZHKH_PORT", "0")
    monkeypatch.setenv("ZHKH_MENU_ZKH", "maybe")
    monkeypatch.setenv("ZHKH_DATABASE_URL", address)
    told = cli("check")
    assert told.code == 1
    names, flag, port, database = faults(told.out)
    assert "other-pages" in names
    assert "ZHKH_MENU_ZKH" in flag
    assert "ZHKH_PORT" in port
    assert "База данных не отвечает" in database
    assert "a-password" not in told.out


def test_an_address_that_is_refused_is_not_tried(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHKH_DATABASE_URL", "mysql://zhkh@localhost/zhkh")
    told = cli("check")
    assert told.code == 1
    (fault,) = faults(told.out)
    assert "ZHKH_DATABASE_URL" in fault
    assert "не проверена: адрес не принят" in told.out


def test_a_file_that_is_no_database(cli: Cli, data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "portal.sqlite3").write_text("this is a letter, not a database " * 100)
    told = cli("check")
    assert told.code == 1
    assert "База данных не отвечает" in faults(told.out)[0]


def test_somebody_elses_tables(cli: Cli, data_dir: Path) -> None:
    data_dir.mkdir()
    other = pysqlite3.connect(str(data_dir / "portal.sqlite3"))
    other.execute("CREATE TABLE stranger (id INTEGER)")
    other.close()
    told = cli("check")
    assert told.code == 1
    assert "Схема базы данных другой версии" in faults(told.out)[0]


def test_a_secret_that_others_can_read(cli: Cli, data_dir: Path) -> None:
    cli("migrate")
    secret = data_dir / OUR_SECRET
    secret.write_bytes(os.urandom(32))
    secret.chmod(0o644)
    told = cli("check")
    assert told.code == 1
    (fault,) = faults(told.out)
    assert "открыт другим пользователям" in fault


def test_postgresql_tells_its_version(
    cli: Cli, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHKH_DATABASE_URL", postgres_url)
    told = cli("check")
    assert told.code == 0, told.out
    assert "\n  PostgreSQL 1" in told.out
    assert "схема: актуальна" in told.out
