"""Several screens of one resident, and several residents on one screen."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal.services.submission import submit_readings
from tests.browser.steps import (
    CHECK,
    CONFIRM,
    accepted,
    dialog,
    field,
    forgive,
    opens,
    sign_in,
    status,
    tap,
    until_live,
)
from tests.browser.town import PASSWORD, POWER, WATER, Neighbour, Town
from tests.support.entries import SCOPE, a_key, an_entry

pytestmark = pytest.mark.browser


def gives(page: Page, value: str) -> None:
    field(page, WATER).fill(value)
    tap(page, CHECK)
    tap(page, CONFIRM)
    expect(accepted(page)).to_be_visible()


def test_an_open_page_shows_what_another_phone_gave_and_keeps_what_is_typed(
    town: Town, anna: Neighbour, a_phone: Callable[[], Page]
) -> None:
    here, there = town.at_home(a_phone(), anna), town.at_home(a_phone(), anna)
    field(there, POWER).press_sequentially("01350")
    for _ in range(2):
        there.keyboard.press("ArrowLeft")

    gives(here, "483,5")

    was = there.locator("[data-key]").first.locator(".zh-register-was")
    expect(was).to_contain_text("00483,500")
    expect(field(there, POWER)).to_be_focused()
    there.keyboard.type("2")  # the caret stands where it stood
    expect(field(there, POWER)).to_have_value("013250")
    tap(there, CHECK)
    tap(there, CONFIRM)
    expect(accepted(there)).to_contain_text("013250")
    assert town.given(anna.water) == ["00483,500"]
    assert town.given(anna.power) == ["013250"]


def test_a_push_does_not_wipe_what_was_said(
    town: Town, anna: Neighbour, a_phone: Callable[[], Page], console_errors: Any
) -> None:
    here, there = town.at_home(a_phone(), anna), town.at_home(a_phone(), anna)
    field(there, POWER).fill("1")
    tap(there, CHECK)
    error = there.get_by_text("Вы указали текущее значение меньше чем предыдущее")
    expect(error).to_be_visible()
    expect(status(there)).to_contain_text("Показания не приняты")

    gives(here, "483,5")

    was = there.locator("[data-key]").first.locator(".zh-register-was")
    expect(was).to_contain_text("00483,500")
    expect(error).to_be_visible()
    expect(field(there, POWER)).to_have_attribute("aria-invalid", "true")
    expect(status(there)).to_contain_text("Показания не приняты")
    field(there, POWER).press_sequentially("3")
    expect(error).to_be_hidden()
    forgive(console_errors, "422")


def test_the_second_of_two_phones_is_told_the_newer_value_and_goes_on(
    town: Town, anna: Neighbour, a_phone: Callable[[], Page], console_errors: Any
) -> None:
    here, there = town.at_home(a_phone(), anna), town.at_home(a_phone(), anna)
    field(there, WATER).fill("484")
    tap(there, CHECK)
    expect(dialog(there)).to_be_visible()
    gives(here, "483,5")

    tap(there, CONFIRM)

    expect(dialog(there)).to_be_hidden()
    told = there.get_by_text("Показания уже переданы: 00483,500")
    expect(told).to_be_visible()
    expect(field(there, WATER)).to_be_focused()
    expect(field(there, WATER)).to_have_value("484")
    assert town.given(anna.water) == ["00483,500"]

    tap(there, CHECK)

    expect(dialog(there)).to_contain_text("Исправление")
    tap(there, CONFIRM)
    expect(accepted(there)).to_contain_text("00484,000")
    assert town.given(anna.water) == ["00483,500", "00484,000"]
    forgive(console_errors, "422")


def test_a_push_does_not_move_what_a_typed_value_counts_from(
    town: Town, anna: Neighbour, a_phone: Callable[[], Page], console_errors: Any
) -> None:
    here, there = town.at_home(a_phone(), anna), town.at_home(a_phone(), anna)
    field(there, WATER).fill("485,092")
    gives(here, "486,092")
    row = there.locator("[data-key]").first
    expect(row.locator("[data-newer]")).to_contain_text("Сейчас записано 00486,092 от ")
    expect(row.locator(".zh-register-was")).to_contain_text("00478,092")
    expect(row.locator("[data-live-volume]")).to_have_text("Расход 7 м³")

    tap(there, CHECK)

    expect(there.get_by_text("Показания уже переданы: 00486,092")).to_be_visible()
    expect(dialog(there)).to_be_hidden()
    expect(row.locator("[data-newer]")).to_be_hidden()
    expect(row.locator(".zh-register-was")).to_contain_text("00486,092")
    expect(field(there, WATER)).to_have_value("485,092")
    assert town.given(anna.water) == ["00486,092"]
    tap(there, CHECK)
    expect(dialog(there)).to_contain_text("Исправление")
    forgive(console_errors, "422")


def test_a_reading_that_came_by_another_way_is_told_at_the_first_tap(
    town: Town, anna: Neighbour, a_phone: Callable[[], Page], console_errors: Any
) -> None:
    page = town.at_home(a_phone(), anna)
    field(page, WATER).fill("484")
    comes_by_another_way(town, anna, "483,5")
    expect(page.locator("[data-newer]").first).to_contain_text("Сейчас записано 00483,500 от ")

    tap(page, CHECK)

    expect(page.get_by_text("Показания уже переданы: 00483,500")).to_be_visible()
    row = page.locator("[data-key]").first
    expect(row.locator(".zh-register-was")).to_contain_text("00483,500")
    expect(row.locator("[data-live-volume]")).to_have_text("Расход 0,5 м³")
    expect(field(page, WATER)).to_have_attribute("aria-invalid", "true")
    forgive(console_errors, "422")


def comes_by_another_way(town: Town, anna: Neighbour, value: str) -> None:
    """By another process than the one that serves the page."""
    key = f"{anna.water.account.id}/zkh_cold"
    assert anna.water.newest is not None
    now = town.backend.clock()
    entry = an_entry({key: value}, {key: anna.water.newest.id}, on=str(now.date()))
    town.backend.write_now(submit_readings, anna.id, a_key(), entry, SCOPE, now)


def test_what_is_typed_survives_a_reload_and_signing_in_again(
    town: Town, anna: Neighbour, a_phone: Callable[[], Page], console_errors: Any
) -> None:
    page = town.at_home(a_phone(), anna)
    field(page, WATER).fill("483,5")
    page.reload()
    until_live(page)
    expect(field(page, WATER)).to_have_value("483,5")
    expect(page.locator("[data-live-volume]").first).to_have_text("Расход 5,408 м³")

    page.context.clear_cookies()
    tap(page, CHECK)

    expect(status(page)).to_contain_text("Войдите снова: введенное сохранено")
    status(page).get_by_role("link", name="Войти").click()
    expect(page.get_by_text("Показания, которые вы ввели, сохранены")).to_be_visible()
    sign_in(page, anna.login, PASSWORD, at=page.url)
    expect(page).to_have_url(f"{town.network.url}/zkh")
    expect(field(page, WATER)).to_have_value("483,5")
    forgive(console_errors, "401")


def test_a_session_that_ended_elsewhere_leads_to_the_door_and_keeps_what_is_typed(
    town: Town, anna: Neighbour, a_phone: Callable[[], Page], console_errors: Any
) -> None:
    page = town.at_home(a_phone(), anna)
    field(page, WATER).fill("483,5")
    town.ends_sessions_of(anna)

    tap(page, CHECK)

    expect(status(page)).to_contain_text("Войдите снова: введенное сохранено")
    sign_in(page, anna.login, PASSWORD)
    opens(page, "/zkh")
    expect(field(page, WATER)).to_have_value("483,5")
    forgive(console_errors, "401")


def test_a_session_that_ended_while_the_network_was_gone_leads_to_the_door(
    town: Town,
    anna: Neighbour,
    network: Any,
    a_phone: Callable[[], Page],
    console_errors: Any,
) -> None:
    page = town.at_home(a_phone(), anna)
    field(page, WATER).fill("483,5")
    network.cut()
    town.ends_sessions_of(anna)
    network.resume()

    expect(page).to_have_url(re.compile("/login"), timeout=40_000)

    expect(page.get_by_text("Показания, которые вы ввели, сохранены")).to_be_visible()
    forgive(console_errors, "ERR_", "WebSocket", "401")


def test_leaving_everywhere_takes_the_other_phone_along_and_its_typing_waits(
    town: Town, anna: Neighbour, a_phone: Callable[[], Page]
) -> None:
    here, there = town.at_home(a_phone(), anna), town.at_home(a_phone(), anna)
    field(there, WATER).fill("483,5")
    opens(here, "/profile")

    tap(here, "Выйти везде")

    for page in (here, there):
        expect(page).to_have_url(re.compile("/login"))
    expect(there.get_by_text("Показания, которые вы ввели, сохранены")).to_be_visible()
    sign_in(there, anna.login, PASSWORD, at="/login?next=%2Fzkh")
    expect(field(there, WATER)).to_have_value("483,5")


def test_another_resident_in_the_same_tab_sees_nothing_of_it(
    town: Town, anna: Neighbour, a_phone: Callable[[], Page]
) -> None:
    page = town.at_home(a_phone(), anna)
    field(page, WATER).fill("483,5")
    field(page, POWER).fill("13250")
    page.context.clear_cookies()
    boris = town.a_neighbour()

    town.at_home(page, boris)

    expect(page.locator("[data-owner]")).to_have_attribute("data-owner", boris.login)
    assert field(page, WATER).input_value() == ""
    assert "483,5" not in page.content()
    assert anna.login not in page.evaluate("Object.keys(sessionStorage).join()")
    page.context.clear_cookies()
    town.at_home(page, anna)
    assert field(page, WATER).input_value() == ""


def test_another_resident_who_goes_back_sees_nothing_that_was_typed(
    town: Town, anna: Neighbour, a_phone: Callable[[], Page]
) -> None:
    page = town.at_home(a_phone(), anna)
    boris = town.a_neighbour()
    opens(page, "/profile")
    phone, email = page.locator("[name=phone]"), page.locator("[name=email]")
    password = page.locator("[name=current_password]").first
    phone.fill("+7 916 111-22-33")
    email.fill("anna@example.ru")
    password.fill("не скажу")
    opens(page, "/more")
    page.get_by_role("main").get_by_role("button", name="Выйти").click()
    expect(page).to_have_url(re.compile("/login"))
    town.at_home(page, boris)

    while "/profile" not in page.url:
        page.go_back(wait_until="load")
    expect(page).to_have_url(re.compile("/profile"))
    expect(page.locator("[data-owner]")).to_have_attribute("data-owner", boris.login)
    until_live(page)
    for field_, own in (
        (phone, phone.get_attribute("value")),
        (email, email.get_attribute("value")),
        (password, ""),
    ):
        assert field_.input_value() == own
    expect(phone).to_have_attribute("autocomplete", "tel")
    page.context.clear_cookies()
    for _ in range(2):
        page.go_back(wait_until="load")
        expect(page).to_have_url(re.compile("/login"))
        assert page.get_by_label("Логин", exact=True).input_value() == ""


def test_who_goes_back_himself_finds_what_he_typed(
    town: Town, anna: Neighbour, a_phone: Callable[[], Page]
) -> None:
    page = town.at_home(a_phone(), anna)
    opens(page, "/profile")
    page.locator("[name=phone]").fill("+7 916 111-22-33")
    opens(page, "/more")

    page.go_back(wait_until="load")

    until_live(page)
    expect(page.locator("[name=phone]")).to_have_value("+7 916 111-22-33")


def test_who_signs_out_leaves_nothing_behind(
    town: Town, anna: Neighbour, a_phone: Callable[[], Page]
) -> None:
    page = town.at_home(a_phone(), anna)
    field(page, WATER).fill("483,5")
    opens(page, "/more")

    page.get_by_role("main").get_by_role("button", name="Выйти").click()

    expect(page).to_have_url(re.compile("/login"))
    assert page.evaluate("Object.values(sessionStorage).join()").find("483") == -1
    town.at_home(page, anna)
    assert field(page, WATER).input_value() == ""
