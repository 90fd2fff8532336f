"""Resident 2 lives now: from «Главная» to «Принято», and through every page of the cabinet."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import (
    CHECK,
    CONFIRM,
    a_little_more,
    accepted,
    dialog,
    forgive,
    goes_to,
    heading,
    opens,
    sign_in,
    squeezed,
    tap,
    until_live,
)
from tests.support.server import PortalServer

pytestmark = pytest.mark.browser

LOGIN, PASSWORD = "DOM-12", "kvartira-12"
COUNT_TAPS = """
addEventListener("click", (event) => {
  if (!event.isTrusted || event.target.closest("input")) return;
  sessionStorage.taps = Number(sessionStorage.taps || 0) + 1;
}, true);
"""


@pytest.fixture
def her(demo: PortalServer, screens: Any) -> Page:
    page: Page = screens.phone(base_url=demo.url)
    sign_in(page, LOGIN, PASSWORD)
    return page


def words(locator: Any) -> str:
    return squeezed(locator.inner_text())


def owed(page: Page) -> int:
    """How many invoices the home page counts: five as soon as those of a month are there."""
    found = re.search(r"(\d+) неоплаченны\S+ сч", words(page.get_by_role("main")))
    assert found
    assert int(found[1]) in {4, 5}
    return int(found[1])


def test_three_taps_from_the_home_page_to_accepted_for_all_counters(
    demo: PortalServer, screens: Any
) -> None:
    her: Page = screens.phone(base_url=demo.url)
    her.add_init_script(COUNT_TAPS)
    sign_in(her, LOGIN, PASSWORD)
    expect(her.get_by_text("Не передано: 5 из 5")).to_be_visible()
    her.evaluate("sessionStorage.taps = 0")

    her.get_by_role("link", name="Передать показания").tap()
    expect(heading(her)).to_have_text("ЖКХ")
    values = her.locator('input[name^="value:"]')
    expect(values).to_have_count(5)
    values.first.focus()
    for index in range(5):
        expect(values.nth(index)).to_be_focused()
        her.keyboard.type(a_little_more(values.nth(index)))
        if index < 4:
            her.keyboard.press("Enter")  # the phone's keyboard says «next»
    expect(her.locator("[data-live-summary]")).to_contain_text("5 из 5")
    total = words(her.locator("[data-live-total]"))
    her.get_by_role("button", name=CHECK).tap()
    expect(her.get_by_role("dialog", name="Подтвердите списание")).to_contain_text("Итого")
    assert total in words(dialog(her))
    her.get_by_role("button", name=CONFIRM).tap()

    expect(accepted(her)).to_be_visible()
    assert her.evaluate("sessionStorage.taps") == "3"
    assert accepted(her).get_by_role("listitem").count() == 5
    assert total in words(accepted(her))
    accepted(her).get_by_role("link", name="Расход средств").tap()
    expect(heading(her)).to_have_text("Расход средств")
    assert "Холодная вода" in words(her.get_by_role("main"))
    goes_to(her, "Главная", "Главная")
    expect(her.get_by_text("Все переданы")).to_be_visible()


def test_the_demonstration_is_entered_by_one_tap(demo: PortalServer, screens: Any) -> None:
    page: Page = screens.phone(base_url=demo.url)
    page.goto("/login?next=%2Finvoices")

    page.get_by_role("button", name=LOGIN).tap()

    expect(heading(page)).to_have_text("Счета")


def test_the_home_page_says_what_is_owed_and_leads_on(her: Page) -> None:
    main = her.get_by_role("main")
    side = words(her.get_by_role("complementary", name="Абонент"))
    assert f"Неоплаченные счета: {owed(her)}" in side

    main.get_by_role("link", name="Оплатить").tap()

    expect(heading(her)).to_have_text("Оплата")


def test_invoices_stand_unpaid_first_and_are_narrowed(her: Page) -> None:
    count = owed(her)
    goes_to(her, "Счета", "Счета")
    unpaid = her.get_by_role("region", name="К оплате")
    expect(unpaid.get_by_role("listitem")).to_have_count(count)
    assert "из " in words(unpaid), "one of them is partly paid"
    everything = her.get_by_role("region", name="Оплаченные").get_by_role("link").count()

    her.get_by_label("Договор").focus()
    her.get_by_label("Договор").select_option(label="NET-1012")

    her.wait_for_url("**/invoices?agreement=*")
    of_dom_12 = 4
    expect(her.get_by_text("Всё оплачено, спасибо")).to_have_count(int(count == of_dom_12))
    expect(unpaid.get_by_role("listitem")).to_have_count(count - of_dom_12)
    assert 0 < her.get_by_role("region", name="Оплаченные").get_by_role("link").count() < everything
    expect(her.get_by_label("Договор")).to_be_focused()


def test_payments_messages_and_more(her: Page) -> None:
    goes_to(her, "Ещё", "Ещё")
    main = her.get_by_role("main")
    main.get_by_role("link", name="Платежи").tap()
    expect(heading(her)).to_have_text("Платежи")
    assert main.get_by_role("listitem").count() > 10
    goes_to(her, "Ещё", "Ещё")
    main.get_by_role("link", name="Сообщения").tap()
    expect(heading(her)).to_have_text("Сообщения")
    expect(main.get_by_text("Не прочитано")).to_have_count(5)

    main.get_by_role("link", name="Отключение горячей воды").tap()
    expect(heading(her)).to_have_text("Отключение горячей воды")

    her.go_back()
    expect(heading(her)).to_have_text("Сообщения")
    expect(main.get_by_text("Не прочитано")).to_have_count(4)


def test_contacts_change_after_the_password(her: Page, console_errors: Any) -> None:
    opens(her, "/profile")
    form = her.get_by_role("region", name="Контакты")
    form.get_by_label("Контактный телефон").fill("+7 916 000-00-12")
    form.get_by_label("Текущий пароль").fill("не тот пароль")

    form.get_by_role("button", name="Сохранить контакты").tap()

    error = form.locator('[data-error-for="current_password"]')
    expect(error).not_to_be_empty()
    expect(form.get_by_label("Текущий пароль")).to_be_focused()
    expect(form.get_by_label("Контактный телефон")).to_have_value("+7 916 000-00-12")
    form.get_by_label("Текущий пароль").fill(PASSWORD)
    form.get_by_role("button", name="Сохранить контакты").tap()
    expect(her.locator("#zh-notices")).to_contain_text("Контакты сохранены")
    expect(error).to_be_empty()
    expect(form.get_by_label("Текущий пароль")).to_have_value("")
    goes_to(her, "Главная", "Главная")
    assert "916" in words(her.get_by_role("complementary", name="Абонент"))
    forgive(console_errors, "422")


def test_another_device_is_signed_out_from_the_list(
    her: Page, demo: PortalServer, screens: Any
) -> None:
    other = screens.phone(base_url=demo.url, user_agent="Mozilla/5.0 (Android) Firefox/140.0")
    sign_in(other, LOGIN, PASSWORD)
    opens(her, "/profile")
    sessions = her.get_by_role("region", name="Где выполнен вход")

    sessions.get_by_role("button", name="Завершить: Firefox").first.tap()

    expect(her.locator("#zh-notices")).to_contain_text("Сеанс завершен")
    expect(other).to_have_url(re.compile("/login"))
    until_live(her)


# The last one here: the others sign in with the password of the demonstration.
def test_a_password_is_changed_and_the_notice_outlives_the_load(
    demo: PortalServer, screens: Any, console_errors: Any
) -> None:
    page: Page = screens.phone(base_url=demo.url)
    sign_in(page, LOGIN, PASSWORD)
    change_password(page, PASSWORD, "синий трамвай 12", repeat="синий трамвай 13")
    expect(page.locator('[data-error-for="repeat_password"]')).to_contain_text("не совпали")
    change_password(page, PASSWORD, "синий трамвай 12")
    expect(page.locator("#zh-notices")).to_contain_text("Пароль изменен")
    forgive(console_errors, "422")


def change_password(page: Page, old: str, new: str, repeat: str = "") -> None:
    opens(page, "/profile")
    form = page.get_by_role("region", name="Пароль")
    form.get_by_label("Текущий пароль").fill(old)
    form.get_by_label("Новый пароль", exact=True).fill(new)
    form.get_by_label("Новый пароль ещё раз").fill(repeat or new)
    tap(page, "Сменить пароль")
