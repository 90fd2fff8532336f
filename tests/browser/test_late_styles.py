"""What is painted first stays as it is: NiceGUI's styles and scripts, which come later, move
nothing and restyle nothing.
"""

from typing import Any

import pytest
from playwright.sync_api import Page, Route

from tests.browser.steps import sign_in, until_live
from tests.support.server import PortalServer

pytestmark = pytest.mark.browser

PAINTED = """() => [...document.querySelectorAll(".zh-app, .zh-app *")]
  .filter((each) => each.checkVisibility())
  .map((each) => {
    const style = getComputedStyle(each);
    const box = each.getBoundingClientRect();
    const looks = ["display", "color", "backgroundColor", "fontSize", "fontWeight", "fontFamily",
      "lineHeight", "letterSpacing", "margin", "padding", "border", "borderRadius", "textAlign",
      "textTransform", "textDecorationLine", "listStyleType", "opacity"];
    const place = [box.x, box.y, box.width, box.height].map(Math.round);
    return `${each.tagName} ${each.className} ${place} ${looks.map((name) => style[name])}`;
  })"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/", "/zkh", "/charges", "/profile"])
def test_nothing_moves_when_the_page_comes_alive(
    demo: PortalServer, screens: Any, scheme: str, address: str
) -> None:
    page: Page = screens.phone(base_url=demo.url, color_scheme=scheme)
    sign_in(page, "DOM-12", "kvartira-12")
    held: list[Route] = []
    page.route("**/live.*", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks it
    page.goto(address, wait_until="commit")
    page.wait_for_selector("#zh-boot .zh-foot", state="attached")
    page.wait_for_function("() => window.zhDial && document.readyState !== 'loading'")
    page.evaluate("() => document.fonts.ready")
    painted = page.evaluate(PAINTED)
    assert len(painted) > 50

    for route in held:
        route.continue_()
    page.unroute("**/live.*")
    until_live(page)

    pairs = zip(painted, page.evaluate(PAINTED), strict=True)
    assert [(before, after) for before, after in pairs if before != after] == []
