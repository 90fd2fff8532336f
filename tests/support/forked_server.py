"""The server for tests that start many: each is a fork of one process that has imported the
program.  What dies is a process of its own all the same, with all that it had open.
"""

from pathlib import Path
from typing import Any

from tests.support.nursery import Birth, nursery
from tests.support.processes import Process
from tests.support.server import PortalServer


class ForkedServer(PortalServer):
    days_ahead = 0
    """Of its clock, from the next start on."""
    _module = "portal"

    def __init__(self, data: Path, *, command: str = "serve", **settings: Any) -> None:
        super().__init__(data, command=command, **settings)
        self._words = [command]

    def end(self) -> None:
        if self.running():
            self.kill()

    def _launched(self, environment: dict[str, str]) -> Process:
        birth = Birth(self._module, self._words, environment, str(self.log), self.days_ahead)
        return nursery().bears(birth)
