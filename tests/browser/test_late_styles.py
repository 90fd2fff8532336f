"""What is painted first stays as it is: NiceGUI's scripts, which come later, move nothing and
restyle nothing.
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


# What the browser itself counts as a jump, from the first moment of the page.
JUMPS = """new PerformanceObserver((list) => {
  window.jumped ??= 0;
  for (const each of list.getEntries()) if (!each.hadRecentInput) window.jumped += each.value;
}).observe({ type: "layout-shift", buffered: true })"""
SLOW_NETWORK = {
    "offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000,
}  # fmt: skip
JUMPED_MAX = 0.02


@pytest.mark.parametrize("address", ["/", "/zkh", "/pad"])
def test_nothing_jumps_on_a_slow_phone(demo: PortalServer, screens: Any, address: str) -> None:
    page: Page = screens.phone(base_url=demo.url)
    sign_in(page, "DOM-12", "kvartira-12")
    page.add_init_script(JUMPS)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.emulateNetworkConditions", SLOW_NETWORK)
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})

    page.goto(address)
    if address != "/pad":  # it never comes alive
        until_live(page)

    page.wait_for_load_state("networkidle")
    assert page.evaluate("() => window.jumped ?? 0") < JUMPED_MAX


def test_a_jump_would_be_noticed(demo: PortalServer, screens: Any) -> None:
    page: Page = screens.phone(base_url=demo.url)
    page.add_init_script(JUMPS)
    page.goto("/login")
    page.wait_for_load_state("networkidle")
    page.evaluate("document.body.style.paddingTop = '200px'")
    page.wait_for_function(f"() => window.jumped > {JUMPED_MAX}")


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
