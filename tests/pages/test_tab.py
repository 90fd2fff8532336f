"""A page in a browser's tab: what the server does for it while nobody is there."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from markupsafe import Markup

from pages import tab
from pages.screen import Screen
from portal.domain.identity import ResidentId
from portal.web import live
from portal.web.visit import Visit


class Browser:
    """The client of one page, as NiceGUI keeps it, and what it was sent."""

    def __init__(self) -> None:
        self.has_socket_connection = False
        self.is_deleted = False
        self.shown: list[str] = []
        self._hears: list[Callable[[], None]] = []

    def on_connect(self, hears: Callable[[], None]) -> None:
        self._hears.append(hears)

    def on_delete(self, _hears: Callable[[], None]) -> None:
        """It stays."""

    def refresh(self, _address: str, html: Markup) -> None:
        self.shown.append(html)

    async def comes(self) -> None:
        self.has_socket_connection = True
        for each in self._hears:
            each()
        await _all_is_done()

    def goes(self) -> None:
        self.has_socket_connection = False


class House:
    """Answers whoever asks, and counts."""

    def __init__(self) -> None:
        self.drawn = 0

    async def find(self, _token: str | None) -> Any:
        return SimpleNamespace(session_id=1, resident=ResidentId(1))

    async def answer(self, *_asked: object) -> Screen:
        self.drawn += 1
        return Screen("Главная", Markup("{}").format(self.drawn))


async def _all_is_done() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*others)


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    browser = Browser()
    seen = SimpleNamespace(context=SimpleNamespace(client=browser))
    monkeypatch.setattr(tab, "ui", seen)
    monkeypatch.setattr(tab, "Fragment", lambda _wish: browser)
    monkeypatch.setattr("nicegui.background_tasks.create", _started)
    live.reset()
    return browser


def _started(work: Any, name: str) -> Any:
    return asyncio.create_task(work, name=name)


async def test_a_page_that_was_left_is_drawn_for_nobody_and_shown_to_who_comes_back(
    browser: Browser,
) -> None:
    house: Any = House()
    tab.Tab(Visit("127.0.0.1", "token"), await house.find(""), house, house, house)
    await browser.comes()
    await live.refresh(ResidentId(1))
    await _all_is_done()
    assert (house.drawn, browser.shown) == (1, ["1"])

    browser.goes()
    for _ in range(3):
        await live.refresh(ResidentId(1))
    await _all_is_done()
    assert house.drawn == 1

    await browser.comes()
    assert (house.drawn, browser.shown) == (2, ["1", "2"])
    browser.goes()
    await browser.comes()
    assert house.drawn == 2, "nothing has changed meanwhile"


async def test_what_changed_before_a_painted_page_came_alive_is_shown_as_soon_as_it_does(
    browser: Browser,
) -> None:
    house: Any = House()
    tab.Tab(Visit("127.0.0.1", "token"), await house.find(""), house, house, house)
    await live.refresh(ResidentId(1))
    await _all_is_done()
    assert house.drawn == 0
    await browser.comes()
    assert browser.shown == ["1"]
