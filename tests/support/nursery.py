"""Servers that are not imported anew: the program is loaded once a test process, and each server
is a fork of it.  Whatever it is told, says, serves and dies of is its own all the same: a process
with a pid, an environment, a log and an exit code.

Run as a program it is the process that is forked, and answers each line of JSON with another.
"""

import atexit
import ctypes
import gc
import json
import os
import runpy
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, tzinfo
from functools import cache
from typing import Any

from tests.support.processes import clean_environment, stop
from tests.support.tree import ROOT
from tests.support.waiting import wait_until

_PR_SET_PDEATHSIG = 1
_FOR_EVER = 3600.0


@dataclass(frozen=True)
class Birth:
    """What a new process is told: `python -m module words`, its clock so many days ahead."""

    module: str
    words: Sequence[str]
    environment: Mapping[str, str]
    log: str
    days_ahead: int = 0


class Fork:
    """As much of a subprocess.Popen as the tests use."""

    def __init__(self, nursery: "Nursery", pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._nursery = nursery

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._nursery.asks(poll=self.pid)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        seconds = _FOR_EVER if timeout is None else timeout
        try:
            wait_until(lambda: self.poll() is not None, "the fork ends", seconds)
        except TimeoutError as fault:
            raise subprocess.TimeoutExpired(f"fork {self.pid}", seconds) from fault
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, sig: int) -> None:
        """Until its end is known the number is its own, as a parent's."""
        if self.poll() is None:
            os.kill(self.pid, sig)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Nursery:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "--", sys.executable, "-m", __name__],
            env=clean_environment(PYTHONPATH=str(ROOT)), cwd="/",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._one_question = threading.Lock()

    def bears(self, birth: Birth) -> Fork:
        return Fork(self, self.asks(birth=asdict(birth)))

    def asks(self, **question: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._one_question:
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        assert answer, "the nursery is gone: see what it has said on the error stream"
        return json.loads(answer)

    def end(self) -> None:
        """Whoever was born here and still lives is told to end."""
        with self._process:
            stop(self._process)


@cache
def nursery() -> Nursery:
    """Of this test process."""
    begun = Nursery()
    atexit.register(begun.end)
    return begun


def _answer_for_ever() -> None:
    for line in sys.stdin:
        question = json.loads(line)
        is_birth = "birth" in question
        answer = _born(Birth(**question["birth"])) if is_birth else _ended(question["poll"])
        print(json.dumps(answer), flush=True)  # noqa: T201 - the answer


def _ended(pid: int) -> int | None:
    """Its exit code; negative: by a signal."""
    found, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


def _born(birth: Birth) -> int:
    assert threading.active_count() == 1, "a fork would lose the other threads"
    pid = os.fork()
    if not pid:
        _be(birth)
        sys.exit(0)
    return pid


def _be(birth: Birth) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    said = os.open(birth.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    for number, file in ((0, os.open(os.devnull, os.O_RDONLY)), (1, said), (2, said)):
        os.dup2(file, number)
    os.environ.clear()
    os.environ.update(birth.environment)
    if birth.days_ahead:
        _move_the_clock(birth.days_ahead)
    sys.argv = [birth.module, *birth.words]
    runpy.run_module(birth.module, run_name="__main__", alter_sys=True)


def _move_the_clock(days: int) -> None:
    import portal.backend

    class Ahead:
        @staticmethod
        def now(zone: tzinfo) -> datetime:
            return datetime.now(zone) + timedelta(days)

    vars(portal.backend)["datetime"] = Ahead


def _load_the_program() -> None:
    import portal.__main__
    import portal.app
    import portal.commands.demo
    import portal.commands.serve  # noqa: F401 - what takes seconds

    gc.collect()
    gc.freeze()  # shared with all who are born


if __name__ == "__main__":
    _load_the_program()
    _answer_for_ever()
