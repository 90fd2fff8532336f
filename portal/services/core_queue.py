"""Work that takes a core for a while, away from the event loop and never too much of it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import TypeVar

from portal.errors import Unavailable

R = TypeVar("R")


class CoreQueue:
    """At most `cores` calls at once and `waiting_max` waiting ones; whoever finds it full is told
    the sentence `full`.
    """

    def __init__(self, name: str, full: str, cores: int, waiting_max: int) -> None:
        self._full = full
        self._pool = ThreadPoolExecutor(cores, name)
        self._places = BoundedSemaphore(cores + waiting_max)

    def refuse_if_full(self) -> None:
        """Before anything is written for a call that would be sent away.  Raises Unavailable."""
        if not self._places.acquire(blocking=False):
            raise Unavailable(self._full)
        self._places.release()

    async def run(self, call: Callable[[], R]) -> R:
        """The answer of `call`, in turn.  Raises Unavailable: the queue is full."""
        if not self._places.acquire(blocking=False):
            raise Unavailable(self._full)
        future = self._pool.submit(call)
        future.add_done_callback(self._leave)  # also when whoever waited has gone away
        return await asyncio.wrap_future(future)

    def _leave(self, _future: Future[R]) -> None:
        self._places.release()
