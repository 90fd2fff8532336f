"""What makes the tests fast takes nothing from them."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.backend import Backend
from portal.db.base import table_of
from portal.db.engine import make_engine
from portal.db.parties import Operator
from tests.builders import a_house
from tests.conftest import sqlite_address
from tests.support.speed import keep_files_in_memory

GIBIBYTE = 1 << 30


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has said yet where temporary files shall stand."""
    monkeypatch.setenv("TMPDIR", "")
    del os.environ["TMPDIR"]
    monkeypatch.setattr(tempfile, "tempdir", None)


@pytest.mark.usefixtures("nowhere")
def test_files_stand_in_memory_where_there_is_enough_of_it(tmp_path: Path) -> None:
    keep_files_in_memory(tmp_path, enough=1)
    assert (os.environ["TMPDIR"], tempfile.gettempdir()) == (str(tmp_path), str(tmp_path))


@pytest.mark.usefixtures("nowhere")
def test_and_on_the_disk_where_there_is_not(tmp_path: Path) -> None:
    keep_files_in_memory(tmp_path, enough=GIBIBYTE**2)
    keep_files_in_memory(tmp_path / "missing", enough=1)
    assert "TMPDIR" not in os.environ


def test_where_somebody_chose_they_stand_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", "/tmp")
    keep_files_in_memory(tmp_path, enough=1)
    assert os.environ["TMPDIR"] == "/tmp"


@pytest.mark.usefixtures("sqlite_url")
def test_engines_share_their_statements_and_not_their_rows(tmp_path: Path) -> None:
    statement = select(table_of(Operator).c.name)
    answers, sizes = [], []
    for name in ("первый", "второй"):
        backend = Backend(
            sqlite_address(Path(shutil.copy(tmp_path / "portal.db", tmp_path / name)))
        )
        a_house(backend, name=name)
        answers.append(backend.read_now(lambda session: session.scalar(statement)))
        assert backend.engine._compiled_cache is not None
        sizes.append(len(backend.engine._compiled_cache))
        backend.close()
    assert answers == ["первый", "второй"]
    assert sizes[0] == sizes[1]


def test_databases_of_two_kinds_share_none(sqlite_url: str, postgres_url: str) -> None:
    ours, theirs = make_engine(sqlite_url), make_engine(postgres_url)
    assert ours.dialect == make_engine(sqlite_url).dialect
    assert ours.dialect != theirs.dialect
