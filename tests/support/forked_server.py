"""The server for tests that kill it many times: the program is imported once, and each server is a
fork of that process.  What dies is a process of its own all the same, with all that it had open.

Run as a program it is the process that is forked: for each line that it reads, so many days as the
server's clock is ahead, it answers with the pid of a server, and with its end when it has ended.
"""

import ctypes
import gc
import os
import signal
import subprocess
import sys
import threading
from datetime import datetime, timedelta, tzinfo
from typing import Self

import portal.backend
from tests.support.processes import clean_environment, stop
from tests.support.server import PortalServer
from tests.support.tree import ROOT
from tests.support.waiting import wait_until

_PR_SET_PDEATHSIG = 1


class ForkedServer(PortalServer):
    """As its base, killed by `kill` alone; `end` ends what is left of it."""

    days_ahead = 0
    """Of its clock, from the next start on."""
    _source: "subprocess.Popen[bytes] | None" = None
    _pid: int | None = None

    def start(self, timeout: float = 120.0) -> Self:
        self._ask(self._begun(), self.days_ahead)
        self._pid = int(self._told())
        wait_until(self._ready, f"{self.url}/readyz is ready", timeout)
        return self

    def kill(self) -> None:
        assert self._pid is not None, "not started"
        os.kill(self._pid, signal.SIGKILL)
        assert self._told() == "ended"
        self._pid = None

    def running(self) -> bool:
        return self._pid is not None

    def end(self) -> None:
        if self._pid is not None:
            self.kill()
        if self._source is not None:
            with self._source:
                stop(self._source)

    def _begun(self) -> "subprocess.Popen[bytes]":
        if self._source is None:
            self.data.mkdir(parents=True, exist_ok=True)
            environment = clean_environment(**self.settings, PYTHONPATH=str(ROOT))
            with self.log.open("ab") as log:
                self._source = subprocess.Popen(
                    ["setpriv", "--pdeathsig", "KILL", "--", sys.executable, "-m", __name__],
                    env=environment, cwd="/", stderr=log,
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                )  # fmt: skip
        return self._source

    @staticmethod
    def _ask(source: "subprocess.Popen[bytes]", days: int) -> None:
        assert source.stdin is not None
        source.stdin.write(b"%d\n" % days)
        source.stdin.flush()

    def _told(self) -> str:
        assert self._source is not None
        assert self._source.stdout is not None
        answer = self._source.stdout.readline().decode().strip()
        assert answer, self.output()
        return answer


def _fork_for_ever() -> None:
    import portal.app
    import portal.commands.serve

    assert threading.active_count() == 1, "a fork would lose the other threads"
    gc.collect()
    gc.freeze()  # or each server would begin by looking through all that was imported
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _die_with_the_parent()
            _move_the_clock(int(line))
            portal.commands.serve.serve()
            os._exit(0)
        print(pid, flush=True)  # noqa: T201 - the answer
        os.waitpid(pid, 0)
        print("ended", flush=True)  # noqa: T201


def _move_the_clock(days: int) -> None:
    class Ahead:
        @staticmethod
        def now(zone: tzinfo) -> datetime:
            return datetime.now(zone) + timedelta(days)

    vars(portal.backend)["datetime"] = Ahead


def _die_with_the_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    os.dup2(2, 1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)


if __name__ == "__main__":
    _fork_for_ever()
