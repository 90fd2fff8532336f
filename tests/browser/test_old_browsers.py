"""Browsers that have scripts but lack what ours would like: the entry works all the same."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import CHECK, CONFIRM, accepted, field, goes_to, opens, tap
from tests.browser.town import WATER, Neighbour, Town

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "lack",
    [
        "delete HTMLDialogElement.prototype.showModal",
        "delete window.HTMLDialogElement",
        "delete window.createImageBitmap",
    ],
)
def test_without_dialogs_or_pictures_the_entry_is_a_plain_form(
    town: Town, anna: Neighbour, a_phone: Callable[[], Page], lack: str
) -> None:
    page = a_phone()
    page.add_init_script(lack)
    town.at_home(page, anna)
    field(page, WATER).fill("480,5")

    tap(page, CHECK)

    page.wait_for_url("**/zkh/check")
    expect(page.get_by_role("heading", name="Подтвердите списание").first).to_be_visible()
    tap(page, CONFIRM)
    page.wait_for_url("**/zkh/submit")
    expect(page.get_by_role("region", name="Принято")).to_contain_text("00480,500")
    assert town.given(anna.water) == ["00480,500"]


@pytest.mark.parametrize(
    "lack",
    [
        "delete AbortSignal.timeout",
        "delete Element.prototype.moveBefore",
        "delete SubmitEvent.prototype.submitter",
        "delete window.IntersectionObserver",
        "delete navigator.locks; delete Navigator.prototype.locks",
        "delete Navigator.prototype.serviceWorker",
    ],
)
def test_what_else_old_phones_lack_is_not_missed(
    town: Town, anna: Neighbour, a_phone: Callable[[], Page], lack: str
) -> None:
    page = a_phone()
    page.add_init_script(lack)
    town.at_home(page, anna)
    field(page, WATER).fill("480,5")
    tap(page, CHECK)
    tap(page, CONFIRM)
    expect(accepted(page)).to_contain_text("Принято")
    accepted(page).get_by_role("link", name="Готово").click()
    goes_to(page, "Счета", "Счета")

    opens(page, "/profile")
    tap(page, "Включить крупный текст")
    expect(page.locator("#zh-notices")).to_contain_text("Включен крупный текст")
    page.goto("/pad")
    page.wait_for_function("() => window.zhOffline")
    expect(page.locator("[data-offline]")).to_be_hidden()
    assert town.given(anna.water) == ["00480,500"]
