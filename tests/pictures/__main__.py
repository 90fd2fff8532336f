"""Starts the demonstration, goes through it as a resident and keeps what the screen shows."""

import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.support.browser import DESKTOP, PHONE, chromium
from tests.support.server import PortalServer

FOLDER = Path(__file__).parent
READINGS = ("00486,5", "00511,2", "02001", "013245", "009471")


def main() -> None:
    with tempfile.TemporaryDirectory() as data, chromium() as browser:
        server = PortalServer(Path(data), command="demo")
        server.start()
        try:
            _phone(browser, server.url)
            _desktop(browser, server.url)
        finally:
            server.stop()
    for picture in sorted(FOLDER.glob("*.png")):
        print(f"{picture.name}: {picture.stat().st_size // 1024} KB")


def _phone(browser: Any, url: str) -> None:
    page = browser.new_context(**PHONE, base_url=url).new_page()
    _sign_in(page, "DOM-12", "kvartira-12")
    _keep(page, "phone-home")
    page.goto("/zkh")
    for field, text in zip(page.locator('input[name^="value:"]').all(), READINGS, strict=True):
        field.fill(text)
    page.evaluate("scrollTo(0, 0)")
    _keep(page, "phone-readings")
    page.click("text=Проверить и передать")
    page.wait_for_selector("dialog[open] [data-confirm]")
    _keep(page, "phone-confirm")
    page.goto("/charges?period=2026-10")
    _keep(page, "phone-charges")
    page.goto("/payment")
    _keep(page, "phone-payment")


def _desktop(browser: Any, url: str) -> None:
    page = browser.new_context(**DESKTOP, base_url=url).new_page()
    _sign_in(page, "DOG-S-755", "kvartira-755")
    page.goto("/zkh")
    _keep(page, "desktop-readings")
    page.emulate_media(color_scheme="dark")
    page.goto("/charges?period=2014-05")
    _keep(page, "desktop-charges-dark")


def _sign_in(page: Page, login: str, password: str) -> None:
    page.goto("/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", password)
    page.click("button:has-text('Войти')")
    page.wait_for_url("**/")


def _keep(page: Page, name: str) -> None:
    """Once the page is live and nothing moves."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function(_READY)
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled", scale="css")


_READY = "() => window.zhPortal?.live !== false && document.fonts.status === 'loaded'"


if __name__ == "__main__":
    main()
