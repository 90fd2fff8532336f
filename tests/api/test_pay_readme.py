"""The README's examples for terminals, each as it stands there, against a real server."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.backend import Backend
from portal.db.incoming import PayChannel
from portal.domain.identity import Officer
from portal.imports.book import load_book, read_book
from tests.builders import a_house
from tests.conftest import sqlite_address
from tests.support.browsing import stored
from tests.support.incoming import a_channel, rows
from tests.support.server import PortalServer
from tests.support.tree import ROOT

README = (ROOT / "README.md").read_text()
TERMINALS = README.partition("### Терминалы")[2].partition("\n### ")[0]
EXAMPLE = "http://127.0.0.1:8080"


def block(language: str) -> str:
    (only,) = re.findall(rf"```{language}\n(.*?)```", TERMINALS, re.DOTALL)
    return str(only)


@pytest.fixture
def backend(sqlite_url: str) -> Iterator[Backend]:
    backend = Backend(sqlite_url)
    yield backend
    backend.close()


@pytest.fixture
def server(backend: Backend, tmp_path: Path) -> Iterator[PortalServer]:
    flat = a_house(backend).a_resident("Петрова Мария").an_agreement("DOM-12")
    a_channel(flat.house)
    a_channel(flat.house, "sberbank", "sber")
    address = sqlite_address(tmp_path / "portal.db")
    server = PortalServer(tmp_path / "data", ZHKH_DATABASE_URL=address).start()
    yield server
    assert server.stop() == 0


def test_the_requests_are_answered_as_told(server: PortalServer, backend: Backend) -> None:
    answers = []
    for line in block("sh").strip().splitlines():
        command = line.replace(EXAMPLE, server.url)
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
        answers.append(done.stdout)
    check, paid, bank = answers
    assert "<result>0</result>" in check
    assert "<prv_txn>1</prv_txn><sum>10.45</sum><result>0</result>" in paid
    assert "<CODE>0</CODE>" in bank
    assert len(stored(backend)["payment"]) == 2


def test_the_channel_of_the_example_can_be_loaded(backend: Backend, tmp_path: Path) -> None:
    a_house(backend)
    file = tmp_path / "дом.toml"
    file.write_text(block("toml"), "utf-8")
    backend.write_now(load_book, Officer("tests"), read_book(file), backend.clock())
    assert rows(backend, PayChannel) == 1
