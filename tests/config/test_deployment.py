"""Where the portal runs: the variables, their defaults, and what they cannot be."""

from dataclasses import FrozenInstanceError
from ipaddress import ip_network
from pathlib import Path

import pytest

from portal.config import ConfigurationFaults, Settings, load_settings


def load(**environ: str) -> Settings:
    return load_settings({"HOME": "/home/zhkh", **environ})


def fault_of(**environ: str) -> str:
    with pytest.raises(ConfigurationFaults) as caught:
        load(**environ)
    (fault,) = caught.value.faults
    return fault


def test_without_any_variable_the_portal_serves_this_machine_alone():
    settings = load()
    assert settings.data_dir == Path("/home/zhkh/.local/share/zhkh-portal")
    assert settings.database_url == f"sqlite:///{settings.data_dir}/portal.sqlite3"
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.allowed_origins == ("http://localhost:8080", "http://127.0.0.1:8080")
    assert (settings.secret, settings.public_url, settings.config_file) == (None, None, None)
    assert settings.trusted_proxies == ()
    assert settings.photos_dir == settings.data_dir / "photos"
    assert settings.photo_keep_days == 1095


def test_nothing_is_made_by_reading_the_settings(tmp_path):
    load(ZHKH_DATA_DIR=str(tmp_path / "new"))
    assert not (tmp_path / "new").exists()


def test_every_variable_is_read(tmp_path):
    settings = load(
        ZHKH_DATA_DIR=str(tmp_path),
        ZHKH_DATABASE_URL="postgresql+psycopg://zhkh:s3cret@db/zhkh",
        ZHKH_HOST="0.0.0.0",  # noqa: S104 - what an operator writes
        ZHKH_PORT="9000",
        ZHKH_SECRET="s" * 32,
        ZHKH_PUBLIC_URL="https://lk.example.ru",
        ZHKH_TRUSTED_PROXIES="127.0.0.1, 10.0.0.0/8,fd00::/8",
        ZHKH_PHOTO_KEEP_DAYS="30",
    )
    assert settings.data_dir == tmp_path
    assert settings.database_url == "postgresql+psycopg://zhkh:s3cret@db/zhkh"
    assert (settings.host, settings.port) == ("0.0.0.0", 9000)  # noqa: S104
    assert settings.secret == settings.signing_secret() == b"s" * 32
    assert settings.allowed_origins == ("https://lk.example.ru",)
    assert settings.trusted_proxies == tuple(
        map(ip_network, ("127.0.0.1/32", "10.0.0.0/8", "fd00::/8"))
    )
    assert settings.photo_keep_days == 30
    assert settings.origins["ZHKH_PORT"] == "переменная ZHKH_PORT"


def test_the_database_lies_in_the_data_directory(tmp_path):
    settings = load(ZHKH_DATA_DIR=str(tmp_path))
    assert settings.database_url == f"sqlite:///{tmp_path}/portal.sqlite3"


def test_settings_never_change():
    settings = load()
    with pytest.raises(FrozenInstanceError):
        settings.port = 1  # type: ignore[misc]  # it must not
    with pytest.raises(TypeError):
        settings.origins["ZHKH_PORT"] = "?"  # type: ignore[index]  # it must not


def test_no_secret_shows_in_what_is_printed_by_accident():
    settings = load(ZHKH_SECRET="s" * 32, ZHKH_DATABASE_URL="postgresql://u:hunter2@h/db")
    assert "sss" not in repr(settings)
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://lk.example.ru", "https://lk.example.ru"),
        ("https://lk.example.ru/", "https://lk.example.ru"),
        ("HTTPS://LK.Example.RU:443", "https://lk.example.ru"),
        ("http://lk.example.ru:80", "http://lk.example.ru"),
        ("http://lk.example.ru:8080", "http://lk.example.ru:8080"),
        ("https://лк.дом.рф", "https://xn--j1ab.xn--d1aqf.xn--p1ai"),
        ("http://192.168.1.5:8080", "http://192.168.1.5:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("http://localhost:3000", "http://localhost:3000"),
    ],
)
def test_a_public_address_is_kept_as_a_browser_says_it(written, origin):
    settings = load(ZHKH_PUBLIC_URL=written)
    assert settings.public_url == origin
    assert settings.allowed_origins == (origin,)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "lk.example.ru",
        "//lk.example.ru",
        "ftp://lk.example.ru",
        "https://",
        "https:///path",
        "https://lk.example.ru/cabinet",
        "https://lk.example.ru?a=1",
        "https://lk.example.ru?",
        "https://lk.example.ru#a",
        "https://user:password@lk.example.ru",
        "https://lk.example.ru:99999",
        "https://lk.example.ru:port",
        "https://lk..example.ru",
        "https://-lk.example.ru",
        "https://lk_1.example.ru",
        "https://lk example.ru",
        "https://999.1.1.1",
        "https://[::1",
        "https://[fe80::1%25eth0]",
        "https://lk.example.ru,https://lk2.example.ru",
        "https://lk.example.ru\\@evil.ru",
    ],
)
def test_what_is_no_origin_is_refused(written):
    fault = fault_of(ZHKH_PUBLIC_URL=written)
    assert fault.startswith("Переменная ZHKH_PUBLIC_URL: ")
    assert "например https://lk.example.ru" in fault


