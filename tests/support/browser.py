"""Debian's Chromium through Playwright, and the two screens the portal is looked at on.

The tests look at pages in Chromium's shell: the same engine, network and workers, of the same
build, without the window around them, which costs more than our pages do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, sync_playwright

WHOLE = "/usr/bin/chromium"
"""For what the browser itself thinks of a page: the shell finds everything fit to be installed."""
SHELL = "/usr/lib/chromium/chromium-headless-shell"
FLAGS = [
    "--no-sandbox",  # root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",  # the closed network refuses it many times a second
    "--disable-component-update",
    "--disable-sync",
]
RUSSIAN = {"locale": "ru-RU", "timezone_id": "Europe/Moscow"}
PHONE = {
    **RUSSIAN,
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}
DESKTOP = {**RUSSIAN, "viewport": {"width": 1280, "height": 800}}


def lightest() -> str:
    """The shell, or the whole one where only that is installed: the same answers, later."""
    return SHELL if Path(SHELL).exists() else WHOLE


@contextmanager
def chromium(program: str = WHOLE) -> Iterator[Browser]:
    """A browser for one module: Playwright's loop must be gone before an `async def` test."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class ConsoleErrors(list[str]):
    """What the pages complained about; a test that expects complaints takes them."""

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", self._page_error)

    def take(self) -> list[str]:
        taken = list(self)
        self.clear()
        return taken

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.append(f"{message.text} ({message.location.get('url', '')})")

    def _page_error(self, error: Error) -> None:
        self.append(f"uncaught: {error}")


class Screens:
    """Opens pages, each in a context (cookies, storage) of its own, and closes them all."""

    def __init__(self, browser: Browser, errors: ConsoleErrors) -> None:
        self._browser = browser
        self._errors = errors
        self._contexts: list[Any] = []

    def phone(self, **options: Any) -> Page:
        """390x844, touch; `options` go to Playwright's new_context (base_url=, offline=, …)."""
        return self._open({**PHONE, **options})

    def desktop(self, **options: Any) -> Page:
        return self._open({**DESKTOP, **options})

    def close(self) -> None:
        while self._contexts:
            self._contexts.pop().close()

    def _open(self, options: dict[str, Any]) -> Page:
        context = self._browser.new_context(**options)
        self._contexts.append(context)
        page = context.new_page()
        self._errors.watch(page)
        return page
