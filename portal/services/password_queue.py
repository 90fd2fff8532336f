"""Hashing passwords away from the event loop, as many at once as there are cores.

One check takes 24 ms of a core and 19 MiB.  Without a bound some eighty sign-ins a second would
stop the portal for everybody who is already in.
"""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import TypeVar

from portal.errors import Unavailable

WAITING_MAX = 50
R = TypeVar("R")


class PasswordQueue:
    def __init__(self, cores: int | None = None, waiting_max: int = WAITING_MAX) -> None:
        cores = cores or len(os.sched_getaffinity(0))
        self._pool = ThreadPoolExecutor(cores, "zkh-password")
        self._places = BoundedSemaphore(cores + waiting_max)

    def refuse_if_full(self) -> None:
        """Before anything is written for a call that would be sent away.  Raises Unavailable."""
        if not self._places.acquire(blocking=False):
            raise _too_many()
        self._places.release()

    async def run(self, call: Callable[[], R]) -> R:
        """The answer of `call`, in turn.  Raises Unavailable: the queue is full."""
        if not self._places.acquire(blocking=False):
            raise _too_many()
        future = self._pool.submit(call)
        future.add_done_callback(self._leave)  # also when whoever waited has gone away
        return await asyncio.wrap_future(future)

    def _leave(self, _future: Future[R]) -> None:
        self._places.release()


def _too_many() -> Unavailable:
    return Unavailable("Сейчас входит слишком много людей. Повторите через минуту")


PASSWORDS = PasswordQueue()
"""One for the process, as its cores are."""
