"""What a person does on the pages of the portal, in few words."""

import re
from typing import Any

from playwright.sync_api import Page, expect

LIVE = "html[data-zh-live]"
IS_LIVE = "() => window.zhPortal?.live && window.socket?.connected && window.did_handshake"
CHECK, CONFIRM, REPEAT = "Проверить и передать", "Подтвердить", "Повторить отправку"
SILENCE_MS = 40_000
"""The page waits 10 s for an answer; the rest is a busy machine's."""


def sign_in(
    page: Page, login: str, password: str, *, at: str = "/login", remembered: bool = True
) -> None:
    """Through the form; ends on a page that has come alive."""
    enters(page, login, password, at=at, remembered=remembered)
    until_live(page)


def enters(page: Page, login: str, password: str, *, at: str, remembered: bool = True) -> None:
    """Through the form; ends on a page that may be anything."""
    page.goto(at)
    page.get_by_label("Логин", exact=True).fill(login)
    page.get_by_label("Пароль", exact=True).fill(password)
    page.get_by_label("Запомнить меня").set_checked(remembered)
    page.get_by_role("button", name="Войти", exact=True).click()
    page.wait_for_url(lambda address: "/login" not in address)


def opens(page: Page, address: str) -> None:
    """By the browser's address bar."""
    page.goto(address)
    until_live(page)


def until_live(page: Page) -> None:
    """The screen is the live one and its socket is open: before that a tap loads a whole page."""
    page.wait_for_function(IS_LIVE, timeout=40_000)


def goes_to(page: Page, link: str, title: str) -> None:
    """By a tap on a link of the menu; the page changes in place."""
    page.get_by_role("navigation", name="Разделы").get_by_role("link", name=link).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def heading(page: Page) -> Any:
    return page.get_by_role("heading", level=1)


def field(page: Page, label: str) -> Any:
    return page.get_by_label(label, exact=True)


def a_little_more(value: Any) -> str:
    """Of what the counter showed: two units."""
    row = value.locator("xpath=ancestor::li[@data-key]")
    previous = int(row.get_attribute("data-previous"))
    digits = int(row.get_attribute("data-frac-digits") or 0)
    more = (previous + 2_000_000) // 10 ** (6 - digits)
    text = str(more).rjust(digits + 1, "0")
    return f"{text[:-digits]},{text[-digits:]}" if digits else text


def tap(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def status(page: Page) -> Any:
    """Where the entry says what becomes of it."""
    return page.locator("form[data-readings] [data-send-status]")


def dialog(page: Page) -> Any:
    return page.get_by_role("dialog")


def accepted(page: Page) -> Any:
    return page.get_by_role("dialog", name="Принято")


def squeezed(text: str | None) -> str:
    """One line; the spaces that do not break are spaces here."""
    return re.sub(r"\s+", " ", text or "").strip()


def forgive(errors: list[str], *words: str) -> None:
    """The browser reports every refusal and every lost connection; these were asked for."""
    errors[:] = [error for error in errors if not any(word in error for word in words)]
