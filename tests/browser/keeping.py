"""Leaving readings to the phone, and what it says of them."""

from contextlib import suppress
from datetime import date
from typing import Any

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as NotInTime

from tests.browser.steps import CHECK, field, tap
from tests.support.waiting import wait_until

LATER, NOW = "Отправить позже", "Отправить сейчас"
IS_READY = """async () => navigator.serviceWorker.controller !== null
  && await (await caches.open("zh-pad")).match("/pad") !== undefined"""
LOST = ("net::ERR_", "Failed to load resource", "WebSocket connection")
"""What the browser reports of a network that fails."""


def ready(page: Page) -> Page:
    """Everything is kept: from now on the network may go."""
    wait_until(lambda: page.evaluate(IS_READY), "the phone has kept what it needs", 30)
    return page


def keeps(page: Page, label: str, value: str, taken_on: date | None = None) -> None:
    """Types a reading without a network and leaves it to the phone."""
    if taken_on is not None:
        if not field(page, "Дата снятия показаний").is_visible():
            page.locator(".zh-date-line").click()
        field(page, "Дата снятия показаний").fill(taken_on.isoformat())
    field(page, label).fill(value)
    tap(page, CHECK)
    tap(page, LATER)
    expect(queued(page).last).to_contain_text(value)


def sends_now(page: Page) -> None:
    """By a tap, unless the phone has noticed the network by itself meanwhile."""
    with suppress(NotInTime):
        page.get_by_role("button", name=NOW, exact=True).click(timeout=5_000)


def queued(page: Page) -> Any:
    return page.locator(".zh-queued")
