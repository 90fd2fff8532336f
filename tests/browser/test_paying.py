"""Paying by card on a phone, from the home page to the receipt, through the sandbox bank."""

import base64
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal.domain.money import Money
from portal.domain.payment_qr import parse_payment_qr
from tests.browser.steps import enters, forgive, heading, opens, sign_in, squeezed
from tests.browser.test_every_page import measured, seen_by
from tests.support.printed import code_of
from tests.support.server import PortalServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

LOGIN, PASSWORD = "DOM-12", "kvartira-12"
PAY, BANK = re.compile("^Оплатить"), re.compile("/demo-bank/pay/")
OTHER_SUM = "Заплатить другую сумму"


@pytest.fixture
def her(demo: PortalServer, screens: Any) -> Page:
    page: Page = screens.phone(base_url=demo.url)
    sign_in(page, LOGIN, PASSWORD)
    return page


def words(place: Any) -> str:
    return squeezed(place.inner_text())


def button(page: Page) -> Any:
    return page.get_by_role("button", name=PAY)


def sum_field(page: Page) -> Any:
    """Unfolded where there are invoices; who owes nothing has it before his eyes."""
    if page.locator(".zh-pay-other").count():
        page.get_by_text(OTHER_SUM).click()
    return page.get_by_label("Сколько заплатить")


def types(page: Page, amount: str) -> None:
    """Another sum than the invoices'; ends when the button names it."""
    sum_field(page).fill(amount)
    names(page, amount)


def names(page: Page, amount: str) -> None:
    expect(button(page)).to_contain_text(str(Money.parse(amount)))
    expect(button(page)).to_be_enabled()


def comes_to_the_bank(page: Page, amount: str) -> None:
    opens(page, "/payment")
    types(page, amount)
    button(page).tap()
    page.wait_for_url(BANK)
    assert str(Money.parse(amount)) in page.get_by_role("main").inner_text()


def bank_shall(page: Page, mood: str) -> None:
    page.get_by_role("button", name=mood).click()
    page.wait_for_url("**/payment/*")


def fact(page: Page, label: str) -> Any:
    row = page.locator(".zh-facts > div", has=page.get_by_text(label, exact=True))
    return row.locator("dd")


def rows_of(page: Page, amount: str) -> Any:
    """The payments of the history with this sum."""
    listed = page.get_by_role("region", name="Платежи", exact=True)
    return listed.get_by_role("listitem").filter(has_text=str(Money.parse(amount)))


def test_the_button_follows_the_boxes(her: Page) -> None:
    """Before anything is paid."""
    opens(her, "/payment")
    boxes = her.locator("input[name=invoice]")
    asked = her.locator(".zh-pay-invoice b.zh-amount").all_inner_texts()
    sums = [Money.parse(each.removesuffix("₽")) for each in asked]
    assert len(sums) > 1
    names(her, Money.total(sums).plain)
    boxes.first.set_checked(False)
    names(her, Money.total(sums[1:]).plain)
    expect(her.locator("#zh-pay-qr")).to_contain_text(str(Money.total(sums[1:])))
    her.reload()
    names(her, Money.total(sums).plain)
    assert seen_by(her, "/payment") + measured(her, "/payment") == []


def test_two_taps_lead_from_home_to_the_bank_and_its_word_to_the_receipt(her: Page) -> None:
    owed = her.get_by_role("main")
    owed.get_by_role("link", name="Оплатить").tap()
    expect(heading(her)).to_have_text("Оплата")
    asked = words(her.locator("#zh-pay-total .zh-sum"))
    assert asked in words(button(her))

    button(her).tap()

    her.wait_for_url(BANK)
    assert asked in words(her.get_by_role("main"))
    bank_shall(her, "Оплатить")
    expect(heading(her)).to_have_text("Оплачено")
    assert words(her.locator(".zh-paid .zh-sum")) == asked
    assert fact(her, "Номер квитанции").inner_text().isdigit()
    expect(fact(her, "Договор")).to_have_text(LOGIN)
    expect(fact(her, "Зачтено в счета")).to_contain_text(re.compile(r"20\d\d-"))
    found = seen_by(her, "receipt") + measured(her, "receipt")
    assert found == []


@pytest.mark.parametrize(
    ("mood", "amount", "title", "count"),
    [
        ("Прислать дважды", "101,01", "Оплачено", 1),
        ("Молчать", "102,02", "Оплачено", 1),
        ("Отказать", "103,03", "Оплата не прошла", 0),
    ],
)
def test_whatever_the_bank_does_it_is_paid_once_or_not_at_all(
    her: Page, mood: str, amount: str, title: str, count: int
) -> None:
    comes_to_the_bank(her, amount)
    bank_shall(her, mood)
    expect(heading(her)).to_have_text(title)
    opens(her, "/payments")
    expect(rows_of(her, amount)).to_have_count(count)


def test_what_was_refused_is_tried_again_by_one_tap(her: Page) -> None:
    comes_to_the_bank(her, "104,04")
    bank_shall(her, "Отказать")
    expect(heading(her)).to_have_text("Оплата не прошла")
    expect(her.get_by_text("Деньги не списаны")).to_be_visible()
    assert seen_by(her, "refused") + measured(her, "refused") == []
    her.get_by_role("link", name="Попробовать снова").click()
    expect(heading(her)).to_have_text("Оплата")


