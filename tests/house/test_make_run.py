"""`make run` in a fresh clone: from nothing to a portal, and again at once."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.processes import LOOPBACK, clean_environment, free_port, start, stop
from tests.support.server import status
from tests.support.tree import copy_tree
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.fresh, pytest.mark.timeout(600)]

MINUTES = 420.0  # an install from a slow mirror


def _environment(data: Path, port: int) -> dict[str, str]:
    """As on a new machine: no virtual environment is active."""
    environment = clean_environment(ZHKH_PORT=str(port), ZHKH_DATA_DIR=str(data))
    ours = environment.pop("VIRTUAL_ENV", None)
    for key in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
        environment.pop(key, None)
    path = environment["PATH"].split(os.pathsep)
    environment["PATH"] = os.pathsep.join(p for p in path if not ours or not p.startswith(ours))
    return environment


def _ready(make: subprocess.Popen[bytes], log: Path, url: str) -> Callable[[], bool]:
    def ready() -> bool:
        assert make.poll() is None, log.read_text()
        return status(f"{url}/readyz") == 200

    return ready


def _make_run(clone: Path, data: Path, log: Path) -> None:
    """Until the portal is ready; then end it by make's own pid."""
    port = free_port()
    url = f"http://{LOOPBACK}:{port}"
    make = start(["make", "run"], log, env=_environment(data, port), cwd=clone)
    try:
        wait_until(_ready(make, log, url), f"make run serves:\n{log.read_text()}", MINUTES)
        assert status(f"{url}/login") == 200
    finally:
        stop(make, signal.SIGTERM, timeout=30)
    wait_until(lambda: status(url) == 0, "the portal ended with make")


def test_make_run_in_a_fresh_clone_and_again(tmp_path: Path) -> None:
    clone = copy_tree(tmp_path / "clone")
    _make_run(clone, tmp_path / "data", tmp_path / "first.log")
    stamp = (clone / ".venv" / ".run").stat().st_mtime_ns
    _make_run(clone, tmp_path / "data", tmp_path / "second.log")
    assert (clone / ".venv" / ".run").stat().st_mtime_ns == stamp
    assert "installing" not in (tmp_path / "second.log").read_text()
