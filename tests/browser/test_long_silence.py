"""A minute without a network, longer than the page waits and longer than its socket lives."""

import time
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
    status,
    tap,
    until_live,
)
from tests.browser.town import POWER, WATER, Town
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

SILENT = "Ответа нет уже 10 секунд"
MINUTE = 60.0


def test_a_minute_of_silence(
    town: Town, network: Any, a_phone: Callable[[], Page], console_errors: Any
) -> None:
    people = [town.a_neighbour() for _ in range(3)]
    typing, first_tap, second_tap = [town.at_home(a_phone(), each) for each in people]
    for page in (first_tap, second_tap):
        field(page, WATER).fill("483,5")
    tap(second_tap, CHECK)
    expect(dialog(second_tap)).to_be_visible()

    network.stall()
    ends_at = time.monotonic() + MINUTE
    field(typing, WATER).press_sequentially("483,5")
    tap(first_tap, CHECK)
    tap(second_tap, CONFIRM)
    expect(status(first_tap)).to_contain_text(SILENT, timeout=SILENCE_MS)
    expect(dialog(second_tap)).to_contain_text(SILENT, timeout=SILENCE_MS)
    tap(second_tap, REPEAT)
    expect(dialog(second_tap)).to_contain_text("Отправлено, ждем ответа…")
    expect(dialog(second_tap)).to_contain_text(SILENT, timeout=SILENCE_MS)
    field(typing, POWER).press_sequentially("13250")
    for page in (typing, first_tap):
        expect(page.locator("[data-live-amount]").first).to_have_text("288,84\u00a0₽")
    wait_until(lambda: time.monotonic() > ends_at, "a minute has passed", timeout=MINUTE)
    assert not any(town.given(each.water) for each in people)
    network.resume()

    for page in (typing, first_tap, second_tap):
        until_live(page)
    tap(typing, CHECK)
    expect(dialog(typing)).to_contain_text("288,84")
    expect(dialog(typing)).to_contain_text("847,90")
    tap(first_tap, CHECK)
    expect(dialog(first_tap)).to_contain_text("288,84")
    second_tap.get_by_role("button", name=REPEAT).click()
    expect(accepted(second_tap)).to_contain_text("00483,500")
    assert [town.given(each.water) for each in people] == [[], [], ["00483,500"]]
    forgive(console_errors, "ERR_", "WebSocket")
