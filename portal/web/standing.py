"""Whether a session still holds: asked on every request, remembered for seconds on sockets."""

import asyncio
import logging
import time

from portal.backend import Backend
from portal.domain.identity import ResidentId
from portal.errors import PortalError
from portal.services.sessions import SignedIn, find_session, touch
from portal.web import live
from portal.web.visit import Visit

RECHECK_SECONDS = 10.0
"""How long another process's sign-out may go unnoticed by an open socket."""

_log = logging.getLogger(__name__)


class Standing:
    """Sessions that this process ended are refused at once, without the database."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._checked: dict[int, tuple[str | None, float]] = {}
        self._locks: dict[int, asyncio.Lock] = {}
        self._touches: set[asyncio.Task[None]] = set()

    async def find(self, token: str | None) -> SignedIn | None:
        """The living session of the cookie, from the database."""
        if token is None:
            return None
        now = self._backend.clock()
        signed_in = await self._backend.read(find_session, token, now)
        if signed_in is None or live.has_ended(signed_in.session_id):
            return None
        if signed_in.touch_due:
            self._touch_later(signed_in)
        return signed_in

    async def holds(self, visit: Visit) -> bool:
        """Whether a page's session was alive at most RECHECK_SECONDS ago."""
        known = visit.signed_in
        if known is None or live.has_ended(known.session_id):
            return False
        if self._is_fresh(visit, known.session_id):
            return True
        async with self._locks.setdefault(known.session_id, asyncio.Lock()):
            if self._is_fresh(visit, known.session_id):
                return True
            asked_at = time.monotonic()
            found = await self.find(visit.token)
            if found is None or found.session_id != known.session_id:
                return False
            self._checked[known.session_id] = (visit.token, asked_at)
            return True

    def forget(self, session_id: int) -> None:
        """No page of this session is open here any more."""
        self._checked.pop(session_id, None)
        self._locks.pop(session_id, None)

    def _is_fresh(self, visit: Visit, session_id: int) -> bool:
        """Of this very token: a new password keeps the session and replaces the token."""
        token, checked = self._checked.get(session_id, (None, 0.0))
        return token == visit.token and time.monotonic() - checked < RECHECK_SECONDS

    def _touch_later(self, signed_in: SignedIn) -> None:
        task = asyncio.create_task(self._touch(signed_in.resident, signed_in.session_id))
        self._touches.add(task)
        task.add_done_callback(self._touches.discard)

    async def _touch(self, resident: ResidentId, session_id: int) -> None:
        try:
            await self._backend.write(touch, resident, session_id, self._backend.clock())
        except PortalError as error:
            _log.warning("a session was not touched: %s", error)
