"""How many questions a page asks of the database: few, and as many whoever asks."""

import asyncio
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.backend import Backend
from tests.builders import NOW
from tests.support.cabinet import OPEN, Cabinet, addresses, settings_of
from tests.support.settled import Settled, a_settled_resident
from tests.support.statements import counted

BUDGET = 8
MANY = 4


async def test_a_page_asks_at_most_eight_and_not_more_of_those_who_have_more(
    backend: Backend, tmp_path: Path
):
    small = await questions(backend, a_settled_resident(backend, key="one"), tmp_path)
    many = a_settled_resident(backend, key="many", size=MANY, login="сосед")
    large = await questions(backend, many, tmp_path)
    assert large == small
    assert max(small.values()) <= BUDGET, small


async def test_opening_a_message_for_the_first_time_stays_in_the_budget(
    backend: Backend, tmp_path: Path
):
    settled = a_settled_resident(backend)
    with counted(backend.engine) as asked:
        await cabinet_of(backend, settled, tmp_path).reads(f"/messages/{settled.unread_notice}")
    assert len(asked) <= BUDGET, asked


async def questions(backend: Backend, settled: Settled, folder: Path) -> dict[str, int]:
    """Of each page of the resident's, in the order of its addresses."""
    cabinet, found = cabinet_of(backend, settled, folder), {}
    for pattern, listed in addresses(settled).items():
        for number, address in enumerate(listed):
            with counted(backend.engine) as asked:
                await cabinet.reads(address)
            found[f"{pattern} {number}"] = len(asked)
    return found


def cabinet_of(backend: Backend, settled: Settled, folder: Path) -> Cabinet:
    settings = settings_of(folder, OPEN)
    return Cabinet(backend, settled.person.id, settings, session_id=settled.session_id)


async def test_a_message_that_was_read_opens_while_somebody_else_writes(
    sqlite_url: str, tmp_path: Path
):
    backend = Backend(sqlite_url, clock=lambda: NOW)
    settled = a_settled_resident(backend)
    cabinet = cabinet_of(backend, settled, tmp_path)
    with someone_writing(backend):
        async with asyncio.timeout(5):
            await cabinet.reads(f"/messages/{settled.read_notice}")
    backend.close()


@contextmanager
def someone_writing(backend: Backend) -> Iterator[None]:
    """As another process does."""
    with Path(f"{backend.engine.url.database}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
