"""`user`: a password given, and sessions ended."""

import os
import pty
import select
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.backend import Backend
from portal.db.base import table_of
from portal.db.parties import Resident
from portal.domain.identity import ResidentId
from portal.services.passwords import verify_password
from portal.services.sessions import Browser, find_session, start_session
from tests.builders import a_house
from tests.cli.conftest import Cli
from tests.support.processes import clean_environment
from tests.support.server import EXECUTABLE
from tests.support.waiting import wait_until

PASSWORD = "семь зеленых трамваев"


@pytest.fixture
def backend(
    data_dir: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Backend]:
    """The portal's database, in which Ivanov lives."""
    assert not data_dir.exists()
    monkeypatch.setenv("ZHKH_DATABASE_URL", database_url)
    backend = Backend(database_url)
    a_house(backend).a_resident("Иванов Иван Иванович").an_agreement("DOM-12")
    yield backend
    backend.close()


def _password(backend: Backend) -> tuple[str, bool]:
    resident = table_of(Resident)
    with backend.engine.connect() as connection:
        row = connection.execute(
            resident.select().with_only_columns(
                resident.c.password_hash, resident.c.must_change_password
            )
        ).one()
    return row.password_hash, row.must_change_password


def _signs_in(backend: Backend) -> str:
    now = backend.clock()
    browser = Browser("127.0.0.1")
    new = backend.write_now(start_session, ResidentId(1), browser, now, remembered=True)
    return new.token


def _is_in(backend: Backend, token: str) -> bool:
    return backend.read_now(find_session, token, backend.clock()) is not None


def test_an_initial_password_ends_the_sessions(cli: Cli, backend: Backend) -> None:
    token = _signs_in(backend)
    told = cli("user", "password", "DOM-12", stdin=f"{PASSWORD}\n")
    hashed, must_change = _password(backend)
    assert (told.code, told.err) == (0, "")
    assert "«DOM-12»" in told.out
    assert "при первом входе жилец его сменит" in told.out
    assert PASSWORD not in told.out
    assert verify_password(PASSWORD, hashed)
    assert must_change
    assert not _is_in(backend, token)


def test_a_password_to_keep(cli: Cli, backend: Backend) -> None:
    told = cli("user", "password", "DOM-12", "--keep", stdin=f"{PASSWORD}\n")
    hashed, must_change = _password(backend)
    assert told.code == 0
    assert "менять его не нужно" in told.out
    assert verify_password(PASSWORD, hashed)
    assert not must_change


@pytest.mark.parametrize(
    ("login", "typed", "sentence"),
    [
        ("DOM-13", PASSWORD, "Нет абонента с логином или номером договора «DOM-13»"),
        ("DOM-12", "коротко", "Слишком короткий пароль"),
        ("DOM-12", "", "На стандартном вводе нет пароля, ничего не изменено"),
    ],
)
def test_what_cannot_be_a_password(
    cli: Cli, backend: Backend, login: str, typed: str, sentence: str
) -> None:
    before = _password(backend)
    told = cli("user", "password", login, stdin=typed)
    assert told.code == 1
    assert told.err.startswith(sentence)
    assert _password(backend) == before


@pytest.mark.parametrize(
    ("second", "code", "words"),
    [(PASSWORD, 0, "задан"), ("другой пароль", 1, "Пароли не совпали, ничего не изменено")],
    ids=["the same twice", "different"],
)
def test_a_terminal_is_asked_twice_and_shows_nothing(
    backend: Backend, database_url: str, second: str, code: int, words: str
) -> None:
    before = _password(backend)
    asked = Terminal(["user", "password", "DOM-12"], ZHKH_DATABASE_URL=database_url)
    asked.answer("Новый пароль жильца «DOM-12»: ", PASSWORD)
    asked.answer("Ещё раз: ", second)
    assert asked.ended() == code, asked.shown
    assert words in asked.shown
    assert PASSWORD not in asked.shown
    assert (_password(backend) == before) is bool(code)


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, words: list[str], **settings: str) -> None:
        self._seen = b""
        self._ours, theirs = pty.openpty()
        self._process = subprocess.Popen(
            ["setsid", "--ctty", "--wait", EXECUTABLE, *words],
            env=clean_environment(**settings),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)

    def answer(self, question: str, line: str) -> None:
        wait_until(lambda: question in self._read(), question, timeout=30)
        os.write(self._ours, f"{line}\n".encode())

    def ended(self) -> int:
        """The exit code; `shown` is then all that was on the screen."""
        wait_until(lambda: self._read() and self._process.poll() is not None, "it ends", timeout=30)
        self._read()
        os.close(self._ours)
        return self._process.returncode

    @property
    def shown(self) -> str:
        return self._seen.decode(errors="ignore")

    def _read(self) -> str:
        while select.select([self._ours], [], [], 0)[0]:
            try:
                self._seen += os.read(self._ours, 10_000)
            except OSError:  # the other side is closed
                break
        return self.shown


def test_sessions_are_ended(cli: Cli, backend: Backend) -> None:
    tokens = [_signs_in(backend), _signs_in(backend)]
    first = cli("user", "end-sessions", "dom-12")
    second = cli("user", "end-sessions", "dom-12")
    assert first.out == "Завершено сеансов жильца «dom-12»: 2.\n"
    assert second.out == "Завершено сеансов жильца «dom-12»: 0.\n"
    assert not any(_is_in(backend, token) for token in tokens)


def test_nobodys_sessions(cli: Cli, backend: Backend) -> None:
    told = cli("user", "end-sessions", "DOM-13")
    assert told.code == 1
    assert told.err == "Нет абонента с логином или номером договора «DOM-13»\n"
    assert backend.engine.dialect.name in {"sqlite", "postgresql"}


def test_without_a_database_nothing_is_made(cli: Cli, data_dir: Path) -> None:
    told = cli("user", "password", "DOM-12", stdin=PASSWORD)
    assert told.code == 1
    assert told.err.startswith("Базы данных ещё нет")
    assert not data_dir.exists()
