"""A browser that runs no script: plain pages lead from a typed value to «Принято»."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import CHECK, CONFIRM, enters, field, forgive, heading, tap
from tests.browser.test_every_page import measured, seen_by
from tests.browser.town import PASSWORD, POWER, WATER, Neighbour, Town

pytestmark = pytest.mark.browser

LESS = re.compile("меньше чем предыдущее. Текущее: 00001,000. Предыдущее: 00478,092")
MUCH = "намного больше обычного, будет списано 229\u00a0818,32\u00a0₽"
UNANSWERED = "Проверьте отмеченные значения и подтвердите их"
NUMBER = re.compile(r"Запрос выполнен успешно, номер\s\d+")


@pytest.fixture
def page(town: Town, anna: Neighbour, network: Any, a_phone: Callable[..., Page]) -> Page:
    """Anna's «ЖКХ».  Not a mobile screen: it would grow with whatever pushes it aside."""
    page = a_phone(java_script_enabled=False, is_mobile=False)
    enters(page, anna.login, PASSWORD, at="/login?next=%2Fzkh")
    return page


@pytest.fixture(autouse=True)
def _asked_for(console_errors: Any) -> Any:
    yield
    forgive(console_errors, "422")


@contextmanager
def scripts_of_the_test(page: Page) -> Iterator[None]:
    """The document came without script and stays as it is; axe, which waits for its own
    promises, runs in it.
    """
    devtools = page.context.new_cdp_session(page)
    for is_disabled in (True, False):  # a session tells the browser only of a change
        devtools.send("Emulation.setScriptExecutionDisabled", {"value": is_disabled})
    yield
    devtools.send("Emulation.setScriptExecutionDisabled", {"value": True})
    devtools.detach()


# --- the five pages of an entry ------------------------------------------------------------------


def is_refused(page: Page) -> None:
    """Less than before."""
    field(page, WATER).fill("1")
    field(page, POWER).fill("13250")
    tap(page, CHECK)
    expect(field(page, WATER)).to_have_attribute("aria-invalid", "true")


def is_questioned(page: Page) -> None:
    """Ten times as much as before."""
    field(page, WATER).fill("4781")
    tap(page, CHECK)
    expect(heading(page)).to_have_text("Подтвердите списание")


def leaves_the_question_open(page: Page) -> None:
    tap(page, CONFIRM)
    expect(heading(page)).to_have_text("Подтвердите списание")
    expect(page.get_by_role("checkbox")).to_have_attribute("aria-invalid", "true")


def is_accepted(page: Page) -> None:
    page.get_by_role("checkbox").check()
    tap(page, CONFIRM)
    expect(heading(page)).to_have_text("Принято")


# --- what they say and do ------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "title"), [("/zkh", "ЖКХ"), ("/pad", "Показания")])
def test_the_whole_entry(town: Town, anna: Neighbour, page: Page, address: str, title: str) -> None:
    page.goto(address)
    expect(heading(page)).to_have_text(title)
    assert page.evaluate("() => typeof window.zhPortal") == "undefined"

    is_refused(page)
    expect(heading(page)).to_have_text(title)
    expect(field(page, WATER)).to_have_accessible_description(LESS)
    expect(field(page, WATER)).to_have_value("1")
    expect(field(page, POWER)).not_to_have_attribute("aria-invalid", "true")
    expect(field(page, POWER)).to_have_value("13250")

    is_questioned(page)
    lines = page.locator(".zh-confirm-line")
    expect(lines).to_have_count(2)
    expect(lines.first).to_contain_text(MUCH)
    leaves_the_question_open(page)
    expect(page.get_by_role("checkbox")).to_have_accessible_description(UNANSWERED)
    assert town.given(anna.water) == town.given(anna.power) == []

    is_accepted(page)
    expect(page.get_by_text(NUMBER)).to_be_visible()
    assert town.given(anna.water) == ["04781,000"]
    assert town.given(anna.power) == ["013250"]


def test_accepted_once_however_often_it_is_sent(town: Town, anna: Neighbour, page: Page) -> None:
    is_questioned(page)
    is_accepted(page)
    number = page.get_by_text(NUMBER).inner_text()

    page.reload()  # the browser sends the form again

    expect(page.get_by_text(number)).to_be_visible()
    assert town.given(anna.water) == ["04781,000"]
    page.get_by_role("link", name="Готово").click()
    expect(page.locator(".zh-register-was").first).to_contain_text("04781,000")
    expect(field(page, WATER)).to_have_value("")


def test_a_session_that_ended_meanwhile_loses_nothing(
    town: Town, anna: Neighbour, page: Page, console_errors: Any
) -> None:
    field(page, WATER).fill("479")
    town.ends_sessions_of(anna)
    tap(page, CHECK)
    expect(heading(page)).to_have_text("Вход")
    expect(page.get_by_text("Сеанс закончился")).to_be_visible()

    field(page, "Логин").fill(anna.login)
    field(page, "Пароль").fill(PASSWORD)
    tap(page, "Войти")

    expect(heading(page)).to_have_text("ЖКХ")
    expect(field(page, WATER)).to_have_value("479")
    tap(page, CHECK)
    tap(page, CONFIRM)
    expect(heading(page)).to_have_text("Принято")
    assert town.given(anna.water) == ["00479,000"]
    forgive(console_errors, "401")


def test_every_page_of_it_is_accessible_and_fits(page: Page) -> None:
    found = looked_at(page, "painted")
    page.goto("/pad")
    found += looked_at(page, "painted /pad")
    for step in (is_refused, is_questioned, leaves_the_question_open, is_accepted):
        step(page)
        found += looked_at(page, step.__name__)
    assert found == []


def looked_at(page: Page, name: str) -> list[str]:
    """On a phone and at a desk, by day and by night; 320 px are the narrowest."""
    with scripts_of_the_test(page):
        return seen_by(page, name) + measured(page, name)
