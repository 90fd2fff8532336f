"""Whatever waits says so, and ends with a sentence: what the network is doing is never a riddle."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import (
    LIVE,
    SILENCE_MS,
    field,
    forgive,
    goes_to,
    heading,
    opens,
    sign_in,
    tap,
)
from tests.browser.town import PASSWORD, WATER, Neighbour, Town

pytestmark = pytest.mark.browser

COMING = "Открываем страницу, ждем ответа…"
SENT = "Отправлено, ждем ответа…"
SLOW = "Страница не открылась за 10 секунд. Подождите ещё или повторите"
# What is said, whether something spins meanwhile; an offer to repeat is taken.
TAPS_AND_READS = """() => {
  document.querySelector("nav a[href='/zkh']").click();
  return document.getElementById("zh-notices").textContent;
}"""
REPEATS_AND_REMEMBERS = """() => {
  const place = document.getElementById("zh-notices");
  const said = [];
  new MutationObserver(() => {
    const words = place.querySelector("span")?.textContent;
    if (!words || said.length === 2) return;
    said.push([words, document.documentElement.hasAttribute("data-zh-waiting")]);
    sessionStorage.setItem("said", JSON.stringify(said));
    place.querySelector("button")?.click();
  }).observe(place, { childList: true, subtree: true });
}"""


@pytest.fixture
def page(town: Town, anna: Neighbour, network: Any, a_phone: Callable[[], Page]) -> Page:
    return town.at_home(a_phone(), anna)


def notices(page: Page) -> Any:
    return page.locator("#zh-notices")


def offline(page: Page) -> Any:
    return page.locator("[data-offline]")


def spins(page: Page) -> bool:
    found: bool = page.evaluate("document.documentElement.hasAttribute('data-zh-waiting')")
    return found


def taps(page: Page, link: str) -> None:
    page.get_by_role("navigation", name="Разделы").get_by_role("link", name=link).first.click()


def test_a_lost_connection_says_what_is_kept(page: Page, network: Any, console_errors: Any) -> None:
    field(page, WATER).fill("483,5")
    network.cut()
    expect(offline(page)).to_have_text("Связь пропала, введенное сохранено")
    expect(offline(page)).to_be_visible()

    network.resume()

    expect(offline(page)).to_be_hidden(timeout=40_000)
    expect(page.locator("#zh-announcer")).to_have_text("Связь восстановлена")
    expect(field(page, WATER)).to_have_value("483,5")
    goes_to(page, "Счета", "Счета")
    network.cut()
    expect(offline(page)).to_be_visible()
    expect(page.locator("[data-offline] .zh-kept")).to_be_hidden()  # nothing is typed here
    forgive(console_errors, "ERR_", "WebSocket", "fetching the script")


def test_a_tap_in_silence_is_told_until_the_page_comes(
    page: Page, network: Any, console_errors: Any
) -> None:
    network.stall()
    taps(page, "Счета")
    expect(notices(page)).to_have_text(COMING)
    assert spins(page)
    expect(notices(page)).to_have_text(
        "Страница откроется, когда появится связь", timeout=SILENCE_MS
    )
    expect(offline(page)).to_be_visible()
    assert not spins(page)
    expect(heading(page)).to_have_text("ЖКХ")

    network.resume()

    expect(heading(page)).to_have_text("Счета", timeout=SILENCE_MS)
    expect(notices(page)).to_be_empty()
    forgive(console_errors, "ERR_", "WebSocket", "fetching the script")


def test_a_tap_that_is_answered_late_leaves_no_words_behind(page: Page, network: Any) -> None:
    network.stall()
    taps(page, "Счета")
    expect(notices(page)).to_have_text(COMING)

    network.resume()

    expect(heading(page)).to_have_text("Счета")
    expect(notices(page)).to_be_empty()
    assert not spins(page)


def test_a_page_that_does_not_load_ends_with_the_offer_to_repeat(
    town: Town, anna: Neighbour, network: Any, a_phone: Callable[..., Page]
) -> None:
    # The service worker's own requests are out of Playwright's reach.
    page = town.at_home(a_phone(service_workers="block"), anna)
    held: list[Any] = []

    def hold_the_first(route: Any) -> None:
        if held:
            route.continue_()
        held.append(route)

    page.route("**/invoices", hold_the_first)
    page.evaluate(REPEATS_AND_REMEMBERS)
    # Later: Playwright asks nothing of a page that is on its way elsewhere.
    page.evaluate("void setTimeout(() => window.zhPortal.open('/invoices'))")
    page.wait_for_url("**/invoices", timeout=SILENCE_MS)

    expect(heading(page)).to_have_text("Счета")
    said = page.evaluate("JSON.parse(sessionStorage.getItem('said'))")
    assert said == [[COMING, True], [SLOW, False]]
    assert len(held) == 2


def test_every_other_form_says_that_it_is_sent_and_what_became_of_it(
    page: Page, network: Any
) -> None:
    opens(page, "/profile")
    network.stall()
    contacts = page.get_by_role("region", name="Контакты")
    contacts.get_by_label("Текущий пароль").fill(PASSWORD)
    tap(page, "Сохранить контакты")
    expect(notices(page)).to_have_text(SENT)
    expect(notices(page)).to_contain_text("Ответа нет уже 10 секунд", timeout=SILENCE_MS)
    expect(page.locator("[aria-busy]")).to_have_count(0)
    network.resume()

    tap(page, "Повторить")

    expect(notices(page)).to_have_text("Контакты сохранены")


def test_signing_in_says_what_it_waits_for(
    town: Town, anna: Neighbour, network: Any, a_phone: Callable[[], Page]
) -> None:
    page = a_phone()
    page.goto("/login")
    page.get_by_label("Логин", exact=True).fill(anna.login)
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    network.stall()
    tap(page, "Войти")
    expect(notices(page)).to_have_text(SENT)

    network.resume()

    expect(page.locator(LIVE)).to_be_attached()
    expect(heading(page)).to_have_text("Главная")


def test_the_words_of_a_wait_do_not_follow_to_the_next_page(
    town: Town, anna: Neighbour, network: Any, a_phone: Callable[[], Page]
) -> None:
    page = a_phone()
    sign_in(page, anna.login, PASSWORD)
    network.stall()
    taps(page, "Счета")
    expect(notices(page)).to_have_text(COMING)
    assert page.evaluate(TAPS_AND_READS) == ""  # another wish takes the place of the first
    network.resume()
    expect(heading(page)).to_have_text("ЖКХ")
    assert not spins(page)
