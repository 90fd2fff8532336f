"""Addresses carry what is seen: back, forward, reload and a shared link; what is not there is
not found, whoever's it is.
"""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import forgive, goes_to, heading, opens, sign_in, squeezed, until_live
from tests.support.server import PortalServer

pytestmark = pytest.mark.browser

HER, HIM = ("DOM-12", "kvartira-12"), ("DOG-S-755", "kvartira-755")


@pytest.fixture
def her(demo: PortalServer, screens: Any) -> Page:
    page: Page = screens.phone(base_url=demo.url)
    sign_in(page, *HER)
    return page


def month(page: Page) -> str:
    """The month that the page says it shows."""
    return squeezed(page.locator(".zh-month-name").inner_text())


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def step(page: Page, way: str, wanted: str = "") -> str:
    """A month back or on; the month that is shown then."""
    before = month(page)
    page.get_by_role("link", name=re.compile(f"^{way} месяц")).tap()
    expect(page.locator(".zh-month-name")).not_to_have_text(before)
    return month(page)


def test_months_and_filters_stand_in_the_address(her: Page, screens: Any) -> None:
    goes_to(her, "Расходы", "Расход средств")
    newest = month(her)
    assert her.get_by_role("link", name=re.compile("Следующий месяц")).count() == 0

    one_back = step(her, "Предыдущий")
    two_back = step(her, "Предыдущий")
    her.get_by_label("Учетная запись").select_option(index=1)
    her.wait_for_url("**account=*")
    assert month(her) == two_back
    narrowed = squeezed(her.get_by_role("main").inner_text())
    assert {"period", "agreement", "account"} == asked(her).keys()

    her.go_back()
    expect(her.get_by_label("Учетная запись")).to_have_value("")
    assert month(her) == two_back
    her.go_back()
    expect(her.locator(".zh-month-name")).to_have_text(one_back)
    her.go_back()
    expect(her.locator(".zh-month-name")).to_have_text(newest)
    for _ in range(3):
        her.go_forward()
    expect(her.locator(".zh-month-name")).to_have_text(two_back)
    expect(her.get_by_label("Учетная запись")).not_to_have_value("")
    her.reload()
    until_live(her)
    assert squeezed(her.get_by_role("main").inner_text()) == narrowed

    other: Page = screens.phone(base_url=f"{her.url.split('/charges')[0]}")
    other.goto(her.url)
    expect(other).to_have_url(re.compile("/login"))
    address = other.url
    sign_in(other, *HER, at=address)
    assert other.url == her.url
    assert squeezed(other.get_by_role("main").inner_text()) == narrowed


def test_the_first_month_with_data_is_the_last_one_back(her: Page) -> None:
    opens(her, "/charges")
    seen = [month(her)]
    back = her.get_by_role("link", name=re.compile("Предыдущий месяц"))
    while back.count():
        seen.append(step(her, "Предыдущий"))
        assert len(seen) < 20
    assert len(set(seen)) == len(seen) >= 12
    assert step(her, "Следующий") == seen[-2]


def test_another_agreement_forgets_the_account_of_the_first(her: Page) -> None:
    opens(her, "/charges")
    her.get_by_label("Учетная запись").select_option(index=1)
    her.wait_for_url("**account=*")

    her.get_by_label("Договор").select_option(label="NET-1012")

    expect(her).not_to_have_url(re.compile("account="))
    expect(heading(her)).to_have_text("Расход средств")
    assert "690,00 ₽" in squeezed(her.get_by_role("main").inner_text())


def test_title_and_focus_move_with_the_page(her: Page) -> None:
    goes_to(her, "Счета", "Счета")
    assert her.title().startswith("Счета")
    expect(heading(her)).to_be_focused()
    expect(her.locator("#zh-announcer")).to_have_text(re.compile("Счета"))

    her.go_back()

    expect(heading(her)).to_have_text("Главная")
    expect(heading(her)).to_be_focused()
    assert her.title().startswith("Главная")


def test_a_page_is_left_and_found_where_it_was(her: Page) -> None:
    goes_to(her, "Счета", "Счета")
    last = her.get_by_role("region", name="Оплаченные").get_by_role("link").last
    last.scroll_into_view_if_needed()
    there = her.evaluate("scrollY")
    assert there > 500
    last.tap()
    expect(heading(her)).to_have_text(re.compile(r"Счет \S+"))
    assert her.evaluate("scrollY") < 100

    her.go_back()

    expect(heading(her)).to_have_text("Счета")
    her.wait_for_function("(there) => Math.abs(scrollY - there) < 5", arg=there)


def his_invoice(demo: PortalServer, screens: Any) -> str:
    page: Page = screens.phone(base_url=demo.url)
    sign_in(page, *HIM)
    opens(page, "/invoices")
    return str(page.get_by_role("link", name="Май 2014").get_attribute("href"))


def test_what_is_not_hers_is_not_found(
    her: Page, demo: PortalServer, screens: Any, console_errors: Any
) -> None:
    missing = [
        "/invoices/999999",
        "/invoices/abc",
        "/zkh/1/nothing",
        "/zkh/1/zkh_1",  # his
        "/charges?agreement=999",
        "/charges?period=2014-13",
        "/messages/999999",
        "/nowhere",
        his_invoice(demo, screens),
    ]
    texts = set()
    for address in missing:
        answer = her.goto(address)
        assert answer is not None
        assert (address, answer.status) == (address, 404)
        expect(heading(her)).to_have_text("Страница не найдена")
        texts.add(squeezed(her.get_by_role("main").inner_text()))
    assert len(texts) <= 2, "what is another's and what does not exist read alike"
    her.get_by_role("link", name="На главную").tap()
    expect(heading(her)).to_have_text("Главная")
    forgive(console_errors, "404")


def test_a_missing_page_inside_the_live_one_has_a_way_out(her: Page) -> None:
    her.evaluate("window.zhPortal.navigate('/invoices/999999')")
    expect(heading(her)).to_have_text("Страница не найдена")

    her.get_by_role("link", name="На главную").tap()

    expect(heading(her)).to_have_text("Главная")
