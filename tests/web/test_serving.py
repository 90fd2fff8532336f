"""What is done once before the first visitor."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from portal import app
from portal.config import load_settings
from portal.web import logs


@pytest.fixture
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("_thawed")
def test_what_is_there_already_is_not_looked_through_for_garbage_again(
    sqlite_url: str, tmp_path: Path, monkeypatch: Any
) -> None:
    served: list[int] = []
    monkeypatch.setattr(app, "create_app", lambda *_, **__: None)
    monkeypatch.setattr(logs, "configure", lambda: None)
    monkeypatch.setattr(uvicorn, "run", lambda *_, **__: served.append(len(gc.get_objects())))
    before = len(gc.get_objects())

    environ = {"ZHKH_DATABASE_URL": sqlite_url, "ZHKH_DATA_DIR": str(tmp_path)}
    app.serve(load_settings(environ))

    assert served[0] < before / 20
