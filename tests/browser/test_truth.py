"""What the screen says last is what the database holds, whatever the network did to the tap."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import (
    CHECK,
    CONFIRM,
    REPEAT,
    SILENCE_MS,
    accepted,
    dialog,
    field,
    forgive,
    opens,
    sign_in,
    squeezed,
    status,
    tap,
)
from tests.browser.town import PASSWORD, WATER, Neighbour, Town
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

SILENT = "Ответа нет уже 10 секунд"


@pytest.fixture
def page(town: Town, anna: Neighbour, network: Any, a_phone: Callable[[], Page]) -> Page:
    """Anna's «ЖКХ»."""
    return town.at_home(a_phone(), anna)


def asks(page: Page, value: str) -> None:
    """As far as the question before the second tap."""
    field(page, WATER).fill(value)
    tap(page, CHECK)
    expect(page.get_by_role("dialog", name="Подтвердите списание")).to_be_visible()


def test_what_is_shown_as_stored_is_stored(town: Town, anna: Neighbour, page: Page) -> None:
    asks(page, "483,5")
    assert town.given(anna.water) == []

    tap(page, CONFIRM)

    expect(accepted(page)).to_contain_text("00483,500")
    assert town.given(anna.water) == ["00483,500"]
    tap_done(page)
    expect(page.locator(".zh-register-was").first).to_contain_text("00483,500")
    assert field(page, WATER).input_value() == ""


def tap_done(page: Page) -> None:
    accepted(page).get_by_role("link", name="Готово").click()
    expect(dialog(page)).to_be_hidden()


def test_typing_goes_on_while_the_network_is_silent(page: Page, network: Any) -> None:
    network.stall()

    field(page, WATER).press_sequentially("483,5")

    row = page.locator("[data-key]").first
    assert squeezed(row.locator(".zh-live").text_content()) == "Расход 5,408 м³ 288,84 ₽"
    network.resume()
    tap(page, CHECK)
    expect(dialog(page)).to_contain_text("288,84")


def test_a_short_silence_at_the_second_tap_stores_once(
    town: Town, anna: Neighbour, page: Page, network: Any
) -> None:
    asks(page, "483,5")
    network.stall()
    tap(page, CONFIRM)
    expect(dialog(page)).to_contain_text("Отправлено, ждем ответа…")
    page.wait_for_timeout(2_000)  # the silence itself is what is tested
    assert town.given(anna.water) == []

    network.resume()

    expect(accepted(page)).to_be_visible()
    assert town.given(anna.water) == ["00483,500"]


def test_silence_at_the_first_tap_says_so_and_offers_the_repeat(
    town: Town, anna: Neighbour, page: Page, network: Any
) -> None:
    field(page, WATER).fill("483,5")
    network.stall()
    tap(page, CHECK)
    expect(status(page)).to_contain_text(SILENT, timeout=SILENCE_MS)
    expect(status(page)).to_contain_text("Ничего не передано")
    assert field(page, WATER).input_value() == "483,5"
    network.resume()

    tap(page, "Повторить")

    expect(page.get_by_role("dialog", name="Подтвердите списание")).to_be_visible()
    assert town.given(anna.water) == []


def test_a_lost_answer_is_fetched_by_the_repeat(
    town: Town, anna: Neighbour, network: Any, a_phone: Callable[[], Page]
) -> None:
    page = a_phone()  # one that keeps nothing and so cannot repeat by itself
    sign_in(page, anna.login, PASSWORD, at="/login?next=%2Fzkh", remembered=False)
    asks(page, "483,5")
    network.stall("down")
    tap(page, CONFIRM)
    wait_until(lambda: town.given(anna.water), "the server has stored it")
    expect(dialog(page)).to_contain_text(SILENT, timeout=SILENCE_MS)
    expect(dialog(page)).to_contain_text("Неизвестно, дошли ли показания")
    network.resume()

    tap(page, REPEAT)

    expect(accepted(page)).to_contain_text("00483,500")
    assert town.given(anna.water) == ["00483,500"]


def test_a_lost_answer_is_remembered_by_a_page_that_was_reloaded(
    town: Town, anna: Neighbour, page: Page, network: Any, console_errors: Any
) -> None:
    asks(page, "483,5")
    network.stall("down")
    tap(page, CONFIRM)
    wait_until(lambda: town.given(anna.water), "the server has stored it")
    network.cut()
    expect(dialog(page)).to_contain_text("Портал не смог ответить")
    network.resume()

    opens(page, "/zkh")

    expect(page.locator(".zh-queued-accepted")).to_contain_text("Принято, № ")
    assert town.given(anna.water) == ["00483,500"]
    assert field(page, WATER).input_value() == ""
    tap(page, "Понятно")
    expect(page.locator(".zh-queued")).to_have_count(0)
    forgive(console_errors, "ERR_", "WebSocket")


