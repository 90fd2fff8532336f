"""The demonstration's house, which takes longer to make than all that a test does in it: made once
a test process by the program itself, and each module gets a copy of its own.
"""

import shutil
from datetime import datetime
from pathlib import Path

from portal.imports.demo.timeline import ZONE
from tests.support.forked_server import ForkedServer


class Demonstration:
    """`folder` keeps it, one for each day of its town: whoever lives there lives now."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def copied_to(self, data: Path) -> None:
        """Into the data folder of a `demo` that is not started yet."""
        made = self._folder / datetime.now(ZONE).date().isoformat()
        if not made.exists():
            _make(made)
        shutil.copytree(made, data, dirs_exist_ok=True)


def _make(folder: Path) -> None:
    server = ForkedServer(folder, command="demo").start()
    assert server.stop() == 0, server.output()
    server.log.unlink()
