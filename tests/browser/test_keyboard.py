"""Without a mouse: everything is reached, seen and done by Tab, Enter and Escape."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import accepted, dialog, field, heading, until_live
from tests.browser.town import PASSWORD, POWER, WATER, Neighbour, Town

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  const it = document.activeElement;
  const ring = getComputedStyle(it.closest(".zh-dial") ?? it);
  const box = it.getBoundingClientRect();
  return {
    name: (it.getAttribute("aria-label") || it.innerText || it.name || it.tagName).trim(),
    tag: it.tagName,
    ring: ring.outlineStyle === "none" ? 0 : parseFloat(ring.outlineWidth),
    isSeen: box.top < innerHeight && box.bottom > 0 && it.checkVisibility(),
  };
}"""
STEPS_MAX = 60


@pytest.fixture
def page(town: Town, network: Any, screens: Any) -> Page:
    opened: Page = screens.desktop(base_url=town.network.url)
    return opened


def tabs_to(page: Page, name: str) -> None:
    """By Tab alone; whatever has the focus on the way shows it."""
    passed = []
    for _ in range(STEPS_MAX):
        page.keyboard.press("Tab")
        now = page.evaluate(FOCUSED)
        passed.append(now["name"])
        if now["tag"] == "BODY":
            continue
        assert now["ring"] >= 2, f"{now['name']}: nobody sees that it has the focus"
        assert now["isSeen"], f"{now['name']}: the focus is out of sight"
        if now["name"].startswith(name):
            return
    pytest.fail(f"«{name}» was not reached: {passed}")


def test_the_whole_job_by_keyboard(town: Town, anna: Neighbour, page: Page) -> None:
    page.goto("/login")
    tabs_to(page, "login")
    page.keyboard.type(anna.login)
    tabs_to(page, "password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(town.network.url + "/")
    until_live(page)

    tabs_to(page, "Передать показания")
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("ЖКХ")
    expect(heading(page)).to_be_focused()
    tabs_to(page, f"value:{anna.water.account.id}/zkh_cold")
    page.keyboard.type("483,5")
    page.keyboard.press("Enter")
    expect(field(page, POWER)).to_be_focused()
    page.keyboard.type("13250")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Подтвердите списание")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog(page)).to_be_hidden()
    expect(field(page, POWER)).to_be_focused()
    tabs_to(page, "Проверить и передать")
    page.keyboard.press("Enter")
    expect(dialog(page)).to_be_visible()
    tabs_to(page, "Подтвердить")
    page.keyboard.press("Space")
    expect(accepted(page)).to_be_visible()
    tabs_to(page, "Готово")
    page.keyboard.press("Enter")
    expect(dialog(page)).to_be_hidden()
    expect(field(page, WATER)).to_have_value("")
    assert town.given(anna.water) == ["00483,500"]
    assert town.given(anna.power) == ["013250"]


def test_the_dialog_keeps_the_focus(town: Town, anna: Neighbour, page: Page) -> None:
    town.at_home(page, anna)
    field(page, WATER).fill("483,5")
    field(page, WATER).press("Enter")
    field(page, POWER).press("Enter")
    expect(dialog(page)).to_be_visible()
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "() => document.activeElement === document.body"
            " || Boolean(document.activeElement.closest('dialog'))"
        )


def test_the_skip_link_leads_past_the_menu(town: Town, anna: Neighbour, page: Page) -> None:
    town.at_home(page, anna)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="К содержанию")).to_be_focused()
    expect(page.get_by_role("link", name="К содержанию")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#zh-main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("() => Boolean(document.activeElement.closest('main'))")
