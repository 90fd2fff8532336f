"""What the form of readings says while it is filled in: the sum, the day, the field at fault."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import CHECK, field, forgive, tap
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
