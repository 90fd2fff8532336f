"""A page is told what NiceGUI would tell it, and one that has nothing to hear costs nothing."""

import asyncio
import hashlib
import inspect
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from nicegui import background_tasks, client
from nicegui.outbox import Outbox

from portal.web.outbox import OutboxMoved, PatientOutbox, wait_without_a_clock

LOOKED_AT = "56e59c8fce3c0b1e4ea0d71dc8e5aaa97475979c324e39d10de4bbabc52489e7"
"""The shipped class that ours runs; another one must be read before its digest stands here."""


@dataclass(eq=False)
class Owner:
    """As much of a client as an outbox asks of it."""

    id: str = "client"
    has_socket_connection: bool = False
    heard: "asyncio.Queue[str]" = field(default_factory=asyncio.Queue)

    def check_existence(self) -> None:
        """It does."""


@dataclass
class Tab:
    owner: Owner
    outbox: Outbox
    work: "asyncio.Task[None]"
    clocks: list[float]
    """For when the loop has asked to be called."""

    def connects(self) -> None:
        self.owner.has_socket_connection = True
        self.outbox.try_rewind(self.outbox.next_message_id)

    def is_told(self, text: str) -> None:
        self.outbox.enqueue_message("notify", {"text": text}, self.owner.id)


@pytest.fixture(params=[PatientOutbox, Outbox], ids=["ours", "shipped"])
async def tab(request: pytest.FixtureRequest, monkeypatch: Any) -> AsyncIterator[Tab]:
    owner, begun, clocks = Owner(), list[Any](), list[float]()
    loop = asyncio.get_running_loop()
    call_at = loop.call_at

    def watched(when: float, *rest: Any, **options: Any) -> asyncio.TimerHandle:
        clocks.append(when)
        return call_at(when, *rest, **options)

    async def emit(message: Any) -> None:
        await owner.heard.put(message[2]["text"])

    monkeypatch.setattr(loop, "call_at", watched)
    monkeypatch.setattr(background_tasks, "create_or_defer", lambda work, **_: begun.append(work))
    outbox = request.param(owner)
    monkeypatch.setattr(outbox, "_emit", emit)
    tab = Tab(owner, outbox, asyncio.create_task(*begun), clocks)
    yield tab
    outbox.stop()
    await tab.work


async def test_what_was_said_before_it_came_alive_and_after_arrives_in_order(tab: Tab) -> None:
    tab.is_told("1")
    tab.is_told("2")
    tab.connects()
    assert [await tab.owner.heard.get() for _ in range(2)] == ["1", "2"]
    tab.is_told("3")
    assert await tab.owner.heard.get() == "3"


async def test_what_is_said_while_the_network_is_gone_arrives_when_it_is_back(tab: Tab) -> None:
    tab.connects()
    tab.is_told("1")
    assert await tab.owner.heard.get() == "1"
    tab.owner.has_socket_connection = False

    tab.is_told("2")
    await settled()
    assert tab.owner.heard.empty()

    tab.connects()
    assert await tab.owner.heard.get() == "2"


@pytest.mark.parametrize("is_alive", [False, True])
async def test_only_the_shipped_one_looks_at_the_clock(tab: Tab, is_alive: bool) -> None:
    """For a page that nobody has brought to life, and for one that lives and is told nothing."""
    tab.is_told("1")
    if is_alive:
        tab.connects()
        await tab.owner.heard.get()
    await settled()
    assert bool(tab.clocks) == (type(tab.outbox) is Outbox)


async def test_whoever_ends_it_at_work_has_ended_it(tab: Tab, monkeypatch: Any) -> None:
    async def never(_message: Any) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(tab.outbox, "_emit", never)
    tab.connects()
    tab.is_told("1")
    await settled()

    tab.work.cancel()
    await settled()

    assert tab.work.done()


async def settled() -> None:
    """Everything that can be done now is done."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_the_shipped_one_is_the_one_that_was_looked_at() -> None:
    assert hashlib.sha256(inspect.getsource(Outbox).encode()).hexdigest() == LOOKED_AT


def test_a_release_that_makes_it_elsewhere_stops_the_start(monkeypatch: Any) -> None:
    monkeypatch.delattr(client, "Outbox")
    with pytest.raises(OutboxMoved):
        wait_without_a_clock()
