"""A value that looks wrong: the question is seen, answered, and until then nothing is stored."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import CHECK, CONFIRM, accepted, dialog, field, tap
from tests.browser.town import POWER, WATER, Neighbour, Town
from tests.support.rulers import IS_BARE

pytestmark = pytest.mark.browser

SMALL = {"width": 320, "height": 640}


@pytest.fixture(params=[None, SMALL], ids=["phone", "320x640"])
def asked(town: Town, anna: Neighbour, a_phone: Any, request: pytest.FixtureRequest) -> Page:
    """The dialog over water as usual and power ten times too much."""
    options = {"viewport": request.param} if request.param else {}
    page = town.at_home(a_phone(**options), anna)
    field(page, WATER).fill("483,5")
    field(page, POWER).fill("133000")
    tap(page, CHECK)
    expect(dialog(page)).to_be_visible()
    return page


def box_of(page: Page) -> Any:
    return dialog(page).get_by_role("checkbox")


def test_the_line_with_a_question_is_the_first_and_the_foot_tells_of_it(asked: Page) -> None:
    expect(dialog(asked).get_by_role("listitem").first).to_contain_text("намного больше обычного")
    foot = dialog(asked).get_by_text("Одно показание требует вашего подтверждения")
    expect(foot).to_be_in_viewport()
    box_of(asked).check()
    expect(foot).to_be_hidden()


def test_confirming_without_the_tick_leads_to_the_question(
    town: Town, anna: Neighbour, asked: Page
) -> None:
    said = dialog(asked).get_by_text("Отметьте, что всё верно, или измените показание")
    tap(asked, CONFIRM)

    expect(said).to_be_visible()
    expect(box_of(asked)).to_be_focused()
    expect(box_of(asked)).to_have_attribute("aria-invalid", "true")
    for seen in (dialog(asked).locator(".zh-question-text"), box_of(asked), said):
        assert seen.evaluate(IS_BARE), "it lies behind the foot or off the screen"
    assert town.given(anna.power) == []

    box_of(asked).check()
    expect(said).to_be_hidden()
    tap(asked, CONFIRM)
    expect(accepted(asked)).to_be_visible()
    assert town.given(anna.power) == ["133000"]


def test_the_focus_brings_the_question_out_from_under_the_foot(asked: Page) -> None:
    dialog(asked).evaluate("(node) => { node.scrollTop = node.scrollHeight; }")
    for _ in range(8):
        asked.keyboard.press("Shift+Tab")
        if box_of(asked).evaluate("(node) => node === document.activeElement"):
            break
    expect(box_of(asked)).to_be_focused()
    for seen in (dialog(asked).locator(".zh-question-text"), box_of(asked)):
        assert seen.evaluate(IS_BARE), "it lies behind the foot or off the screen"
