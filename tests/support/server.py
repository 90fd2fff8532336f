"""The portal as its users meet it: a process of its own behind a port."""

import signal
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Self

from tests.support.processes import (
    LOOPBACK,
    Process,
    clean_environment,
    free_port,
    start,
    stop,
)
from tests.support.waiting import wait_until

EXECUTABLE = Path(sys.executable).parent / "zhkh-portal"


class PortalServer:
    """`zhkh-portal serve` (or `demo`) on a free port, with a data folder of its own.

    `settings` are more of the environment's settings: `ZHKH_DATABASE_URL="…"`. Started from `/`,
    as a service manager would. The same object may be started again: same port, same data.
    """

    def __init__(
        self,
        data: Path,
        *,
        command: str = "serve",
        executable: Path = EXECUTABLE,
        port: int | None = None,
        **settings: str,
    ) -> None:
        self.data = data
        self.port = port or free_port()
        self.url = f"http://{LOOPBACK}:{self.port}"
        self.log = data / "server.log"
        self._command: list[str | Path] = [executable, command]
        self._environment = {
            "ZHKH_HOST": LOOPBACK,
            "ZHKH_PORT": str(self.port),
            "ZHKH_DATA_DIR": str(data),
            **settings,
        }
        self._process: Process | None = None

    @property
    def settings(self) -> dict[str, str]:
        """Its environment's: what a command run beside it needs."""
        return dict(self._environment)

    @property
    def pid(self) -> int:
        assert self._process is not None, "not started"
        return self._process.pid

    def start(self, timeout: float = 120.0) -> Self:
        """Start it and wait until /readyz says that it is ready; a demonstration is made first."""
        self.data.mkdir(parents=True, exist_ok=True)
        self._process = self._launched(clean_environment(**self._environment))
        try:
            wait_until(self._ready, f"{self.url}/readyz is ready", timeout)
        except BaseException as fault:
            self.kill()
            fault.add_note(self.output())
            raise
        return self

    def stop(self) -> int:
        """End it as a service manager does; the exit code."""
        assert self._process is not None, "not started"
        return stop(self._process)

    def kill(self) -> None:
        """The power goes out."""
        assert self._process is not None, "not started"
        stop(self._process, signal.SIGKILL)

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def output(self) -> str:
        """Everything that it has printed so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def _launched(self, environment: dict[str, str]) -> Process:
        return start(self._command, self.log, env=environment)

    def _ready(self) -> bool:
        if not self.running():
            message = f"the server ended by itself:\n{self.output()}"
            raise RuntimeError(message)
        return status(f"{self.url}/readyz") == 200


def status(url: str, timeout: float = 5.0) -> int:
    """The status of a GET; 0 while nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:  # noqa: S310 - loopback
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        refusal.close()
        return refusal.code
    except OSError:
        return 0
