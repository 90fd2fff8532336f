"""The open tabs of this process: what an action calls when others must see what it did.

Tabs in another process of the same installation learn of it through neighbours.py.
"""

import asyncio
import math
import time
from collections.abc import Collection, Coroutine, Iterable
from typing import Any, Protocol, TypeVar

from portal.domain.identity import ResidentId

_Key = TypeVar("_Key")


class Tab(Protocol):
    """A live page: whose it is, and what can be asked of it."""

    @property
    def session_id(self) -> int: ...
    @property
    def resident(self) -> ResidentId: ...

    async def refresh(self) -> None:
        """Draw the present page anew and leave alone what is being typed."""

    async def leave(self) -> None:
        """Go to the sign-in page and close the connection."""


REMEMBERED_SECONDS = 60.0
"""By then whoever asks again has heard it from the database."""
_AT_ONCE = 3

_tabs: set[Tab] = set()
_ended: dict[int, float] = {}
_changed: dict[ResidentId, float] = {}
_running: set[asyncio.Task[None]] = set()


async def refresh(resident: ResidentId) -> None:
    """Let every open tab of the resident show the present state; does not wait until they do.
    Call it after the commit.
    """
    _note(_changed, (resident,))
    for tab in tuple(_tabs):
        if tab.resident == resident:
            _start(tab.refresh())


def refresh_some(residents: Collection[ResidentId]) -> None:
    """`refresh` of many who have not asked for anything: a few tabs at a time, so that a whole
    house's bill does not keep those waiting who have.
    """
    _note(_changed, residents)
    places = asyncio.Semaphore(_AT_ONCE)
    for tab in tuple(_tabs):
        if tab.resident in residents:
            _start(_in_turn(tab, places))


async def end(session_ids: Iterable[int]) -> None:
    """Close every open tab of these sessions and refuse whatever they still send.  Call it after
    the commit that ended them.
    """
    ended = frozenset(session_ids)
    _note(_ended, ended)
    await asyncio.gather(*(tab.leave() for tab in tuple(_tabs) if tab.session_id in ended))


def has_ended(session_id: int) -> bool:
    """Whether this process itself ended the session."""
    return session_id in _ended


def has_changed(resident: ResidentId, since: float) -> bool:
    """Whether something of the resident's changed after `since`, of the monotonic clock: a page
    that was read then, and was no open tab yet, does not know of it.
    """
    return _changed.get(resident, -math.inf) >= since


def register(tab: Tab) -> None:
    _tabs.add(tab)


def forget(tab: Tab) -> None:
    _tabs.discard(tab)


def has_open(session_id: int) -> bool:
    """Whether some tab of the session is still open."""
    return any(tab.session_id == session_id for tab in _tabs)


def reset() -> None:
    """Another application begins in this process: session ids start anew."""
    _tabs.clear()
    _ended.clear()
    _changed.clear()


def _note(when: dict[_Key, float], keys: Iterable[_Key]) -> None:
    """And forget what happened long ago."""
    now = time.monotonic()
    for old in [each for each, at in when.items() if now - at > REMEMBERED_SECONDS]:
        del when[old]
    when.update(dict.fromkeys(keys, now))


async def _in_turn(tab: Tab, places: asyncio.Semaphore) -> None:
    async with places:
        await tab.refresh()


def _start(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.create_task(work)
    _running.add(task)
    task.add_done_callback(_running.discard)
