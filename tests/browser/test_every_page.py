"""Every page of both residents: accessible by day and night, on a phone and at a desk; nothing
is cut, pushed aside or too small for a thumb.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import CHECK, dialog, forgive, heading, opens, sign_in, tap
from tests.support.axe import COLOURS, violations
from tests.support.rulers import CUT, OPEN_ALL, SIDEWAYS, SMALL, WIDTHS
from tests.support.server import PortalServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

RESIDENTS = {"DOG-S-755": "kvartira-755", "DOM-12": "kvartira-12"}
PHONE, DESK = (390, 844), (1280, 800)
# Forty rows are as accessible as four, and take axe ten times as long.
FOUR_ROWS = """() => document.querySelectorAll(".zh-rows > li:nth-child(n + 5)")
  .forEach((each) => each.remove())"""
PAGES = [
    "/", "/zkh", "/charges", "/invoices", "/payments", "/payment", "/payments/promise",
    "/messages", "/profile", "/more",
]  # fmt: skip
# A page, and the links on it that lead to one of a kind.
ONE_OF_A_KIND = {
    "/zkh": [".zh-register-link"],
    "/invoices": ["#zh-unpaid ~ ul a", "#zh-paid ~ ul a"],
    "/messages": ["main .zh-row"],
}


@pytest.fixture(params=RESIDENTS, scope="module")
def resident(request: pytest.FixtureRequest, demo: PortalServer, browser: Any) -> Iterator[Page]:
    """Signed in once: the pages of this module only look."""
    context = browser.new_context(base_url=demo.url, locale="ru-RU", has_touch=True)
    page = context.new_page()
    sign_in(page, request.param, RESIDENTS[request.param])
    yield page
    context.close()


def addresses(page: Page) -> Iterator[str]:
    """Opens every page of the signed-in resident, one after the other."""
    for address in PAGES:
        opens(page, address)
        kinds = ONE_OF_A_KIND.get(address, [])
        found = [page.locator(kind).first for kind in kinds if page.locator(kind).count()]
        further = [str(link.get_attribute("href")) for link in found]
        yield address
        for other in further:
            opens(page, other)
            yield other


def seen_by(page: Page, address: str) -> list[str]:
    """What is wrong with the page as it stands."""
    found = []
    for width, height in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{address} {width}: {each}" for each in violations(page)]
        page.emulate_media(color_scheme="dark")
        dark = violations(page, only=COLOURS)
        found += [f"{address} {width} dark: {each}" for each in dark]
        page.emulate_media(color_scheme="light")
    return found


def measured(page: Page, address: str) -> list[str]:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        place = f"{address} {width}"
        if sideways := page.evaluate(SIDEWAYS):
            found.append(f"{place}: {sideways} px sideways")
        found += [f"{place}: cut: {each}" for each in page.evaluate(CUT)]
        if width <= PHONE[0]:
            found += [f"{place}: small: {each}" for each in page.evaluate(SMALL)]
    return found


def test_axe_finds_nothing_on_any_page(resident: Page) -> None:
    found = []
    for address in addresses(resident):
        resident.evaluate(OPEN_ALL)
        resident.evaluate(FOUR_ROWS)
        found += seen_by(resident, address)
    assert found == []


def test_nothing_is_cut_or_pushed_aside_or_too_small(resident: Page) -> None:
    found = []
    for address in addresses(resident):
        found += measured(resident, address)
        resident.evaluate(OPEN_ALL)
        found += measured(resident, f"{address}, all open")
    assert found == []


def test_the_questions_and_refusals_of_an_entry(resident: Page) -> None:
    opens(resident, "/zkh")
    first = resident.locator('input[name^="value:"]').first
    row = first.locator("xpath=ancestor::li[@data-key]")
    previous = int(str(row.get_attribute("data-previous"))) // 1_000_000
    first.fill("0")
    tap(resident, CHECK)
    expect(resident.get_by_text("меньше чем предыдущее")).to_be_visible()
    found = seen_by(resident, "/zkh refused") + measured(resident, "/zkh refused")
    first.fill(str(previous + 9000))
    tap(resident, CHECK)
    expect(dialog(resident)).to_be_visible()

    found += seen_by(resident, "/zkh asked") + measured(resident, "/zkh asked")

    assert found == []
    resident.keyboard.press("Escape")
    resident.evaluate("sessionStorage.clear()")


def test_the_form_that_the_phone_keeps(resident: Page) -> None:
    resident.goto("/pad")
    resident.evaluate("document.querySelector('[data-offline]').hidden = false")
    resident.evaluate(OPEN_ALL)
    assert seen_by(resident, "/pad") + measured(resident, "/pad") == []


def test_the_pages_before_signing_in(demo: PortalServer, screens: Any, console_errors: Any) -> None:
    page: Page = screens.phone(base_url=demo.url)
    found = []
    for address in ("/login", "/nowhere", "/api/docs"):
        page.goto(address)
        expect(heading(page)).to_be_visible()
        found += seen_by(page, address) + measured(page, address)
    assert found == []
    forgive(console_errors, "404")