@pytest.mark.parametrize("remembered", [True, False])
def test_a_page_that_is_reloaded_while_it_waits_tells_the_fate(
    town: Town,
    anna: Neighbour,
    network: Any,
    a_phone: Callable[[], Page],
    console_errors: Any,
    remembered: bool,
) -> None:
    page = a_phone()
    sign_in(page, anna.login, PASSWORD, at="/login?next=%2Fzkh", remembered=remembered)
    asks(page, "483,5")
    network.stall("down")
    tap(page, CONFIRM)
    wait_until(lambda: town.given(anna.water), "the server has stored it")
    page.goto("about:blank")  # the answer finds nobody
    network.resume()
    opens(page, "/zkh")

    if remembered:
        expect(page.locator(".zh-queued-accepted")).to_contain_text("Принято, № ")
    else:
        expect(status(page)).to_contain_text("На последнюю отправку показаний не было ответа")
        tap(page, REPEAT)
        expect(accepted(page)).to_contain_text("00483,500")
    assert town.given(anna.water) == ["00483,500"]
    forgive(console_errors, "ERR_", "WebSocket")


def test_a_question_that_was_closed_while_it_was_sent_is_answered_on_the_page(
    town: Town, anna: Neighbour, page: Page, network: Any
) -> None:
    asks(page, "483,5")
    network.stall()
    tap(page, CONFIRM)
    page.keyboard.press("Escape")
    expect(dialog(page)).to_be_hidden()
    expect(status(page)).to_contain_text(SILENT, timeout=SILENCE_MS)
    network.resume()

    tap(page, REPEAT)

    expect(accepted(page)).to_contain_text("00483,500")
    assert town.given(anna.water) == ["00483,500"]


def test_ten_times_as_much_asks_in_roubles_and_stores_nothing_by_itself(
    town: Town, anna: Neighbour, page: Page
) -> None:
    asks(page, "4781")
    expect(dialog(page)).to_contain_text("намного больше обычного, будет списано")
    expect(dialog(page)).to_contain_text("229\u00a0818,32\u00a0₽")

    tap(page, CONFIRM)

    box = dialog(page).get_by_role("checkbox")
    expect(box).to_be_focused()
    expect(accepted(page)).to_be_hidden()
    assert town.given(anna.water) == []
    box.check()
    tap(page, CONFIRM)
    expect(accepted(page)).to_contain_text("04781,000")
    assert town.given(anna.water) == ["04781,000"]


def test_double_taps_store_once(town: Town, anna: Neighbour, page: Page) -> None:
    field(page, WATER).fill("483,5")
    page.get_by_role("button", name=CHECK).dblclick()
    expect(page.get_by_role("dialog", name="Подтвердите списание")).to_be_visible()
    page.get_by_role("button", name=CONFIRM).evaluate("(it) => { it.click(); it.click(); }")

    expect(accepted(page)).to_be_visible()

    assert town.given(anna.water) == ["00483,500"]


def test_a_server_that_dies_while_somebody_types_costs_nothing(
    town: Town, anna: Neighbour, page: Page, console_errors: Any
) -> None:
    field(page, WATER).fill("483,5")
    town.server.kill()
    field(page, WATER).press("End")
    field(page, WATER).press_sequentially("1")
    tap(page, CHECK)
    expect(status(page)).to_contain_text("Портал не смог ответить")
    expect(page.locator("[data-offline]")).to_be_visible()
    tap(page, CHECK)  # nothing lies over the button
    expect(status(page)).to_contain_text("Портал не смог ответить")

    town.server.start()

    expect(page.locator("[data-offline]")).to_be_hidden(timeout=40_000)
    expect(field(page, WATER)).to_have_value("483,51")
    opens(page, "/zkh")
    expect(field(page, WATER)).to_have_value("483,51")
    asks(page, "483,51")
    tap(page, CONFIRM)
    expect(accepted(page)).to_be_visible()
    assert town.given(anna.water) == ["00483,510"]
    # The second is the worker's script, which is asked for anew from time to time.
    forgive(console_errors, "ERR_", "fetching the script", "WebSocket")
