"""What the form of readings says while it is filled in: the sum, the day, the field at fault."""

from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal.domain.period import day_text
from tests.browser.steps import CHECK, field, forgive, squeezed, tap, until_live
from tests.browser.town import POWER, WATER, Neighbour, Town

pytestmark = pytest.mark.browser

DAY = 'input[name="taken_on"]'


@pytest.fixture
def page(town: Town, anna: Neighbour, a_phone: Any) -> Page:
    return town.at_home(a_phone(), anna)


def test_what_is_unreadable_or_less_than_before_is_not_counted(page: Page) -> None:
    summary = page.locator("[data-live-summary]")
    field(page, WATER).fill("48б")
    expect(summary).to_be_hidden()
    field(page, POWER).fill("13000")
    expect(summary).to_be_hidden()
    field(page, POWER).fill("13200")
    expect(summary).to_contain_text("1 из 2")
    field(page, WATER).fill("483,5")
    expect(summary).to_contain_text("2 из 2")


def test_what_the_server_refused_is_not_counted(page: Page, console_errors: Any) -> None:
    field(page, WATER).fill("483,5")
    field(page, POWER).fill("13200,5")
    tap(page, CHECK)
    expect(field(page, POWER)).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[data-live-summary]")).to_contain_text("1 из 2")
    field(page, POWER).fill("13200")
    expect(page.locator("[data-live-summary]")).to_contain_text("2 из 2")
    forgive(console_errors, "422")


def test_a_date_before_the_previous_reading_is_the_dates_fault(
    town: Town, anna: Neighbour, page: Page, console_errors: Any
) -> None:
    early = town.today - timedelta(days=40)
    page.locator(".zh-date-line").click()
    page.locator(DAY).fill(early.isoformat())
    field(page, WATER).fill("483,5")
    field(page, POWER).fill("13200")
    tap(page, CHECK)
    expect(page.locator('[data-error-for="taken_on"]')).to_contain_text("раньше предыдущих")
    expect(page.locator(DAY)).to_be_focused()
    expect(field(page, WATER)).not_to_have_attribute("aria-invalid", "true")
    forgive(console_errors, "422")


def test_a_day_that_was_cleared_is_not_named(page: Page) -> None:
    page.locator(".zh-date-line").click()
    page.locator(DAY).fill("")
    page.locator(DAY).blur()
    expect(page.locator("[data-taken-on-text]")).to_have_text("день, который не выбран")


NO_WORDS_OF_ITS_OWN = """
const Format = Intl.DateTimeFormat;
window.asked = 0;
Intl.DateTimeFormat = function (...how) { window.asked += 1; return new Format(...how); };
"""


def test_only_another_day_is_put_into_words_here(town: Town, anna: Neighbour, a_phone: Any) -> None:
    page = a_phone()
    page.add_init_script(NO_WORDS_OF_ITS_OWN)
    town.at_home(page, anna)
    until_live(page)
    told, today = page.locator("[data-taken-on-text]"), page.locator(DAY).input_value()
    of_today = told.inner_text()
    assert page.evaluate("window.asked") == 0

    earlier = date.fromisoformat(today) - timedelta(days=2)
    page.locator(".zh-date-line").click()
    page.locator(DAY).fill(earlier.isoformat())
    assert squeezed(told.inner_text()) == day_text(earlier)
    page.locator(DAY).fill(today)
    assert told.inner_text() == of_today
    assert squeezed(of_today) == day_text(date.fromisoformat(today))
