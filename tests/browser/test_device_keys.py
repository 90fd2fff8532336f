"""A resident lets her meter's sensor in, on the phone, and shows it out again."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import opens, tap
from tests.browser.town import PASSWORD, Neighbour, Town
from tests.support.axe import COLOURS, violations
from tests.support.rulers import CUT, SIDEWAYS, SMALL

pytestmark = pytest.mark.browser


@pytest.fixture
def profile(town: Town, anna: Neighbour, a_phone: Callable[[], Page]) -> Page:
    page = town.at_home(a_phone(), anna)
    opens(page, "/profile")
    return page


def section(page: Page) -> Any:
    return page.get_by_role("region", name="Мои устройства")


def makes_a_key(page: Page, name: str) -> str:
    page.get_by_text("Подключить устройство").click()
    page.get_by_label("Название устройства").fill(name)
    page.get_by_label("Смотреть и передавать показания").check()
    section(page).get_by_label("Текущий пароль").fill(PASSWORD)
    tap(page, "Создать ключ")
    shown = section(page).locator("code")
    expect(shown).to_be_visible()
    expect(shown).to_be_focused()
    return str(shown.inner_text())


def asks(town: Town, secret: str) -> httpx.Response:
    headers = {"authorization": f"Bearer {secret}"}
    return httpx.get(f"{town.network.url}/api/v1/meters", headers=headers, timeout=20)


def test_a_key_is_made_used_and_revoked(town: Town, profile: Page) -> None:
    profile.context.grant_permissions(["clipboard-read", "clipboard-write"])
    secret = makes_a_key(profile, "Датчик воды")
    row = section(profile).get_by_role("listitem").filter(has_text="Датчик воды")
    expect(row).to_contain_text("ещё не выходил на связь")
    expect(section(profile).locator("code")).to_have_text(secret)  # the push left it alone

    tap(profile, "Скопировать ключ")
    expect(profile.locator("#zh-notices")).to_have_text("Ключ скопирован")
    assert profile.evaluate("navigator.clipboard.readText()") == secret

    assert asks(town, secret).status_code == 200
    opens(profile, "/profile")
    expect(row).to_contain_text("был на связи")
    assert secret not in profile.content()

    tap(profile, "Отозвать: Датчик воды")
    expect(profile.locator("#zh-notices")).to_have_text("Ключ отозван")
    expect(row).to_have_count(0)
    assert asks(town, secret).status_code == 401


def test_a_wrong_password_makes_none(profile: Page, console_errors: Any) -> None:
    profile.get_by_text("Подключить устройство").click()
    profile.get_by_label("Название устройства").fill("Датчик")
    section(profile).get_by_label("Текущий пароль").fill("не тот")
    tap(profile, "Создать ключ")

    expect(section(profile).get_by_text("Текущий пароль неверен")).to_be_visible()
    expect(profile.get_by_label("Название устройства")).to_have_value("Датчик")
    assert all("422" in error for error in console_errors.take())


def test_the_section_with_a_new_key_is_accessible(profile: Page) -> None:
    makes_a_key(profile, "Датчик воды")
    profile.get_by_text("Подключить устройство").click()

    found = [str(each) for each in violations(profile)]
    profile.emulate_media(color_scheme="dark")
    found += [str(each) for each in violations(profile, only=COLOURS)]
    found += profile.evaluate(SMALL) + profile.evaluate(CUT)
    profile.set_viewport_size({"width": 320, "height": 800})

    assert found + profile.evaluate(CUT) == []
    assert profile.evaluate(SIDEWAYS) == 0


def test_the_description_opens_as_a_page_of_its_own(profile: Page) -> None:
    profile.get_by_text("Подключить устройство").click()
    profile.get_by_role("link", name="Как настроить устройство").click()

    expect(profile.get_by_role("heading", level=1)).to_have_text("Доступ для ваших устройств")
    expect(profile.get_by_text("POST /api/v1/readings")).to_be_visible()
