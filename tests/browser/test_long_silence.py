"""A minute without a network, longer than the page waits and longer than its socket lives."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import (
    CHECK,
    CONFIRM,
    IS_LIVE,
    REPEAT,
    SILENCE_MS,
    accepted,
    dialog,
    field,
    forgive,
    status,
    tap,
)
from tests.browser.town import POWER, WATER, Town
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

SILENT = "Ответа нет уже 10 секунд"
MINUTE = 60.0
CAN_ANSWER = f"""() => ({IS_LIVE})() || (document.querySelector("[data-pad]")
  && document.querySelector("[data-offline]").hidden)"""
"""A page that was loaded anew in the silence is the form that the phone has kept."""


@pytest.mark.timeout(300)
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
        page.wait_for_function(CAN_ANSWER, timeout=40_000)
    tap(typing, CHECK)
    expect(dialog(typing)).to_contain_text("288,84")
    expect(dialog(typing)).to_contain_text("847,90")
    tap(first_tap, CHECK)
    expect(dialog(first_tap)).to_contain_text("288,84")
    fate = second_tap.locator(".zh-queued-accepted").or_(accepted(second_tap))
    expect(fate.first).to_contain_text("Принято", timeout=SILENCE_MS)
    expect(second_tap.get_by_role("button", name=REPEAT)).to_have_count(0)
    assert [town.given(each.water) for each in people] == [[], [], ["00483,500"]]
    forgive(console_errors, "ERR_", "WebSocket")
