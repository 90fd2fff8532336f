"""Child processes of the tests: our own pid, dead when the tests die, ended by that pid alone."""

import atexit
import os
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

LOOPBACK = "127.0.0.1"


class Process(Protocol):
    """What is asked of a child, however it was begun: subprocess.Popen, or a fork."""

    pid: int

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, sig: int) -> None: ...

    def kill(self) -> None: ...


_HELD: list[socket.socket] = []


def free_port() -> int:
    """A port of the loopback interface that nobody listens on, kept for as long as we live: the
    system gives it to nobody else, and whoever may share it, as a server does, listens on it.
    """
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind((LOOPBACK, 0))
    _HELD.append(holder)
    port: int = holder.getsockname()[1]
    return port


@atexit.register
def _let_ports_go() -> None:
    for holder in _HELD:
        holder.close()


def clean_environment(**extra: str) -> dict[str, str]:
    """Ours without what would tell the child that it is being tested, and without our settings."""
    strange = ("NICEGUI_", "ZHKH_", "PYTEST_", "COVERAGE_", "COV_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(strange)}
    return kept | extra


def start(
    command: Sequence[str | Path],
    log: Path,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | str = "/",
    user: str | None = None,
    death_signal: str = "TERM",
) -> subprocess.Popen[bytes]:
    """Start `command` with its output in `log`; setpriv execs it, so the pid is its own.

    It gets `death_signal` should the tests be killed. `user` counts only when we are root.
    """
    shim = ["setpriv", "--pdeathsig", death_signal]
    if user and os.geteuid() == 0:
        shim += ["--reuid", user, "--regid", user, "--init-groups"]
    with log.open("ab") as output:
        return subprocess.Popen(
            [*shim, "--", *map(str, command)],
            env=dict(env if env is not None else clean_environment()),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def stop(
    process: Process,
    sign: signal.Signals = signal.SIGTERM,
    timeout: float = 60.0,
) -> int:
    """Ask by signal, wait, and kill what does not listen; the exit code (negative: by a signal)."""
    if process.poll() is None:
        process.send_signal(sign)
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait(timeout)
