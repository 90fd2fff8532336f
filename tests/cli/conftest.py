"""The command line in this process, over a data directory of its own."""

import io
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.main import get_command

from portal import backend as doorway
from portal.__main__ import app
from portal.commands.running import run


@dataclass(frozen=True)
class Told:
    """What the shell got."""

    code: int
    out: str
    err: str


Cli = Callable[..., Told]


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only setting of the portal that is set."""
    for name in [name for name in os.environ if name.startswith("ZHKH_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "data"
    monkeypatch.setenv("ZHKH_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def cli(data_dir: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """`cli("user", "password", "DOM-12", stdin="…")`."""

    def call(*words: str, stdin: str = "") -> Told:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        code = run(get_command(app), words)
        said = capsys.readouterr()
        return Told(code, said.out, said.err)

    return call


def stands_at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """The commands' clock, until the end of the test."""

    class Standing:
        @staticmethod
        def now(_zone: object) -> datetime:
            return moment

    monkeypatch.setattr(doorway, "datetime", Standing)


@pytest.fixture
def in_november(database_url: str, data_dir: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command's clock stands in November 2026."""
    monkeypatch.setenv("ZHKH_DATABASE_URL", database_url)
    stands_at(monkeypatch, datetime(2026, 11, 10, 9, tzinfo=UTC))
