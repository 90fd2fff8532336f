"""«Оплата» as forms and answers: to the bank with the sum that was seen, and to the receipt."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from portal.api.pay import cashier
from portal.backend import Backend
from portal.domain.money import Money
from portal.domain.paying import BankRefund, BankTold
from portal.gateways.acquiring import NewPayment, Shop, Unreachable
from tests.builders import Flat, InvoiceRow, Person, a_house
from tests.support.acquiring import SECRET, a_card_channel, begins
from tests.support.browsing import JSON, Portal, lives_with_password, page_of, stored
from tests.support.markup import Element

NBSP = "\N{NO-BREAK SPACE}"
BANK_PAGE = "https://bank.example/pay/1"


@dataclass
class Bank:
    """Says what a test lets it say."""

    status: str = "pending"
    answers: bool = True
    asked: dict[str, NewPayment] = field(default_factory=dict)
    looked: int = 0

    async def create(self, shop: Shop, new: NewPayment) -> BankTold:
        assert shop.shop_id == "100500"
        if not self.answers:
            raise Unreachable
        self.asked[new.token] = new
        return self._told(new)

    async def find(self, shop: Shop, external_id: str) -> BankTold:
        assert shop.shop_id == "100500"
        self.looked += 1
        return self._told(self.asked[external_id.removeprefix("bank-")])

    async def find_refund(self, shop: Shop, external_id: str) -> BankRefund:
        raise Unreachable(shop.shop_id, external_id)

    def _told(self, new: NewPayment) -> BankTold:
        told = BankTold(
            f"bank-{new.token}", self.status, self.status == "succeeded", new.amount, "RUB",
            new.account, new.token, BANK_PAGE,
        )  # fmt: skip
        return replace(told, raw=json.dumps({"id": told.external_id, "status": self.status}))


@pytest.fixture
def bank() -> Bank:
    return Bank()


@pytest.fixture
def flat(backend: Backend) -> Flat:
    person: Person = a_house(backend).a_resident("Иванов Иван", login="ivanov")
    lives_with_password(person)
    a_card_channel(person.house)
    return person.an_agreement("DOM-12")


@pytest.fixture
def bills(flat: Flat) -> list[InvoiceRow]:
    return [flat.an_invoice(opening="400"), flat.an_invoice(opening="500")]


@pytest.fixture
async def browser(
    backend: Backend, tmp_path: Path, flat: Flat, bank: Bank
) -> AsyncIterator[httpx.AsyncClient]:
    async with portal_of(backend, tmp_path, bank).browser(flat.person.id) as browser:
        yield browser


def portal_of(backend: Backend, folder: Path, bank: Bank, **environ: str) -> Portal:
    banked: type[Portal] = type("Banked", (Portal,), {"bank": bank})
    return banked(backend, folder, **SECRET, **environ)


Sent = dict[str, Any]


async def form_of(browser: httpx.AsyncClient, address: str = "/payment") -> Sent:
    """What the page would send as it stands."""
    return sent_by(page_of(await browser.get(address)).one("form", id="zh-payment"))


def sent_by(form: Element) -> Sent:
    """As a browser does: of boxes and buttons those that are chosen, several of one name."""
    sent: Sent = {}
    for each in form.all("input"):
        is_choice = each.attributes.get("type") in {"checkbox", "radio"}
        if not is_choice or "checked" in each.attributes:
            sent.setdefault(each.attributes["name"], []).append(each.attributes.get("value", ""))
    return {name: values[0] if len(values) == 1 else values for name, values in sent.items()}


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", html)).strip()


async def test_without_script_two_taps_lead_to_the_bank(
    browser: httpx.AsyncClient, bills: list[InvoiceRow], bank: Bank
) -> None:
    home = page_of(await browser.get("/"))
    link = home.one("section", aria_labelledby="zh-owed").one("a.zh-button")
    page = page_of(await browser.get(link.attributes["href"]))
    form = page.one("form", id="zh-payment")
    assert form.one("button.zh-pay-button").text == f"Оплатить 900,00{NBSP}₽"

    led = await browser.post(form.attributes["action"], data=sent_by(form))

    assert led.status_code == 200
    assert f'<meta http-equiv="refresh" content="0;url={BANK_PAGE}">' in led.text
    assert page_of(led).one("a.zh-button").attributes["href"] == BANK_PAGE
    (asked,) = bank.asked.values()
    assert (asked.amount, asked.account) == (Money(900_00), "DOM-12")


async def test_what_the_script_gets_is_where_the_bank_is(
    browser: httpx.AsyncClient, bills: list[InvoiceRow]
) -> None:
    sent = await form_of(browser, f"/payment?invoice={bills[0].id}")
    told = await browser.post("/payment/begin", data=sent, headers=JSON)
    assert told.json() == {"state": "done", "location": BANK_PAGE}


async def test_a_choice_that_was_changed_is_confirmed_with_its_new_sum(
    browser: httpx.AsyncClient, bills: list[InvoiceRow], bank: Bank
) -> None:
    """Without script the button still names the former sum: nobody pays what he has not seen."""
    sent = await form_of(browser) | {"invoice": str(bills[0].id)}
    asked = await browser.post("/payment/begin", data=sent)
    assert asked.status_code == 422
    page = page_of(asked)
    assert page.one("p.zh-error-main").text == (
        f"К оплате 400,00{NBSP}₽. Если все верно, нажмите ещё раз"
    )
    again = sent_by(page.one("form", id="zh-payment"))
    assert (again["invoice"], again["key"]) == (str(bills[0].id), sent["key"])
    assert not bank.asked

    assert (await browser.post("/payment/begin", data=again)).status_code == 200
    (begun,) = bank.asked.values()
    assert begun.amount == Money(400_00)


async def test_two_taps_on_one_form_are_one_payment(
    browser: httpx.AsyncClient, bills: list[InvoiceRow], bank: Bank
) -> None:
    sent = await form_of(browser, f"/payment?invoice={bills[0].id}")
    for _ in range(2):
        assert (await browser.post("/payment/begin", data=sent)).status_code == 200
    assert len(bank.asked) == 1


async def test_a_form_from_the_browser_s_memory_filled_in_otherwise_is_another(
    browser: httpx.AsyncClient, bills: list[InvoiceRow], bank: Bank
) -> None:
    sent = await form_of(browser, f"/payment?invoice={bills[0].id}")
    await browser.post("/payment/begin", data=sent)
    await browser.post("/payment/begin", data=sent | {"amount": "100", "agreed": "10000"})
    assert sorted(each.amount for each in bank.asked.values()) == [Money(100_00), Money(400_00)]


async def test_what_was_typed_wrongly_stays_with_what_is_wrong(
    browser: httpx.AsyncClient, bills: list[InvoiceRow], backend: Backend
) -> None:
    before = stored(backend)
    sent = await form_of(browser) | {"invoice": str(bills[0].id), "amount": "сто рублей"}
    refused = await browser.post("/payment/begin", data=sent)
    assert refused.status_code == 422
    form = page_of(refused).one("form", id="zh-payment")
    assert form.one("input", name="amount").attributes["value"] == "сто рублей"
    assert form.one("p", id="err-amount").text == "Введите сумму цифрами, например 1 234,50"
    assert sent_by(form)["invoice"] == str(bills[0].id)
    told = await browser.post("/payment/begin", data=sent, headers=JSON)
    assert [each["field"] for each in told.json()["errors"]] == ["amount"]
    assert stored(backend) == before


async def test_an_invoice_that_was_paid_meanwhile_is_not_paid_again(
    browser: httpx.AsyncClient, flat: Flat, bills: list[InvoiceRow], bank: Bank
) -> None:
    sent = await form_of(browser, f"/payment?invoice={bills[0].id}")
    flat.a_payment("400", pays=[(bills[0], "400")])
    told = await browser.post("/payment/begin", data=sent | {"amount": "400"}, headers=JSON)
    assert told.status_code == 422
    assert "уже оплачен" in told.json()["notice"]
    assert not bank.asked


async def test_a_way_that_is_none_is_asked_for(
    browser: httpx.AsyncClient, bills: list[InvoiceRow]
) -> None:
    sent = await form_of(browser, f"/payment?invoice={bills[0].id}")
    for way in ("", "card", "card-1/cash", "card-1", "\0/card", "hall/card"):
        told = await browser.post("/payment/begin", data=sent | {"way": way}, headers=JSON)
        assert [each["field"] for each in told.json()["errors"]] == ["way"], way


async def test_the_script_is_told_what_a_choice_comes_to(
    browser: httpx.AsyncClient, flat: Flat, bills: list[InvoiceRow]
) -> None:
    sent = {"agreement": str(flat.id), "invoice": str(bills[0].id), "amount": "150"}
    told = (await browser.post("/payment/count", data=sent, headers=JSON)).json()
    assert (told["state"], told["agreed"]) == ("done", "15000")
    parts = {name: words(html) for name, html in told["parts"].items()}
    assert parts["zh-pay-button"] == "Оплатить 150,00 ₽"
    assert "по выбранным счетам останется 250,00 ₽" in parts["zh-pay-total"]
    assert "zh-qr" in told["parts"]["zh-pay-qr"]

    wrong = await browser.post("/payment/count", data=sent | {"amount": "0"}, headers=JSON)
    told = wrong.json()
    assert (told["state"], told["agreed"]) == ("refused", "")
    assert words(told["parts"]["zh-pay-button"]) == "Оплатить"
    assert (await browser.post("/payment/count", data=sent)).status_code == 404


async def test_a_silent_bank_is_said_to_be_silent_and_asked_again(
    browser: httpx.AsyncClient, bills: list[InvoiceRow], bank: Bank
) -> None:
    bank.answers = False
    sent = await form_of(browser, f"/payment?invoice={bills[0].id}")
    led = await browser.post("/payment/begin", data=sent)
    assert led.status_code == 303
    here = led.headers["location"]
    page = page_of(await browser.get(here))
    assert page.one("h1").text == "Проверяем оплату"
    assert "второй раз не платите" in page.text
    assert (
        '<noscript><meta http-equiv="refresh" content="5"></noscript>'
        in (await browser.get(here)).text
    )

    bank.answers = True
    token = here.rpartition("/")[2]
    told = await browser.post("/payment/look", data={"token": token}, headers=JSON)
    assert told.json()["state"] == "done"
    page = page_of(await browser.get(here))
    assert page.one("h1").text == "Ждем подтверждения банка"
    assert page.one("a.zh-button").attributes["href"] == BANK_PAGE


async def test_who_pays_comes_back_to_where_he_is_signed_in(
    backend: Backend, browser: httpx.AsyncClient, tmp_path: Path, flat: Flat, bank: Bank
) -> None:
    """Also when the bank is asked again, by another page than his: under one key it wants one
    question.
    """
    flat.an_invoice(opening="400")
    bank.answers = False
    portal, cookie = portal_of(backend, tmp_path, bank), browser.cookies["zhkh"]
    for name in ("localhost", "127.0.0.1"):
        origin = f"http://{name}:8080"
        own = {"origin": origin, "cookie": f"zhkh={cookie}"}
        async with portal.browser() as elsewhere:
            elsewhere.base_url = origin
            elsewhere.headers.update(own)
            sent = await form_of(elsewhere)
            asked = await elsewhere.post("/payment/begin", data=sent, headers=JSON)
        token = asked.json()["location"].rpartition("/")[2]
        bank.answers = True
        await portal.cashier.send(token)
        assert bank.asked[token].return_url == f"{origin}/payment/{token}"
        bank.answers = False


async def test_a_payment_whose_origin_nobody_noted_comes_back_to_the_usual_one(
    backend: Backend, tmp_path: Path, flat: Flat, bank: Bank
) -> None:
    token = begins(flat)
    await portal_of(backend, tmp_path, bank, ZHKH_PUBLIC_URL="https://lk.example.ru").cashier.send(
        token
    )
    assert bank.asked[token].return_url == f"https://lk.example.ru/payment/{token}"


async def test_looking_brings_the_receipt_and_the_history_leads_to_it(
    browser: httpx.AsyncClient,
    bills: list[InvoiceRow],
    bank: Bank,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cashier, "PEEK_SECONDS", 0)  # whoever looks here is patient
    sent = await form_of(browser) | {"invoice": str(bills[0].id), "amount": "1000"}
    sent["agreed"] = "100000"
    await browser.post("/payment/begin", data=sent)
    (token,) = bank.asked
    waiting = page_of(await browser.get("/payments")).one("section", aria_labelledby="zh-waiting")
    assert waiting.one("a.zh-row").attributes["href"] == f"/payment/{token}"
    look = {"token": token}
    told = (await browser.post("/payment/look", data=look, headers=JSON)).json()
    assert "ещё не подтвердил" in told["notice"]

    bank.status = "succeeded"
    told = (await browser.post("/payment/look", data=look, headers=JSON)).json()

    assert told["location"] == f"/payment/{token}"
    page = page_of(await browser.get(f"/payment/{token}"))
    assert page.one("h1").text == "Оплачено"
    facts = {
        each.one("dt").text: each.one("dd").text for each in page.one("dl.zh-facts").all("div")
    }
    assert facts["Зачтено в счета"] == f"{bills[0].number}, {bills[1].number}"
    assert facts["В счет следующих месяцев"] == f"100,00{NBSP}₽"
    assert facts["Номер у банка"] == f"bank-{token}"
    listed = page_of(await browser.get("/payments"))
    assert not listed.all("section", aria_labelledby="zh-waiting")
    receipt = listed.one("section", aria_label="Платежи").one("a.zh-linklike")
    assert receipt.attributes["href"] == f"/payment/{token}"
    seen = bank.looked
    await browser.post("/payment/look", data=look)
    assert bank.looked == seen, "what has ended is asked after no more"


async def test_what_the_bank_refused_can_be_tried_again(
    browser: httpx.AsyncClient, flat: Flat, bills: list[InvoiceRow], bank: Bank
) -> None:
    sent = await form_of(browser, f"/payment?invoice={bills[1].id}")
    await browser.post("/payment/begin", data=sent)
    (token,) = bank.asked
    bank.status = "canceled"
    await browser.post("/payment/look", data={"token": token})
    page = page_of(await browser.get(f"/payment/{token}"))
    assert page.one("h1").text == "Оплата не прошла"
    assert "Деньги не списаны" in page.text
    again = page.one("a.zh-button").attributes["href"]
    assert again == f"/payment?agreement={flat.id}&invoice={bills[1].id}"


async def test_without_the_menu_s_entry_nothing_is_begun(
    backend: Backend, tmp_path: Path, flat: Flat, bills: list[InvoiceRow], bank: Bank
) -> None:
    portal = portal_of(backend, tmp_path, bank, ZHKH_MENU_PAYMENTS="false")
    sent = {
        "key": "k" * 32, "agreement": str(flat.id), "invoice": str(bills[0].id),
        "agreed": "40000", "way": "card-1/card", "token": "t",
    }  # fmt: skip
    async with portal.browser(flat.person.id) as browser:
        for path in ("/payment/begin", "/payment/count", "/payment/look"):
            told = await browser.post(path, data=sent, headers=JSON)
            assert (told.status_code, told.json()["notice"]) == (404, "Раздел недоступен")
        owed = page_of(await browser.get("/")).one("section", aria_labelledby="zh-owed")
        assert owed.one("a.zh-button").attributes["href"] == "/invoices"
    assert not bank.asked
