"""What the phone says of a reading that it keeps is what has become of it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from portal.domain.period import day_text
from tests.browser.keeping import LOST, NOW, keeps, queued, ready, sends_now
from tests.browser.steps import field, forgive, sign_in, squeezed, tap
from tests.browser.town import PASSWORD, WATER, Neighbour, Town
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

# Nobody but the page sends then: what it does can be told from what the worker does.
WITHOUT_WORKER = "navigator.serviceWorker.getRegistration().then((found) => found.unregister())"

TELLS_WHAT_IS_SAID = """() => {
  const place = document.querySelector("#zh-notices");
  new MutationObserver(() => console.info(place.innerText))
    .observe(place, { childList: true, subtree: true });
}"""
TAPS_A_SERVICE = """() => {
  setTimeout(() => document.querySelector('main a[href^="/zkh/"]').click());
}"""
COMING = "Открываем страницу, ждем ответа…"


@pytest.fixture
def page(town: Town, anna: Neighbour, network: Any, a_phone: Callable[[], Page]) -> Page:
    """Anna's «ЖКХ» on a phone that has kept what it needs."""
    return ready(town.at_home(a_phone(), anna))


@pytest.fixture(autouse=True)
def _asked_for(console_errors: Any) -> Iterator[None]:
    yield
    forgive(console_errors, *LOST, "createApp")  # the last: live.js was held back


def test_what_may_have_arrived_cannot_be_put_away(
    town: Town, anna: Neighbour, page: Page, network: Any
) -> None:
    """Its answer was lost: the reading is stored, and the phone does not offer to forget it."""
    page.evaluate(WITHOUT_WORKER)
    network.cut()
    keeps(page, WATER, "480,5")
    expect(page.get_by_role("button", name="Убрать", exact=True)).to_be_visible()
    network.resume()
    page.route("**/zkh/submit", loses_the_answer)

    sends_now(page)

    expect(queued(page)).to_contain_text("Отправлено, ответа не было", timeout=40_000)
    expect(page.get_by_role("button", name="Убрать", exact=True)).to_have_count(0)
    assert town.given(anna.water) == ["00480,500"]
    page.unroute("**/zkh/submit")
    sends_now(page)
    expect(page.locator(".zh-queued-accepted")).to_be_visible(timeout=40_000)
    assert town.given(anna.water) == ["00480,500"]


def test_a_tap_on_send_now_is_answered_with_words(page: Page, network: Any) -> None:
    page.evaluate(WITHOUT_WORKER)
    network.cut()
    keeps(page, WATER, "480,5")
    notices = page.locator("#zh-notices")

    tap(page, NOW)

    expect(notices).to_contain_text("Портал пока не отвечает. Показания сохранены на телефоне")
    network.resume()
    page.route("**/zkh/submit", lambda _held: None)
    page.evaluate("() => zhOffline.flush()")
    expect(queued(page)).to_contain_text("Отправлено, ответа не было", timeout=40_000)


def test_another_tab_of_a_former_resident_sends_nothing_as_the_new_one(
    town: Town, anna: Neighbour, page: Page, network: Any
) -> None:
    boris = town.a_neighbour()
    network.cut()
    keeps(page, WATER, "480,5")
    page.route("**/zkh/submit", lambda route: route.abort())
    town.ends_sessions_of(anna)
    network.resume()
    other = page.context.new_page()
    sign_in(other, boris.login, PASSWORD, at="/login?next=%2Fzkh")
    ready(other)
    page.unroute("**/zkh/submit")

    said = page.evaluate(SEND_AS, [anna.login, f"value:{anna.water.account.id}/zkh_cold=481"])
    page.evaluate("() => zhOffline.flush()")

    assert said == [401, "signed-out"]
    assert [state for (state,) in states(page, anna)] == ["waiting"]
    assert town.given(anna.water) + town.given(boris.water) == []
    other.close()
    page.context.clear_cookies()
    sign_in(page, anna.login, PASSWORD, at="/login?next=%2Fzkh")
    expect(page.locator(".zh-queued-accepted")).to_be_visible(timeout=40_000)
    assert town.given(anna.water) == ["00480,500"]


def test_two_of_one_counter_follow_each_other_though_the_first_was_put_away(
    town: Town, anna: Neighbour, page: Page, network: Any
) -> None:
    page.evaluate(WITHOUT_WORKER)
    network.cut()
    keeps(page, WATER, "480,5")
    keeps(page, WATER, "481,5")
    passed: list[Route] = []

    def first_only(route: Route) -> None:
        passed.append(route)
        (route.continue_ if len(passed) == 1 else route.abort)()

    page.route("**/zkh/submit", first_only)
    network.resume()
    page.evaluate("() => zhOffline.flush()")
    put_away = page.get_by_role("button", name="Понятно", exact=True)
    put_away.click(timeout=40_000)
    expect(queued(page)).to_have_count(1)
    page.unroute("**/zkh/submit")

    sends_now(page)

    expect(page.locator(".zh-queued-accepted")).to_have_count(1, timeout=40_000)
    assert town.given(anna.water) == ["00480,500", "00481,500"]
    put_away.click()
    expect(queued(page)).to_have_count(0)
    wait_until(lambda: states(page, anna) == [], "nothing of them is kept")


def test_a_page_left_open_overnight_dates_what_is_typed_in_the_morning(
    town: Town, anna: Neighbour, network: Any, a_phone: Callable[..., Page]
) -> None:
    page, now = a_phone(timezone_id="Europe/Moscow"), datetime.now(UTC)
    page.clock.install(time=now)
    town.at_home(page, anna)
    day = field(page, "Дата снятия показаний")
    tomorrow = date.fromisoformat(day.input_value()) + timedelta(days=1)

    page.clock.set_system_time(now + timedelta(days=1))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    assert day.input_value() == tomorrow.isoformat()
    assert squeezed(page.locator("[data-taken-on-text]").inner_text()) == day_text(tomorrow)


def test_a_link_before_the_page_is_alive_says_that_it_waits(
    anna: Neighbour, network: Any, a_phone: Callable[[], Page]
) -> None:
    page = a_phone()
    sign_in(page, anna.login, PASSWORD, at="/login?next=%2Fzkh", remembered=False)
    page.route("**/live.js", lambda route: route.abort())
    opens_dead(page, "/zkh")
    page.evaluate(TELLS_WHAT_IS_SAID)
    network.stall()

    # The browser answers no question while it waits for a page, but it tells.
    with page.expect_console_message(lambda each: each.text == COMING):
        page.evaluate(TAPS_A_SERVICE)

    network.resume()
    page.wait_for_url("**/zkh/*/*")


def loses_the_answer(route: Route) -> None:
    route.fetch()
    route.abort()


def opens_dead(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_function("() => window.zhPortal && !zhPortal.live")


SEND_AS = """([owner, body]) => zhPost("/zkh/submit", body, {}, { owner })
  .then((answer) => [answer.state === "signed-out" ? 401 : 0, answer.state])"""


def states(page: Page, who: Neighbour) -> list[list[str]]:
    """Of all that the phone keeps, also unseen."""
    found: list[list[str]] = page.evaluate(
        "(login) => zhQueue.all(login).then((all) => all.map(({ state }) => [state]))", who.login
    )
    return found