@pytest.mark.parametrize("written", ["", "0", "-1", "36501", "три года", "1.5"])
def test_an_impossible_keeping_is_refused(written):
    assert "сколько дней хранить" in fault_of(ZHKH_PHOTO_KEEP_DAYS=written)


@pytest.mark.parametrize("written", ["", "0", "-1", "65536", "80 80", "8080.0", "http", "８０８０"])
def test_an_impossible_port_is_refused(written):
    assert fault_of(ZHKH_PORT=written).startswith("Переменная ZHKH_PORT: ")


def test_the_usual_port_is_not_part_of_an_origin():
    assert load(ZHKH_PORT="80").allowed_origins == ("http://localhost", "http://127.0.0.1")


@pytest.mark.parametrize("written", ["", "a b", "127.0.0.1:80", "http://localhost", "300.1.1.1"])
def test_an_impossible_host_is_refused(written):
    assert fault_of(ZHKH_HOST=written).startswith("Переменная ZHKH_HOST: ")


@pytest.mark.parametrize("written", ["::", "::1", "localhost", "lk.example.ru"])
def test_a_host_may_be_a_name_or_an_address(written):
    assert load(ZHKH_HOST=written).host == written


@pytest.mark.parametrize(
    "written", ["*", "proxy", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.1 10.0.0.2"]
)
def test_an_impossible_proxy_is_refused(written):
    assert fault_of(ZHKH_TRUSTED_PROXIES=written).startswith("Переменная ZHKH_TRUSTED_PROXIES: ")


def test_no_proxies_may_be_said_aloud():
    assert load(ZHKH_TRUSTED_PROXIES=" , ").trusted_proxies == ()


@pytest.mark.parametrize(
    "written", ["", "mysql://u:hunter2@h/db", "postgres://u:hunter2@h/db", "hunter2", "sqlite:///"]
)
def test_an_impossible_database_is_refused_and_not_repeated(written):
    fault = fault_of(ZHKH_DATABASE_URL=written)
    assert fault.startswith("Переменная ZHKH_DATABASE_URL: значение не подходит. ")
    assert "hunter2" not in fault


@pytest.mark.parametrize("written", ["", "hunter2", "s" * 31])
def test_a_short_secret_is_refused_and_not_repeated(written):
    fault = fault_of(ZHKH_SECRET=written)
    assert fault.startswith("Переменная ZHKH_SECRET: значение не подходит. Запишите не меньше 32 ")
    assert "hunter2" not in fault


def test_a_file_is_no_data_directory(tmp_path):
    (tmp_path / "file").touch()
    fault = fault_of(ZHKH_DATA_DIR=str(tmp_path / "file"))
    assert fault.startswith("Переменная ZHKH_DATA_DIR: ")
    assert "это файл" in fault


@pytest.mark.parametrize("name", ["ZHKH_DATA_DIR", "ZHKH_CONFIG"])
def test_an_empty_path_is_refused(name):
    assert fault_of(**{name: ""}).startswith(f"Переменная {name}: ")


def test_a_home_is_found_and_a_relative_path_becomes_a_full_one(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert load(ZHKH_DATA_DIR="~/data").data_dir == Path("/home/zhkh/data")
    assert load(ZHKH_DATA_DIR="data").data_dir == tmp_path / "data"
    monkeypatch.setenv("HOME", "/home/other")
    other = load_settings({}).data_dir
    assert other == Path("/home/other/.local/share/zhkh-portal")
