"""A card of a kept reading is drawn anew while somebody taps it: the tap counts all the same."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keeping import LOST, keeps, queued, ready
from tests.browser.steps import forgive, opens
from tests.browser.town import WATER, Neighbour, Town

pytestmark = pytest.mark.browser

TAP_AND_DRAW = "(button) => { button.click(); zhPortal.shown(zhPortal.screen()); }"
# The worker writes down what became of it, the page draws that, and only then is it taken away.
TAP_WHILE_IT_IS_REFUSED = """async (button) => {
  const [entry] = await zhQueue.all(document.querySelector("[data-owner]").dataset.owner);
  zhQueue.put({ ...entry, state: "refused", notice: "Не вышло" });
  zhPortal.shown(zhPortal.screen());
  button.click();
}"""
UNTIL_DRAWN = """() => new Promise((done) => {
  document.addEventListener("zh:accepted", done, { once: true });
  zhPortal.shown(zhPortal.screen());
})"""


@pytest.fixture
def page(town: Town, anna: Neighbour, network: Any, a_phone: Callable[[], Page]) -> Page:
    """Anna's «ЖКХ» on a phone that has kept what it needs."""
    return ready(town.at_home(a_phone(), anna))


@pytest.fixture(autouse=True)
def _asked_for(console_errors: Any) -> Iterator[None]:
    yield
    forgive(console_errors, *LOST)


@pytest.fixture
def accepted(town: Town, anna: Neighbour, page: Page, network: Any) -> Page:
    """It was kept, sent, and waits to be put away."""
    network.cut()
    keeps(page, WATER, "480,5")
    network.resume()
    opens(page, "/zkh")
    expect(page.locator(".zh-queued-accepted")).to_have_count(1, timeout=40_000)
    assert town.given(anna.water) == ["00480,500"]
    return page


def test_what_is_put_away_is_gone_though_it_is_drawn_meanwhile(accepted: Page) -> None:
    accepted.get_by_role("button", name="Понятно", exact=True).evaluate(TAP_AND_DRAW)

    expect(queued(accepted)).to_have_count(0)


def test_a_card_that_changes_while_it_is_put_away_is_gone(page: Page, network: Any) -> None:
    network.cut()
    keeps(page, WATER, "480,5")

    page.get_by_role("button", name="Убрать", exact=True).evaluate(TAP_WHILE_IT_IS_REFUSED)

    expect(queued(page)).to_have_count(0)


def test_a_finger_that_rests_on_a_button_has_tapped_it(accepted: Page) -> None:
    button = accepted.get_by_role("button", name="Понятно", exact=True)
    button.hover()
    accepted.mouse.down()
    accepted.evaluate(UNTIL_DRAWN)
    expect(button).to_be_focused()
    accepted.mouse.up()

    expect(queued(accepted)).to_have_count(0)
