"""From meter to meter: the field and the line that counts below it are both seen."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import a_little_more, sign_in
from tests.support.rulers import IS_BARE
from tests.support.server import PortalServer

pytestmark = pytest.mark.browser

METERS = 5


@pytest.mark.parametrize(("width", "height"), [(390, 844), (390, 700), (360, 740), (320, 640)])
def test_the_line_below_a_field_stays_above_the_bar(
    demo: PortalServer, screens: Any, width: int, height: int
) -> None:
    viewport = {"width": width, "height": height}
    page: Page = screens.phone(base_url=demo.url, viewport=viewport)
    sign_in(page, "DOM-12", "kvartira-12", at="/login?next=%2Fzkh")
    values = page.locator('input[name^="value:"]')
    values.first.focus()
    hidden = []
    for index in range(METERS):
        expect(values.nth(index)).to_be_focused()
        page.keyboard.type(a_little_more(values.nth(index)))
        row = page.locator("[data-key]").nth(index)
        expect(row.locator("[data-live-amount]")).not_to_be_empty()
        places = {"field": values.nth(index), "line": row.locator(".zh-live")}
        hidden += [(index, name) for name, place in places.items() if not place.evaluate(IS_BARE)]
        if index + 1 < METERS:
            page.keyboard.press("Enter")
    assert hidden == []