def test_who_comes_back_without_paying_is_led_to_the_bank_again(her: Page) -> None:
    comes_to_the_bank(her, "105,05")
    her.go_back()
    opens(her, "/payments")
    waiting = her.get_by_role("region", name="Ждут ответа банка")
    waiting.get_by_role("link").filter(has_text="105,05").first.tap()
    expect(heading(her)).to_have_text("Ждем подтверждения банка")
    assert seen_by(her, "waiting") + measured(her, "waiting") == []
    her.get_by_role("button", name="Проверить сейчас").click()
    expect(her.get_by_text("Банк ещё не подтвердил оплату")).to_be_visible()
    her.get_by_role("link", name="Вернуться к оплате").click()
    her.wait_for_url(BANK)


def test_the_other_open_pages_learn_of_it(her: Page, demo: PortalServer, screens: Any) -> None:
    there: Page = screens.desktop(base_url=demo.url)
    sign_in(there, LOGIN, PASSWORD)
    opens(there, "/payments")
    comes_to_the_bank(her, "106,06")
    waiting = there.get_by_role("region", name="Ждут ответа банка")
    expect(waiting).to_contain_text(str(Money(106_06)))

    bank_shall(her, "Оплатить")

    expect(rows_of(there, "106,06")).to_have_count(1)
    rows_of(there, "106,06").get_by_role("link", name="Квитанция").click()
    expect(heading(there)).to_have_text("Оплачено")


def test_an_awaited_page_changes_by_itself(her: Page, demo: PortalServer, screens: Any) -> None:
    """Who pays in the bank's app comes back to a page that has stood open."""
    comes_to_the_bank(her, "107,07")
    at_the_bank = her.url
    opens(her, "/payments")
    her.get_by_role("link").filter(has_text="107,07").first.tap()
    expect(heading(her)).to_have_text("Ждем подтверждения банка")
    bank: Page = screens.phone(base_url=demo.url)
    bank.goto(at_the_bank)
    bank.get_by_role("button", name="Оплатить").click()
    expect(heading(her)).to_have_text("Оплачено")


def test_the_sum_follows_the_choice_and_a_push_wipes_nothing(
    her: Page, demo: PortalServer, screens: Any
) -> None:
    opens(her, "/payment")
    before = words(button(her))
    types(her, "250,5")
    assert words(button(her)) != before
    other: Page = screens.phone(base_url=demo.url)
    sign_in(other, LOGIN, PASSWORD)
    comes_to_the_bank(other, "108,08")
    bank_shall(other, "Оплатить")
    expect(heading(other)).to_have_text("Оплачено")
    names(her, "250,5")
    expect(her.get_by_label("Сколько заплатить")).to_have_value("250,5")
    button(her).tap()
    her.wait_for_url(BANK)
    assert str(Money(250_50)) in her.get_by_role("main").inner_text()


def test_a_wrong_sum_is_said_beside_its_field(her: Page, console_errors: Any) -> None:
    opens(her, "/payment")
    field = sum_field(her)
    field.fill("сто")
    expect(her.get_by_text("Введите сумму цифрами")).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    assert seen_by(her, "wrong") + measured(her, "wrong") == []
    button(her).click()
    expect(her.get_by_text("Введите сумму цифрами").first).to_be_visible()
    field.fill("109,09")
    names(her, "109,09")
    expect(her.get_by_text("Введите сумму цифрами")).to_be_hidden()
    forgive(console_errors, "422")


def test_a_bank_s_app_reads_the_code_from_the_screen_and_from_the_saved_picture(
    her: Page,
) -> None:
    opens(her, "/payment")
    types(her, "1234,5")
    expect(her.locator("#zh-pay-qr")).to_contain_text(str(Money(1234_50)))
    saved = her.get_by_role("link", name="Сохранить QR-код")
    href = str(saved.get_attribute("href"))
    texts = {
        code_of(her.locator("svg.zh-qr").screenshot(scale="device")),
        code_of(base64.b64decode(href.partition(",")[2])),
    }
    assert len(texts) == 1
    fields = parse_payment_qr(texts.pop())
    assert (fields["Sum"], fields["PersAcc"]) == ("123450", LOGIN)


def test_the_keyboard_alone_pays(demo: PortalServer, screens: Any) -> None:
    page: Page = screens.desktop(base_url=demo.url)
    sign_in(page, LOGIN, PASSWORD)
    opens(page, "/payment")
    sum_field(page).focus()
    page.keyboard.type("111,11")
    names(page, "111,11")
    page.keyboard.press("Tab")
    expect(page.get_by_role("radio", name="Картой")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="СБП")).to_be_checked()
    expect(button(page)).to_be_enabled()
    page.keyboard.press("Tab")
    expect(button(page)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(BANK)


def test_without_script_the_bank_is_reached_and_its_word_comes(
    demo: PortalServer, screens: Any, console_errors: Any
) -> None:
    page: Page = screens.phone(base_url=demo.url, java_script_enabled=False)
    enters(page, LOGIN, PASSWORD, at="/login?next=%2Fpayment")
    sum_field(page).fill("110,1")
    button(page).tap()
    expect(page.get_by_text("К оплате 110,10")).to_be_visible()
    expect(page.get_by_label("Сколько заплатить")).to_have_value("110,1")
    assert str(Money(110_10)) in button(page).inner_text()
    button(page).tap()
    page.wait_for_url(BANK)
    bank_shall(page, "Оплатить")
    expect(heading(page)).to_have_text("Оплачено")
    forgive(console_errors, "422")
