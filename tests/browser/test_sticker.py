"""From the sticker in a bathroom to the field of its meter, on a phone."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import (
    CHECK,
    CONFIRM,
    accepted,
    field,
    forgive,
    heading,
    tap,
    until_live,
)
from tests.browser.town import PASSWORD, Neighbour, Town
from tests.support.axe import violations
from tests.support.printed import codes, pages
from tests.support.processes import clean_environment
from tests.support.server import EXECUTABLE

pytestmark = pytest.mark.browser

HOUSE = "Ленина, 1"
FIELD = "Текущие показания, м³"


def stickers(town: Town, *words: str) -> str:
    """What the command says, run beside the portal as its operator does."""
    done = subprocess.run(
        [EXECUTABLE, "stickers", "--house", HOUSE, *words],
        env=clean_environment(**town.server.settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def water_code(town: Town, anna: Neighbour, tmp_path: Path) -> str:
    """What the code on Anna's water meter holds: hers are the last two of the house."""
    file = tmp_path / "stickers.pdf"
    stickers(town, "--out", str(file))
    *_, water, _power = codes(pages(file.read_bytes(), 200)[-1])
    return water


def scans_and_signs_in(page: Page, code: str, login: str) -> None:
    page.goto(code)
    expect(heading(page)).to_have_text("Вход")
    field(page, "Логин").fill(login)
    field(page, "Пароль").fill(PASSWORD)
    tap(page, "Войти")
    expect(heading(page)).to_have_text("Показания счетчика")


def test_from_the_code_through_the_door_to_an_accepted_reading(
    town: Town, anna: Neighbour, a_phone: Callable[..., Page], water_code: str
) -> None:
    page = a_phone()
    scans_and_signs_in(page, water_code, anna.login)
    expect(page).to_have_url(re.compile(rf"/zkh/{anna.water.account.id}/zkh_cold$"))
    expect(field(page, FIELD)).to_be_focused()
    until_live(page)
    expect(field(page, FIELD)).to_be_focused()
    expect(field(page, FIELD)).to_be_in_viewport()
    expect(page.get_by_text("Серийный номер: 45246498")).to_be_in_viewport()
    assert violations(page) == []

    page.keyboard.type("480,5")
    tap(page, CHECK)
    tap(page, CONFIRM)

    expect(accepted(page)).to_be_visible()
    assert town.given(anna.water) == ["00480,500"]


def test_who_is_in_already_needs_one_look(
    town: Town, anna: Neighbour, a_phone: Callable[..., Page], water_code: str
) -> None:
    page = town.at_home(a_phone(), anna)
    page.goto(water_code)
    expect(heading(page)).to_have_text("Показания счетчика")
    expect(field(page, FIELD)).to_be_focused()


def test_without_a_script_it_is_the_same(
    anna: Neighbour, a_phone: Callable[..., Page], water_code: str
) -> None:
    page = a_phone(java_script_enabled=False)
    scans_and_signs_in(page, water_code, anna.login)
    expect(field(page, FIELD)).to_be_focused()


def test_a_neighbour_s_and_a_revoked_one_are_said_kindly(
    town: Town,
    anna: Neighbour,
    a_phone: Callable[..., Page],
    water_code: str,
    console_errors: Any,
) -> None:
    neighbour = town.at_home(a_phone(), town.a_neighbour())
    neighbour.goto(water_code)
    expect(neighbour.get_by_text("По этой наклейке у вас нет счетчика")).to_be_visible()
    assert violations(neighbour) == []

    assert "Отозвано наклеек: 1." in stickers(town, "--revoke", water_code)
    hers = town.at_home(a_phone(), anna)
    hers.goto(water_code)

    expect(hers.get_by_text("Эта наклейка больше не действует")).to_be_visible()
    hers.get_by_role("link", name="На главную").tap()
    expect(heading(hers)).to_have_text("Главная")
    forgive(console_errors, "404")
