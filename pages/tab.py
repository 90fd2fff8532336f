"""A page in a browser's tab: painted by the first answer, alive from then on."""

import time

from nicegui import Client, background_tasks, ui

from components.fragment import Fragment, Wish
from pages.router import Elsewhere, Router, trouble
from pages.screen import Screen
from portal.domain.identity import ResidentId
from portal.errors import PortalError
from portal.services.sessions import SignedIn
from portal.web import live, logs
from portal.web.addresses import SIGN_IN, sign_in_address
from portal.web.sockets import Sockets
from portal.web.standing import Standing
from portal.web.visit import Visit, new_number


class Tab:
    """`visit` is that of the request which opened it; its session is asked for anew each time."""

    def __init__(
        self,
        visit: Visit,
        signed_in: SignedIn,
        router: Router,
        standing: Standing,
        sockets: Sockets,
    ) -> None:
        self.session_id = signed_in.session_id
        self.resident: ResidentId = signed_in.resident
        self._visit = visit
        self._router = router
        self._standing = standing
        self._sockets = sockets
        self._client: Client = ui.context.client
        self._wanted: Wish | None = None
        self._is_busy = False
        self._is_stale = False
        self._fragment = Fragment(self._wish)
        self._client.on_connect(self._come_alive)
        self._client.on_delete(self._forget)
        live.register(self)
        if live.has_changed(self.resident, visit.read_at):
            background_tasks.create(self.refresh(), name="what changed while it was read")

    async def refresh(self) -> None:
        """A page that was left waits half a minute for its browser: drawn for nobody, it would
        only keep waiting who is there.
        """
        if not self._client.has_socket_connection:
            self._is_stale = True
            return
        address = self._visit.where
        screen = await self._ask(address)
        if isinstance(screen, Screen) and not self._client.is_deleted:
            self._fragment.refresh(address, screen.html)

    async def leave(self) -> None:
        await self._sockets.show_out(self._client.id, SIGN_IN)

    async def _wish(self, wish: Wish) -> None:
        """Of several wishes that come while one is being fulfilled, the last counts."""
        self._wanted = wish
        if self._is_busy:
            return
        self._is_busy = True
        try:
            while (wanted := self._wanted) is not None:
                self._wanted = None
                await self._fulfil(wanted)
        finally:
            self._is_busy = False

    async def _fulfil(self, wish: Wish) -> None:
        self._visit.read_at = time.monotonic()
        answer = await self._ask(wish.address)
        if self._client.is_deleted:
            return
        if isinstance(answer, Elsewhere):
            self._fragment.leave(answer.address)
            return
        self._visit.where = wish.address.partition("#")[0]
        self._fragment.show(wish, title=answer.title, html=answer.html)
        if live.has_changed(self.resident, self._visit.read_at):
            await self.refresh()

    async def _ask(self, address: str) -> Screen | Elsewhere:
        number = new_number()
        logs.reference.set(number)
        try:
            signed_in = await self._standing.find(self._visit.token)
        except PortalError as error:
            return trouble(error)
        if signed_in is None or signed_in.session_id != self.session_id:
            return Elsewhere(sign_in_address(address))
        return await self._router.answer(address, signed_in, number)

    def _come_alive(self) -> None:
        """At first, and whenever the connection was lost."""
        self._visit.painted = ""
        if self._is_stale:
            self._is_stale = False
            background_tasks.create(self.refresh(), name="what changed while nobody was there")

    def _forget(self) -> None:
        live.forget(self)
        if not live.has_open(self.session_id):
            self._standing.forget(self.session_id)
