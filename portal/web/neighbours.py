"""What other processes of the same installation have written, shown on the open pages of this one:
a command, the night's poll, a second server.
"""

import asyncio
import logging
import time
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from portal.backend import Backend
from portal.errors import Unavailable
from portal.services.changes import newest, sealed, whose
from portal.web import live

LOOK_SECONDS: Final = 0.25
"""The journal is asked for one number: nothing, beside the second in which a page has to change."""
_AFTER_A_FAULT_SECONDS: Final = 5.0
_LATE_SECONDS: Final = 60.0
"""A transaction takes its number when it ends; what has not come by then was rolled back."""
_log = logging.getLogger(__name__)


class Neighbours:
    """Follows the journal.  PostgreSQL's transactions end in another order than that of their
    numbers, so that those left out are asked for once more.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._last: int | None = None
        self._missing: dict[int, float] = {}

    async def watch(self) -> None:
        """For ever, whatever goes wrong in one look."""
        while True:
            try:
                await self.look()
                pause = LOOK_SECONDS
            except (Unavailable, SQLAlchemyError) as fault:
                _log.warning("the journal was not looked at: %s", fault)
                pause = _AFTER_A_FAULT_SECONDS
            await asyncio.sleep(pause)

    async def look(self) -> None:
        """Refresh the pages of whom others have written of since the last look.

        Raises Unavailable.
        """
        if self._last is None:
            self._last = await self._backend.read(newest)
            return
        found = await self._backend.read(sealed, self._last, tuple(self._missing))
        if not found:
            return
        foreign = set(found).difference(self._backend.sealed)
        if foreign:
            live.refresh_some(await self._backend.read(whose, foreign))
        self._note(found)

    def _note(self, found: tuple[int, ...]) -> None:
        """Only when all is shown: what a fault has hidden is looked at again."""
        now, last = time.monotonic(), self._last or 0
        late = {each: at for each, at in self._missing.items() if now - at < _LATE_SECONDS}
        self._last = max(last, *found)
        between = range(last + 1, self._last)
        self._missing = {
            each: at
            for each, at in (late | dict.fromkeys(between, now)).items()
            if each not in found
        }
