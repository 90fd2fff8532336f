"""The portal on the phone's screen: how it gets there, and the number on its icon."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.steps import (
    CHECK,
    CONFIRM,
    accepted,
    field,
    goes_to,
    heading,
    opens,
    sign_in,
    tap,
)
from tests.browser.town import PASSWORD, POWER, WATER, Neighbour, Town
from tests.support.browser import chromium

pytestmark = pytest.mark.browser

# What the platform does, and no test can make it do.
OFFERS = """() => {
  const offer = new Event("beforeinstallprompt", { cancelable: true });
  window.asked = 0;
  offer.prompt = () => { window.asked += 1; };
  dispatchEvent(offer);
  return offer.defaultPrevented;
}"""
BADGES = """(() => {
  window.badges = [];
  navigator.setAppBadge = async (count) => { badges.push(count); };
  navigator.clearAppBadge = async () => { badges.push(0); };
})()"""
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
TELEGRAM = IPHONE.replace("Version/18.5 ", "")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The whole one, which alone judges whether the portal may be installed."""
    with chromium() as running:
        yield running


@pytest.fixture
def page(town: Town, anna: Neighbour, network: Any, a_phone: Callable[[], Page]) -> Page:
    """Anna's first visit."""
    page = a_phone()
    sign_in(page, anna.login, PASSWORD)
    return page


def card(page: Page) -> Any:
    return page.get_by_role("region", name="Портал на экране телефона")


def gives(page: Page, values: dict[str, str]) -> None:
    """As far as «Готово»."""
    for label, value in values.items():
        field(page, label).fill(value)
    tap(page, CHECK)
    tap(page, CONFIRM)
    accepted(page).get_by_role("link", name="Готово").click()
    expect(accepted(page)).to_be_hidden()


def next_visit(context: BrowserContext) -> Page:
    """The browser was closed and is opened again: the tab's own memory is gone."""
    page = context.new_page()
    opens(page, "/")
    return page


def test_the_browser_finds_nothing_that_speaks_against_installing(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    manifest = devtools.send("Page.getAppManifest")
    assert manifest["url"].endswith("/manifest.webmanifest")
    assert manifest["errors"] == []
    found = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    # Playwright's pages are private windows, which install nothing: so it has really looked.
    assert [each["errorId"] for each in found] == ["in-incognito"]


def test_the_hint_comes_at_the_second_visit_and_goes_for_good_with_an_answer(page: Page) -> None:
    assert page.evaluate(OFFERS)
    expect(heading(page)).to_have_text("Главная")
    assert card(page).count() == 0

    second = next_visit(page.context)
    second.evaluate(OFFERS)
    expect(card(second)).to_contain_text("Добавьте портал на экран телефона")
    tap(second, "Не сейчас")

    expect(card(second)).to_have_count(0)
    assert second.evaluate("window.asked") == 0
    third = next_visit(page.context)
    third.evaluate(OFFERS)
    expect(heading(third)).to_have_text("Главная")
    assert card(third).count() == 0


def test_the_hint_follows_the_first_accepted_reading_and_asks_the_browser_once(page: Page) -> None:
    page.evaluate(OFFERS)
    goes_to(page, "ЖКХ", "ЖКХ")
    gives(page, {WATER: "483,5"})
    goes_to(page, "Главная", "Главная")
    expect(card(page)).to_be_visible()

    tap(page, "Добавить")

    expect(card(page)).to_have_count(0)
    assert page.evaluate("window.asked") == 1
    assert page.evaluate("document.activeElement.id") == "zh-main"
    goes_to(page, "ЖКХ", "ЖКХ")
    goes_to(page, "Главная", "Главная")
    assert card(page).count() == 0


def test_a_hint_that_nobody_answers_is_shown_once(page: Page) -> None:
    seen = []
    for _ in range(5):
        page = next_visit(page.context)
        page.evaluate(OFFERS)
        seen.append(card(page).count())
    assert seen == [1, 0, 0, 0, 0]


@pytest.mark.parametrize(("agent", "shown"), [(IPHONE, 1), (TELEGRAM, 0)])
def test_on_apples_phone_the_hint_tells_the_way(
    town: Town, anna: Neighbour, a_phone: Callable[..., Page], agent: str, shown: int
) -> None:
    page = a_phone(user_agent=agent)
    page.context.add_init_script("navigator.standalone = false")
    sign_in(page, anna.login, PASSWORD)
    again = next_visit(page.context)
    assert card(again).count() == shown
    if not shown:
        return
    expect(card(again)).to_contain_text("Нажмите «Поделиться»")
    tap(again, "Понятно")
    expect(card(next_visit(page.context))).to_have_count(0)


def test_a_desk_and_an_installed_portal_are_told_nothing(
    town: Town, anna: Neighbour, screens: Any, a_phone: Callable[[], Page]
) -> None:
    desk = screens.desktop(base_url=town.network.url)
    sign_in(desk, anna.login, PASSWORD)
    again = next_visit(desk.context)
    assert again.evaluate(OFFERS) is False  # the browser's own offer stays
    assert card(again).count() == 0

    phone = a_phone()
    phone.context.add_init_script("navigator.standalone = true")
    sign_in(phone, anna.login, PASSWORD)
    again = next_visit(phone.context)
    again.evaluate(OFFERS)
    assert card(again).count() == 0


def test_without_storage_the_hint_keeps_silent(
    town: Town, anna: Neighbour, a_phone: Callable[[], Page]
) -> None:
    page = a_phone()
    page.context.add_init_script("Storage.prototype.getItem = () => { throw new Error('denied'); }")
    sign_in(page, anna.login, PASSWORD)
    page.evaluate(OFFERS)
    assert card(page).count() == 0


def test_the_icon_counts_what_is_missing(
    town: Town, anna: Neighbour, network: Any, a_phone: Callable[[], Page]
) -> None:
    page = a_phone()
    page.context.add_init_script(BADGES)
    sign_in(page, anna.login, PASSWORD)
    assert page.evaluate("badges.at(-1)") == 2
    goes_to(page, "ЖКХ", "ЖКХ")
    gives(page, {WATER: "483,5"})
    page.wait_for_function("badges.at(-1) === 1")
    goes_to(page, "Счета", "Счета")  # a page that does not know
    assert page.evaluate("badges.at(-1)") == 1
    page.evaluate("document.querySelector('.zh-nav-leave').requestSubmit()")

    expect(page).to_have_url(re.compile("/login$"))

    page.wait_for_function("badges.at(-1) === 0")


def test_with_everything_given_the_icon_counts_nothing(
    town: Town, anna: Neighbour, network: Any, a_phone: Callable[[], Page]
) -> None:
    page = a_phone()
    page.context.add_init_script(BADGES)
    town.at_home(page, anna)
    gives(page, {WATER: "483,5", POWER: "13290"})
    opens(page, "/")
    assert set(page.evaluate("badges")) == {0}
