"""`send` carries what waits, says how many, and `check` asks the mail server whether it would."""

import pytest

from portal.backend import Backend
from tests.cli.conftest import Cli
from tests.support.letters import waiting_letters
from tests.support.mail_server import LOGIN, MailServer, Temper
from tests.support.processes import LOOPBACK, free_port


@pytest.fixture
def mailed(
    cli: Cli, backend: Backend, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Backend:
    monkeypatch.setenv("ZHKH_DATABASE_URL", database_url)
    monkeypatch.setenv("ZHKH_MAIL_FROM", "lk@example.ru")
    waiting_letters(backend, 3)
    return backend


def test_what_waits_is_sent_and_counted(
    cli: Cli, mailed: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def rcpt(address: str) -> str:
        known = {"r0@example.ru": "550 5.1.1 No such user", "r1@example.ru": "451 4.7.1 Later"}
        return known.get(address, "250 Ok")

    with MailServer(Temper(rcpt=rcpt)) as server:
        monkeypatch.setenv("ZHKH_SMTP_URL", server.url)
        first, second = cli("send"), cli("send")
    assert (first.code, second.code, first.err) == (0, 0, "")
    assert first.out == "Отправлено писем: 1, не взято: 1, больше не будет попыток: 1. Ждут: 1.\n"
    assert second.out == "Отправлено писем: 0, не взято: 0, больше не будет попыток: 0. Ждут: 1.\n"


def test_a_server_that_takes_nothing_is_told(
    cli: Cli, mailed: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHKH_SMTP_URL", f"smtp://{LOOPBACK}:{free_port()}")
    told = cli("send")
    assert told.code == 1
    assert told.out.endswith("Ждут: 3.\n")
    assert told.err.startswith("Почтовый сервер не берет письма: ")


def test_without_a_server_it_says_what_to_set(cli: Cli, mailed: Backend) -> None:
    told = cli("send")
    assert told.code == 1
    assert "ZHKH_SMTP_URL" in told.err


def test_check_asks_the_mail_server(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    cli("migrate")
    assert "не настроена, писем не будет" in cli("check").out
    monkeypatch.setenv("ZHKH_MAIL_FROM", "lk@example.ru")
    with MailServer(Temper(is_careful=True)) as server:
        monkeypatch.setenv(
            "ZHKH_SMTP_URL", f"smtp://{LOGIN}:p%40ss%3Aword%2F1@{LOOPBACK}:{server.port}"
        )
        told = cli("check")
        assert (told.code, f"smtp://***@{LOOPBACK}:{server.port}: отвечает" in told.out) == (
            0,
            True,
        )
        monkeypatch.setenv("ZHKH_SMTP_URL", f"smtp://{LOGIN}:hunter2@{LOOPBACK}:{server.port}")
        refused = cli("check")
    assert refused.code == 1
    assert "не отвечает или не впускает: 535" in refused.out
    assert "hunter2" not in refused.out
