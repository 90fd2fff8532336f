"""What the forked servers of tests are: processes of their own, whoever was born before them."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.forked_server import ForkedServer
from tests.support.nursery import Birth, Fork, Nursery
from tests.support.waiting import wait_until

HAS_SAID = "import os; print(os.getcwd(), os.environ.get('HOUSE'), flush=True); "
WAITS = "import signal; print('here', flush=True); signal.pause()"


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.end()


def born(nursery: Nursery, log: Path, does: str, **environment: str) -> Fork:
    """`python -m timeit` does once what it is told."""
    words = ["-n", "1", "-r", "1", does]
    return nursery.bears(Birth("timeit", words, environment, str(log)))


def test_each_has_an_environment_a_log_and_an_end_of_its_own(
    nursery: Nursery, tmp_path: Path
) -> None:
    logs = [tmp_path / "first.log", tmp_path / "second.log"]
    first = born(nursery, logs[0], HAS_SAID + "os._exit(3)", HOUSE="12")
    assert first.wait(30) == 3
    second = born(nursery, logs[1], HAS_SAID + "os._exit(0)")
    assert second.wait(30) == 0
    assert [log.read_text() for log in logs] == ["/ 12\n", "/ None\n"]
    assert first.pid != second.pid != os.getpid()


def test_who_is_killed_is_known_to_be_so(nursery: Nursery, tmp_path: Path) -> None:
    log = tmp_path / "log"
    fork = born(nursery, log, WAITS)
    wait_until(lambda: log.exists() and "here" in log.read_text(), "it has begun", 30)
    assert fork.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        fork.wait(0.1)
    fork.kill()
    assert fork.wait(30) == -signal.SIGKILL
    fork.send_signal(signal.SIGKILL)  # its number may be another's by now


def test_nobody_outlives_the_nursery(tmp_path: Path) -> None:
    log = tmp_path / "log"
    nursery = Nursery()
    fork = born(nursery, log, WAITS)
    wait_until(lambda: log.exists() and "here" in log.read_text(), "it has begun", 30)
    nursery.end()
    wait_until(lambda: not Path(f"/proc/{fork.pid}").exists(), "it is gone", 30)


def test_the_portal_is_served_stopped_and_served_again(tmp_path: Path) -> None:
    server = ForkedServer(tmp_path / "data")
    for _ in range(2):
        server.start()
        assert server.running()
        assert server.stop() == 0
        assert not server.running()
    assert "Создана пустая база данных" in server.output()
    assert "Traceback" not in server.output()
