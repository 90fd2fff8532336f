"""The one doorway: a service call becomes one thread hop and one transaction."""

import asyncio
import fcntl
import logging
import os
import random
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from portal.db import journal
from portal.db.engine import make_engine, writing
from portal.db.session import Session
from portal.domain.identity import Officer
from portal.domain.letter import Letterhead
from portal.errors import Unavailable

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS_MAX = 5
REMEMBERED_MAX = 10_000
# Serialization failure, deadlock (PostgreSQL 15 documentation, section 13.5), a taken unique key.
_AGAIN = frozenset({"40001", "40P01", "23505"})
_SQLITE_UNIQUE = "UNIQUE constraint failed"
_log = logging.getLogger(__name__)


class Backend:
    """Reads and writes for the edges.  Services never commit: this does, or rolls back.  Without a
    `letterhead` nobody gets letters of what is written.
    """

    def __init__(
        self,
        address: str,
        clock: Callable[[], datetime] | None = None,
        letterhead: Letterhead | None = None,
    ) -> None:
        self.engine = make_engine(address)
        self.clock = clock or (lambda: datetime.now(UTC))
        self.letterhead = letterhead
        self.sealed: deque[int | None] = deque(maxlen=REMEMBERED_MAX)
        """The audit records of its own latest transactions; others' come from other processes."""
        self._lock_file = _lock_file(self.engine)
        # SQLite has one writer at a time: one thread queues fairly where its busy timeout starves.
        self._writers = ThreadPoolExecutor(1 if self._lock_file else 8, "zkh-write")
        self._readers = ThreadPoolExecutor(8, "zkh-read")

    async def read(
        self, query: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """The answer of `query(session, …)`; whatever it changed is rolled back."""
        return await self._hop(self._readers, partial(self.read_now, query, *args, **kwargs))

    async def write(
        self, command: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """The answer of `command(session, …)` after its commit."""
        return await self._hop(self._writers, partial(self.write_now, command, *args, **kwargs))

    def read_now(
        self, query: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """`read` for the command line and for tests: blocks."""
        with self.engine.connect() as connection:
            return query(Session(connection), *args, **kwargs)

    def write_now(
        self, command: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """`write` for the command line and for tests: blocks."""
        for attempt in range(1, ATTEMPTS_MAX + 1):
            try:
                return self._transaction(command, *args, **kwargs)
            except DBAPIError as fault:
                if attempt == ATTEMPTS_MAX or not _worth_repeating(fault):
                    raise
                _log.warning("repeating %s: %s", _name(command), type(fault.orig).__name__)
                time.sleep(random.uniform(0, 0.02 * attempt))  # noqa: S311 - jitter, not a secret
        raise AssertionError("unreachable")

    def close(self) -> None:
        self._writers.shutdown()
        self._readers.shutdown()
        self.engine.dispose()

    def _transaction(
        self, command: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        with self._turn(), writing(self.engine) as connection:
            session = Session(connection, self.letterhead)
            answer = command(session, *args, **kwargs)
            sealed = journal.seal(session, _actor(args), _name(command), self.clock())
            self.sealed.append(sealed)  # before the commit: nobody takes it for another's
            return answer

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Waits until no other process writes to the same SQLite file: a fair queue, which the
        busy timeout is not.
        """
        if self._lock_file is None:
            yield
            return
        lock = os.open(self._lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    @staticmethod
    async def _hop(pool: ThreadPoolExecutor, call: Callable[[], R]) -> R:
        """Raises Unavailable; the log has the database's own words."""
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, call)
        except OperationalError as fault:
            _log.warning("the database does not answer: %s", fault.orig)
            raise Unavailable("База данных не отвечает. Повторите через минуту") from fault


def _lock_file(engine: Engine) -> Path | None:
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return None
    return Path(engine.url.database + ".lock")


def _worth_repeating(fault: DBAPIError) -> bool:
    """A unique key that somebody else's commit took is settled by running again: the second run
    sees the winner's row and answers accordingly.  Any other broken rule is a bug, not a race.
    """
    state = getattr(fault.orig, "sqlstate", None)
    return state in _AGAIN or str(fault.orig).startswith(_SQLITE_UNIQUE)


def _actor(args: tuple[object, ...]) -> str:
    match args[:1]:
        case (int(resident),):
            return f"resident:{resident}"
        case (Officer(name),):
            return f"officer:{name}"
        case _:
            return "system"


def _name(command: Callable[..., object]) -> str:
    return getattr(command, "__name__", type(command).__name__)
