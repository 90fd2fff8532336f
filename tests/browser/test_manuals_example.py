"""Resident 1 is the manual's: his pages show what its figures 8 and 9 show."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import (
    CHECK,
    CONFIRM,
    accepted,
    dialog,
    field,
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

LOGIN, PASSWORD = "DOG-S-755", "kvartira-755"
# Reading, its date, the sum: figure 9, in the order of the readings' dates.
FIGURE_9 = [
    ("12547", "10.02.2014", "2 017,45 ₽"),
    ("13721", "15.03.2014", "3 275,46 ₽"),
    ("14235", "07.04.2014", "1 434,06 ₽"),
]


@pytest.fixture
def him(demo: PortalServer, screens: Any) -> Page:
    page: Page = screens.desktop(base_url=demo.url)
    sign_in(page, LOGIN, PASSWORD)
    return page


def words(locator: Any) -> str:
    return squeezed(locator.inner_text())


def crumbs(page: Page) -> str:
    steps = page.get_by_role("navigation", name="Путь").get_by_role("listitem").all()
    return " / ".join(words(step) for step in steps)


def test_figure_8_the_device_its_serial_and_its_priced_service(him: Page) -> None:
    him.get_by_role("navigation", name="Разделы").get_by_role("link", name="ЖКХ").click()
    expect(heading(him)).to_have_text("ЖКХ")

    assert crumbs(him) == "Главная / ЖКХ"
    device = him.get_by_role("region", name="Прибор: Абонент (ЖКХ)")
    expect(device).to_contain_text("Серийный номер: 1237531773")
    expect(device.get_by_role("link", name="Услуга ЖКХ № 1")).to_be_visible()
    assert "2,79 ₽" in words(device)
    expect(him.get_by_role("region", name="Прибор:")).to_have_count(1)


def test_figure_8_the_side_block(him: Page) -> None:
    side = him.get_by_role("complementary", name="Абонент")

    assert "Вы вошли как: Абонент" in words(side)
    assert "Неоплаченные счета: 1" in words(side)
    assert "71111234567" in words(side)
    assert "email@email.ru" in words(side)
    events = [words(event) for event in side.locator(".zh-event").all()]
    assert events[:2] == [
        "28 мая 2014 07:55 Проведен платеж на сумму 2 500,00 ₽",
        "28 мая 2014 07:50 Тариф изменен на «Тариф ЖКХ»",
    ]


def test_figure_9_the_charges_of_may_2014(him: Page) -> None:
    opens(him, "/charges?period=2014-05")

    assert crumbs(him) == "Главная / Счет / Расход средств"
    table = him.get_by_role("table", name="По услугам")
    headings = [words(each) for each in table.get_by_role("columnheader").all()]
    assert headings == ["Услуга", "Показания прибора", "Дата снятия показаний", "Списания"]
    rows = [each.get_by_role("cell").all() for each in table.locator("tr.zh-charge").all()]
    assert [tuple(words(cell) for cell in row[1:]) for row in rows] == FIGURE_9
    assert words(table.locator("tfoot td")) == "6 726,97 ₽"


def test_a_charge_opens_to_how_its_number_came_about(him: Page) -> None:
    opens(him, "/charges?period=2014-05")
    line = him.get_by_role("table", name="По услугам").locator("tbody tr").first

    line.locator("summary").click()

    proof = words(line.locator("xpath=following-sibling::tr[1]"))
    assert "723,1" in proof
    assert "2,79 ₽" in proof
    assert "2 017,45 ₽" in proof
    assert "11823,9" in proof


def test_his_unpaid_invoice_can_be_paid(him: Page) -> None:
    him.get_by_role("link", name="Неоплаченные счета: 1").click()
    expect(heading(him)).to_have_text("Счета")
    him.get_by_role("link", name="Май 2014").click()
    expect(heading(him)).to_contain_text("755-2014-05")

    assert "6 726,97 ₽" in words(him.get_by_role("region", name="Сумма счета"))
    expect(him.get_by_role("img", name="QR")).to_be_visible()
    items = him.get_by_role("region", name="Из чего состоит счет")
    for _, _, amount in FIGURE_9:
        assert amount in words(items)


def test_a_requisite_is_copied(him: Page) -> None:
    him.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opens(him, "/invoices")
    him.get_by_role("link", name="Май 2014").click()
    him.get_by_text("Реквизиты, чтобы заплатить").click()

    tap(him, "Скопировать: Сумма")

    expect(him.locator("#zh-notices")).to_contain_text("Скопировано: 6726,97")
    assert him.evaluate("navigator.clipboard.readText()") == "6726,97"


def test_the_payment_of_the_side_block_is_among_the_payments(him: Page) -> None:
    him.get_by_role("link", name="Проведен платеж на сумму").click()

    expect(heading(him)).to_have_text("Платежи")
    assert "2 500,00 ₽" in words(him.get_by_role("region", name="Платежи"))
    assert "28 мая 2014 07:55" in words(him.get_by_role("region", name="Платежи"))


def test_his_service_has_an_address_of_its_own(him: Page, demo: PortalServer) -> None:
    opens(him, "/zkh")
    him.get_by_role("link", name="Услуга ЖКХ № 1").click()
    expect(heading(him)).to_have_text("Показания счетчика")
    shared = him.url
    assert shared.endswith("/zkh_1")

    him.goto(shared)
    until_live(him)

    assert crumbs(him) == "Главная / ЖКХ / Показания счетчика"
    main = words(him.get_by_role("main"))
    for fact in (
        "Серийный номер: 1237531773",
        "Тариф Услуга ЖКХ № 1",
        "Стоимость за единицу 2,79 ₽",
        "Дата предыдущих показаний 7 апреля 2014",
        "Предыдущие показания 14235,0",
    ):
        assert fact in main
    field(him, "Текущие показания, ед.").fill("14235")
    expect(him.locator("[data-live-volume]")).to_have_text("Расход 0 ед.")


def test_a_value_below_the_previous_one_is_refused_and_stays_on_the_screen(
    him: Page, console_errors: Any
) -> None:
    opens(him, "/zkh")
    value = him.locator('input[name^="value:"]')
    value.fill("14000")

    tap(him, "Проверить и передать")

    sentence = "Вы указали текущее значение меньше чем предыдущее. Текущее: 14000,0. "
    expect(him.get_by_text(sentence + "Предыдущее: 14235,0")).to_be_visible()
    expect(value).to_have_value("14000")
    expect(value).to_be_focused()
    forgive(console_errors, "422")


def test_the_whole_journey_on_his_phone(demo: PortalServer, screens: Any) -> None:
    his: Page = screens.phone(base_url=demo.url)
    sign_in(his, LOGIN, PASSWORD)
    main = his.get_by_role("main")
    assert "6 726,97 ₽" in words(main)
    his.get_by_role("link", name="Передать показания").tap()
    expect(heading(his)).to_have_text("ЖКХ")
    his.locator('input[name^="value:"]').fill("14335,5")
    his.get_by_role("button", name=CHECK).tap()
    expect(dialog(his)).to_contain_text("280,40")
    his.get_by_role("button", name=CONFIRM).tap()

    expect(accepted(his)).to_contain_text("14335,5")
    accepted(his).get_by_role("link", name="Расход средств").tap()
    expect(heading(his)).to_have_text("Расход средств")
    assert "280,40 ₽" in words(main)
    goes_to(his, "Счета", "Счета")
    assert "6 726,97 ₽" in words(main)
    for link, title in (("Платежи", "Платежи"), ("Профиль", "Профиль"), ("Сообщения", "Сообщения")):
        goes_to(his, "Ещё", "Ещё")
        main.get_by_role("link", name=link).first.tap()
        expect(heading(his)).to_have_text(title)
    goes_to(his, "Ещё", "Ещё")
    his.get_by_role("button", name="Выйти", exact=True).tap()
    expect(his).to_have_url(re.compile("/login"))


@pytest.fixture(scope="module", autouse=True)
def _no_fault_in_the_log(demo: PortalServer) -> Iterator[None]:
    yield
    assert "Traceback" not in demo.output()
