"""The harness around the portal's process, tried on a portal of ten lines."""

import os
import signal
import sys
from pathlib import Path

import pytest

from tests.support.server import PortalServer, status

LITTLE_PORTAL = f"""#!{sys.executable}
import os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()
print(sys.argv[1:], os.getcwd(), sorted(k for k in os.environ if k.startswith(("PYTEST", "ZHKH"))))
sys.stdout.flush()
HTTPServer((os.environ["ZHKH_HOST"], int(os.environ["ZHKH_PORT"])), Answer).serve_forever()
"""


@pytest.fixture
def executable(tmp_path: Path) -> Path:
    return _script(tmp_path / "little-portal", LITTLE_PORTAL)


def _script(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_a_server_starts_clean_and_stops(executable: Path, tmp_path: Path) -> None:
    server = PortalServer(tmp_path / "data", executable=executable, ZHKH_SECRET="s").start()
    assert "PYTEST_CURRENT_TEST" in os.environ
    names = "['ZHKH_DATA_DIR', 'ZHKH_HOST', 'ZHKH_PORT', 'ZHKH_SECRET']"
    assert server.output().splitlines()[0] == f"['serve'] / {names}"
    assert status(f"{server.url}/elsewhere") == 404
    assert server.stop() == -signal.SIGTERM
    assert not server.running()
    assert status(server.url) == 0


def test_a_killed_server_comes_back_on_its_port(executable: Path, tmp_path: Path) -> None:
    server = PortalServer(tmp_path / "data", executable=executable).start()
    first = server.pid
    server.kill()
    assert server.start().pid != first
    assert status(f"{server.url}/readyz") == 200
    server.stop()


def test_a_server_that_ends_at_once_says_why(tmp_path: Path) -> None:
    broken = _script(tmp_path / "broken", "#!/bin/sh\necho 'нет базы' >&2; exit 1\n")
    with pytest.raises(RuntimeError, match="нет базы"):
        PortalServer(tmp_path / "data", executable=broken).start()
