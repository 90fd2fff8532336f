"""Twelve meters whose names have sixty letters, on the narrowest phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import CHECK, CONFIRM, accepted, dialog, opens, tap
from tests.browser.town import Town
from tests.support.rulers import CUT, OPEN_ALL, SIDEWAYS, SMALL

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}
PAGES = ("/", "/charges", "/invoices", "/messages", "/zkh")
ONE_OF_A_KIND = ("/invoices/", "/messages/", "/zkh/")
HIDDEN_TEXT = """() => [...document.querySelectorAll("main *")]
  .filter((each) => each.checkVisibility() && !each.closest(".zh-chart-scroll, .zh-hidden, thead"))
  .filter((each) => getComputedStyle(each).overflow !== "visible")
  .filter((each) => each.scrollWidth > each.clientWidth + 1)
  .map((each) => each.outerHTML.slice(0, 120))"""


def wrong(page: Page) -> list[str]:
    found = [f"{page.evaluate(SIDEWAYS)} px sideways"] if page.evaluate(SIDEWAYS) else []
    return [*found, *page.evaluate(CUT), *page.evaluate(SMALL), *page.evaluate(HIDDEN_TEXT)]


def test_twelve_meters_with_names_of_sixty_letters(town: Town, a_phone) -> None:
    crowded = town.a_neighbour_of_twelve_meters()
    page: Page = town.at_home(a_phone(viewport=NARROW), crowded)
    values = page.locator('input[name^="value:"]')
    expect(values).to_have_count(12)
    assert wrong(page) == []
    for address in PAGES:
        opens(page, address)
        page.evaluate(OPEN_ALL)
        assert (address, wrong(page)) == (address, [])
    for kind in ONE_OF_A_KIND:
        opens(page, kind.rstrip("/"))
        opens(page, str(page.locator(f'main a[href^="{kind}"]').first.get_attribute("href")))
        page.evaluate(OPEN_ALL)
        assert (kind, wrong(page)) == (kind, [])
    opens(page, "/zkh")
    first = page.locator(".zh-register-link").first
    assert len(first.inner_text()) == 60
    for index in range(12):
        values.nth(index).fill("0000012,5")
    expect(page.locator("[data-live-summary]")).to_contain_text("12 из 12")
    assert wrong(page) == []
    tap(page, CHECK)
    expect(dialog(page)).to_be_visible()
    assert wrong(page) == []
    tap(page, CONFIRM)
    expect(accepted(page)).to_be_visible()
    assert accepted(page).get_by_role("listitem").count() == 12
    assert wrong(page) == []
