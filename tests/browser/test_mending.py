"""A value that was wrong is mended by one tap on «Исправить», at the price of then."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import CHECK, CONFIRM, accepted, dialog, field, forgive, opens, tap
from tests.browser.town import POWER, WATER, Neighbour, Town

pytestmark = pytest.mark.browser

YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)


@pytest.fixture
def page(town: Town, anna: Neighbour, a_phone: Callable[[], Page]) -> Page:
    return town.at_home(a_phone(), anna)


def gives(page: Page, label: str, value: str) -> None:
    """As of yesterday."""
    page.locator(".zh-date-line").click()
    field(page, "Дата снятия показаний").fill(YESTERDAY.isoformat())
    field(page, label).fill(value)
    tap(page, CHECK)
    tap(page, CONFIRM)
    expect(accepted(page)).to_be_visible()


def line_of(page: Page, label: str) -> str:
    row = page.locator("[data-key]", has=field(page, label))
    return " ".join(row.locator(".zh-live").inner_text().split())


def test_a_value_is_mended(town: Town, anna: Neighbour, page: Page) -> None:
    gives(page, WATER, "490")
    opens(page, "/zkh")
    field(page, WATER).fill("485")
    assert line_of(page, WATER) == "Меньше предыдущего, проверим при отправке"

    tap(page, "Исправить")

    expect(field(page, WATER)).to_be_focused()
    expect(page.get_by_role("button", name="Исправить")).to_be_hidden()
    assert line_of(page, WATER) == "Расход 6,908 м³ 368,96 ₽"
    expect(page.locator("[data-live-total]")).to_have_text("368,96\u00a0₽")
    tap(page, CHECK)
    expect(dialog(page)).to_contain_text("Исправление")
    tap(page, CONFIRM)
    expect(accepted(page)).to_contain_text("Списание уменьшено на")
    assert town.given(anna.water) == ["00490,000", "00485,000"]
    assert town.dates(anna.water) == [YESTERDAY] * 2


def test_who_types_less_than_before_is_told_how_to_mend(
    page: Page, console_errors: list[str]
) -> None:
    gives(page, POWER, "13200")
    opens(page, "/zkh")
    field(page, POWER).fill("13150")

    tap(page, CHECK)

    expect(page.get_by_text("Чтобы исправить показания от")).to_be_visible()
    forgive(console_errors, "422")


# The last one here: it changes a price of the whole town.
def test_a_correction_is_counted_at_the_price_of_then(anna: Neighbour, page: Page) -> None:
    gives(page, POWER, "13200")
    anna.power.service.costs("7", datetime.now(UTC).date())
    opens(page, "/zkh")
    field(page, POWER).fill("13210")
    assert line_of(page, POWER) == "Расход 10 кВт·ч 70,00 ₽"

    tap(page, "Исправить")

    assert line_of(page, POWER) == "Расход 99 кВт·ч 603,90 ₽"
    tap(page, CHECK)
    expect(dialog(page)).to_contain_text("603,90")
