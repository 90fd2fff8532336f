"""Hashing in turn: never more at once than cores, never a long queue."""

import asyncio
from collections.abc import AsyncIterator
from threading import Event, Lock

import pytest

from portal.errors import Unavailable
from portal.services.password_queue import PasswordQueue


@pytest.fixture
async def queue() -> AsyncIterator[PasswordQueue]:
    queue = PasswordQueue(cores=2, waiting_max=3)
    yield queue
    queue._pool.shutdown(cancel_futures=True)


async def test_as_many_at_once_as_cores(queue: PasswordQueue) -> None:
    lock, inside, most = Lock(), 0, 0
    gate = Event()

    def work() -> None:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        gate.wait(10)
        with lock:
            inside -= 1

    running = [asyncio.create_task(queue.run(work)) for _ in range(5)]
    await asyncio.sleep(0)
    gate.set()
    assert await asyncio.gather(*running) == [None] * 5
    assert most <= 2


async def test_whoever_finds_the_queue_full_is_sent_away_and_told(queue: PasswordQueue) -> None:
    gate = Event()
    running = [asyncio.create_task(queue.run(gate.wait)) for _ in range(5)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable, match="слишком много людей"):
        await queue.run(lambda: None)
    with pytest.raises(Unavailable):
        queue.refuse_if_full()
    gate.set()
    await asyncio.gather(*running)
    queue.refuse_if_full()
    assert await queue.run(lambda: "in") == "in"


async def test_a_failure_frees_its_place(queue: PasswordQueue) -> None:
    def fail() -> None:
        raise ValueError("broken")

    for _ in range(10):
        with pytest.raises(ValueError, match="broken"):
            await queue.run(fail)


async def test_whoever_goes_away_keeps_the_place_only_until_the_work_is_done(
    queue: PasswordQueue,
) -> None:
    gate = Event()
    running = [asyncio.create_task(queue.run(gate.wait)) for _ in range(5)]
    await asyncio.sleep(0)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    gate.set()
    assert await asyncio.wait_for(_let_in(queue), 10) == "in"


async def _let_in(queue: PasswordQueue) -> str:
    while True:
        try:
            return await queue.run(lambda: "in")
        except Unavailable:
            await asyncio.sleep(0.01)
