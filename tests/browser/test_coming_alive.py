"""«ЖКХ» comes alive under a person's hands; where it never does, nothing is missing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from tests.browser.steps import (
    CHECK,
    CONFIRM,
    accepted,
    dialog,
    enters,
    field,
    tap,
    until_live,
)
from tests.browser.test_every_page import seen_by
from tests.browser.test_keyboard import tabs_to
from tests.browser.town import PASSWORD, WATER, Neighbour, Town
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

# Everything that finds no element with the focus: a key, and the screen between two keys.
IS_CONNECTED = "() => window.socket?.connected && window.did_handshake"
WATCH = """(() => {
  window.lost = [];
  let hadFocus = false;
  const look = (when) => {
    const isNowhere = [null, document.body].includes(document.activeElement);
    if (isNowhere && hadFocus) lost.push(when);
    hadFocus ||= !isNowhere;
  };
  addEventListener("keydown", ({ key }) => look(key), true);
  const everyFrame = () => { look("between the keys"); requestAnimationFrame(everyFrame); };
  everyFrame();
})()"""


@contextmanager
def not_yet_alive(page: Page) -> Iterator[None]:
    """`page` opens «ЖКХ», which comes alive when the block ends."""
    held: list[Route] = []
    page.route("**/live.js", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks it
    page.goto("/zkh", wait_until="commit")
    page.wait_for_function("() => window.zhDial && document.readyState !== 'loading'")
    assert page.evaluate("zhPortal.live") is False
    yield
    assert held
    for route in held:
        route.continue_()
    page.unroute("**/live.js")


@pytest.mark.parametrize("has_move", [True, False])
def test_the_keyboard_goes_on_as_the_page_comes_alive(
    town: Town, anna: Neighbour, network: Any, screens: Any, has_move: bool
) -> None:
    page: Page = screens.desktop(base_url=town.network.url)
    if not has_move:
        page.add_init_script("delete Element.prototype.moveBefore")
    town.at_home(page, anna)
    page.add_init_script(WATCH)

    with not_yet_alive(page):
        tabs_to(page, f"value:{anna.water.account.id}/zkh_cold")
        page.keyboard.type("4,5")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
    page.keyboard.type("8")  # while it comes alive
    if has_move:
        until_live(page)
    else:
        page.wait_for_function(IS_CONNECTED)
        assert page.evaluate("zhPortal.live") is False, "it waits until nothing is focused"
    page.keyboard.type("0")
    expect(field(page, WATER)).to_have_value("480,5")
    page.keyboard.press("Enter")
    page.keyboard.type("13250")
    tabs_to(page, CHECK)
    page.keyboard.press("Enter")
    expect(dialog(page)).to_contain_text("00480,500")
    tabs_to(page, CONFIRM)
    page.keyboard.press("Enter")

    expect(accepted(page)).to_be_visible()
    assert page.evaluate("lost") == []
    assert town.given(anna.water) == ["00480,500"]
    assert town.given(anna.power) == ["013250"]


def test_painted_and_alive_it_is_as_accessible(
    town: Town, anna: Neighbour, network: Any, a_phone: Callable[[], Page]
) -> None:
    page = town.at_home(a_phone(), anna)

    with not_yet_alive(page):
        field(page, WATER).fill("480,5")
        found = seen_by(page, "painted")
        assert page.evaluate("zhPortal.live") is False
    until_live(page)
    found += seen_by(page, "alive")

    assert page.locator("#zh-boot").count() == 0
    assert found == []


def blocks_sockets(page: Page, way: str) -> list[str]:
    """What the page tries, to be read later.  Some proxies refuse, others let it wait."""
    tried: list[str] = []

    def connecting(socket: WebSocketRoute) -> None:
        tried.append(socket.url)
        if way == "refused":
            socket.close()

    def polling(route: Route) -> None:
        tried.append(route.request.url)
        if way == "refused":
            route.abort()

    page.route_web_socket("**/*", connecting)
    page.route("**/_nicegui_ws/**", polling)
    return tried


@pytest.mark.parametrize("way", ["refused", "silent"])
def test_where_sockets_are_blocked_readings_arrive(
    town: Town, anna: Neighbour, network: Any, a_phone: Callable[[], Page], way: str
) -> None:
    page = a_phone()
    tried = blocks_sockets(page, way)
    enters(page, anna.login, PASSWORD, at="/login?next=%2Fzkh")
    field(page, WATER).press_sequentially("480,5")
    tap(page, CHECK)
    expect(dialog(page)).to_contain_text("00480,500")
    assert town.given(anna.water) == []
    tap(page, CONFIRM)
    expect(accepted(page)).to_be_visible()
    assert town.given(anna.water) == ["00480,500"]

    accepted(page).get_by_role("link", name="Готово").click()

    expect(page.locator(".zh-register-was").first).to_contain_text("00480,500")
    expect(field(page, WATER)).to_have_value("")
    expect(page.locator("[data-offline]")).to_be_hidden()
    wait_until(lambda: page.evaluate("true") and tried, "the page tries a socket")
    assert page.evaluate("Boolean(window.socket?.connected)") is False
