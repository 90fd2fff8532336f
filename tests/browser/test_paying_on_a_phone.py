"""Paying with a thumb: nothing to look for, a code for a bank's app, and an answer of people."""

import base64
import subprocess
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from portal.backend import Backend
from portal.db.session import Session
from portal.domain.identity import ResidentId
from portal.domain.money import Money
from portal.domain.paying import BankTold, PayOrder, Way
from portal.domain.payment_qr import parse_payment_qr
from portal.services.paying.beginning import begin
from portal.services.paying.settling import settle
from tests.browser.steps import heading, opens, sign_in, squeezed
from tests.browser.test_every_page import measured, seen_by
from tests.support.printed import code_of
from tests.support.processes import clean_environment
from tests.support.server import EXECUTABLE, PortalServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

LOGIN, PASSWORD = "DOM-12", "kvartira-12"
IS_SEEN: Final = """element => {
  const box = element.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const isInside = box.top >= 0 && box.bottom <= innerHeight;
  return isInside && (element.contains(top) || top.contains(element));
}"""
SHARES: Final = """() => {
  navigator.canShare = told => told.files.length === 1;
  navigator.share = async told => {
    const bytes = new Uint8Array(await told.files[0].arrayBuffer());
    window.zhShared = [told.files[0].type, btoa(String.fromCharCode(...bytes))];
  };
}"""


@pytest.fixture
def her(demo: PortalServer, screens: Any) -> Page:
    page: Page = screens.phone(base_url=demo.url)
    sign_in(page, LOGIN, PASSWORD)
    return page


@pytest.mark.parametrize("size", [(390, 844), (320, 640)])
def test_the_sum_and_each_way_are_in_sight_at_once_and_after_scrolling(
    her: Page, size: tuple[int, int]
) -> None:
    """She has two agreements, so that one more choice stands above."""
    her.set_viewport_size({"width": size[0], "height": size[1]})
    opens(her, "/payment")
    expect(her.get_by_role("combobox", name="Договор")).to_be_visible()
    for step in (0, 150):
        her.mouse.wheel(0, step)
        for name in ("Картой", "СБП"):
            assert her.locator(".zh-pay-way", has_text=name).evaluate(IS_SEEN), (name, step)
        assert her.locator("#zh-pay-button").evaluate(IS_SEEN), step
        assert "₽" in her.locator("#zh-pay-button").inner_text()
    assert seen_by(her, "/payment") + measured(her, "/payment") == []


def test_a_suppliers_code_is_read_from_the_screen_saved_and_shared(her: Page) -> None:
    """Where our button does not pay, the telephone's own bank does."""
    opens(her, "/payment")
    place = her.get_by_role("region", name="Платятся отдельно")
    row = place.get_by_role("listitem").filter(has_text="Чистый двор").first
    asked = squeezed(row.locator(".zh-amount").inner_text())
    row.get_by_role("link").tap()
    expect(heading(her)).to_contain_text("Счет")
    saved = her.get_by_role("link", name="Сохранить QR-код")
    href = str(saved.get_attribute("href"))
    her.evaluate(SHARES)

    saved.tap()

    kind, shared = her.wait_for_function("() => window.zhShared").json_value()
    assert (kind, shared) == ("image/png", href.partition(",")[2])
    texts = {
        code_of(her.locator("svg.zh-qr").screenshot(scale="device")),
        code_of(base64.b64decode(shared)),
    }
    assert len(texts) == 1
    fields = parse_payment_qr(texts.pop())
    assert "Чистый двор" in fields["Name"]
    assert squeezed(str(Money(int(fields["Sum"])))) == asked
    assert fields["PersAcc"] == LOGIN
    assert seen_by(her, "supplier") + measured(her, "supplier") == []


def test_what_people_found_is_shown_instead_of_waiting_and_nobody_reloads(
    her: Page, demo: PortalServer, screens: Any
) -> None:
    (file,) = demo.data.glob("demo-*.sqlite3")
    token, number = _told_strangely(f"sqlite:///{file}", Money(117_17))
    there: Page = screens.desktop(base_url=demo.url)
    sign_in(there, LOGIN, PASSWORD)
    opens(there, "/payments")
    expect(there.get_by_role("region", name="Ждут ответа банка")).to_contain_text("117,17")
    opens(her, f"/payment/{token}")
    expect(heading(her)).to_have_text("Проверяем оплату")
    for page in (her, there):
        page.evaluate("() => { window.zhSame = true }")

    said = "Деньги вернулись на карту 28 ноября, заплатите снова"
    environment = demo.settings | {"ZHKH_DATABASE_URL": f"sqlite:///{file}"}
    subprocess.run(
        [EXECUTABLE, "resolve", f"карта-{number}", "--note", said],
        env=clean_environment(**environment), check=True, capture_output=True,
    )  # fmt: skip

    expect(heading(her)).to_have_text("Проверка закончена")
    expect(her.get_by_role("main")).to_contain_text(said)
    answer = there.get_by_role("region", name="Ответ управляющей компании")
    expect(answer).to_contain_text(said)
    assert all(page.evaluate("() => window.zhSame") for page in (her, there))
    assert seen_by(her, "resolved") + measured(her, "resolved") == []
    her.get_by_role("link", name="Что осталось оплатить").tap()
    expect(heading(her)).to_have_text("Оплата")


def _told_strangely(address: str, amount: Money) -> tuple[str, int]:
    """The token of a payment of which the bank tells another sum, and the number of that step."""
    backend = Backend(address)
    try:
        agreement, resident = backend.read_now(_agreement)
        now = backend.clock()
        order = PayOrder("demo-card", Way.CARD, agreement, amount)
        token = backend.write_now(begin, ResidentId(resident), order, "strange-117-17-00", now)
        said = BankTold(
            f"bank-{token}", "succeeded", is_paid=True, amount=Money(1_00), currency="RUB",
            account=LOGIN, token=token, raw="{}",
        )  # fmt: skip
        backend.write_now(settle, token, said, now)
        return token, backend.read_now(_step)
    finally:
        backend.close()


def _agreement(session: Session) -> tuple[int, int]:
    query = text("SELECT id, resident_id FROM agreement WHERE number = :number")
    agreement, resident = session.execute(query, {"number": LOGIN}).one()
    return agreement, resident


def _step(session: Session) -> int:
    query = text("SELECT max(id) FROM intent_event WHERE state = 'strange'")
    return int(session.execute(query).scalar_one())
