"""At the door: wrong words, an initial password, a network that says nothing."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal.domain.identity import Officer
from portal.services.password_change import set_password
from tests.browser.steps import SILENCE_MS, forgive, heading, tap, until_live
from tests.browser.town import PASSWORD, Neighbour, Town

pytestmark = pytest.mark.browser


def tries(page: Page, login: str, password: str) -> None:
    page.get_by_label("Логин", exact=True).fill(login)
    page.get_by_label("Пароль", exact=True).fill(password)
    tap(page, "Войти")


@pytest.fixture
def door(a_phone: Callable[[], Page], network: Any) -> Page:
    page = a_phone()
    page.goto("/login")
    return page


def test_wrong_words_get_one_sentence_and_keep_the_login(
    door: Page, anna: Neighbour, console_errors: Any
) -> None:
    told = door.locator('[data-error-for=""]').first
    tries(door, anna.login, "не тот пароль")
    expect(told).not_to_be_empty()
    sentence = told.inner_text()
    expect(door.get_by_label("Логин", exact=True)).to_have_value(anna.login)
    expect(door.get_by_label("Пароль", exact=True)).to_be_focused()

    tries(door, "nobody-at-all", PASSWORD)

    expect(told).to_have_text(sentence)
    tries(door, anna.login, PASSWORD)
    expect(heading(door)).to_have_text("Главная")
    forgive(console_errors, "401")


def test_an_initial_password_is_replaced_before_anything_else(
    town: Town, door: Page, anna: Neighbour, console_errors: Any
) -> None:
    now = town.backend.clock()
    town.backend.write_now(
        set_password, Officer("tests"), anna.login, "nachalnyi-12", now, must_change=True
    )
    tries(door, anna.login, "nachalnyi-12")
    expect(door).to_have_url(re.compile("/password$"))
    door.goto("/zkh")
    expect(door).to_have_url(re.compile("/password.next=/zkh$"))
    for new in ("short", "синий трамвай поет"):
        door.get_by_label("Новый пароль", exact=True).fill(new)
        door.get_by_label("Новый пароль ещё раз").fill(new)
        tap(door, "Сохранить пароль")
        if new == "short":
            expect(door.locator('[data-error-for="new_password"]')).to_contain_text("коротк")

    expect(heading(door)).to_have_text("ЖКХ")
    expect(door.locator("#zh-notices")).to_contain_text("Пароль изменен")
    until_live(door)
    forgive(console_errors, "422")


def test_silence_at_the_door_says_so_and_offers_the_repeat(
    door: Page, anna: Neighbour, network: Any
) -> None:
    network.stall()
    tries(door, anna.login, PASSWORD)
    notices = door.locator("#zh-notices")
    expect(notices).to_contain_text("Ответа нет уже 10 секунд", timeout=SILENCE_MS)
    network.resume()

    notices.get_by_role("button", name="Повторить").tap()

    expect(heading(door)).to_have_text("Главная")
