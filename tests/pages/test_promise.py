"""«Обещанный платеж» in two steps, with and without script: the first stores nothing."""

from datetime import date, timedelta

import httpx
import pytest

from portal.backend import Backend
from portal.db.promises import Promise
from tests.builders import NOW, Flat, Person
from tests.pages.test_plain_forms import filled_in, said_beside
from tests.support.browsing import JSON, Portal, page_of, stored
from tests.support.incoming import rows
from tests.support.markup import Element
from tests.support.promising import has_promised, takes_promises

ADDRESS = "/payments/promise"
LATE = "срок прошел"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def flat(ivanov: Person) -> Flat:
    takes_promises(ivanov.house)
    flat = ivanov.an_agreement("DOM-12")
    flat.an_invoice(opening="4000", due_on=date(2026, 9, 15))
    return flat


async def opened(browser: httpx.AsyncClient, address: str = ADDRESS) -> Element:
    answer = await browser.get(address)
    assert answer.status_code == 200
    return page_of(answer)


def query(form: Element, **typed: str) -> str:
    return f"{form.attributes['action']}?{httpx.QueryParams(filled_in(form) | typed)}"


async def confirming(browser: httpx.AsyncClient, amount: str) -> Element:
    form = (await opened(browser)).one("form", action=ADDRESS)
    return await opened(browser, query(form, amount=amount))


async def test_a_word_is_given_in_two_steps(
    backend: Backend, browser: httpx.AsyncClient, flat: Flat
):
    before = stored(backend)
    first = await opened(browser)
    assert first.one("input", name="amount").attributes["value"] == "4000,00"
    page = await confirming(browser, "1 500,5")
    assert "Обещаю заплатить до 4\N{NO-BREAK SPACE}декабря\N{NO-BREAK SPACE}2026" in page.text
    assert "не останавливает пени" in page.text
    assert stored(backend) == before
    form = page.one("form", action=ADDRESS)

    answers = [await browser.post(ADDRESS, data=filled_in(form)) for _ in range(2)]

    where = f"{ADDRESS}?agreement={flat.id}"
    assert [(each.status_code, each.headers["location"]) for each in answers] == [(303, where)] * 2
    assert rows(backend, Promise) == 1
    assert "Ждем платеж" in (await opened(browser, where)).text
    told = await browser.post(ADDRESS, data=filled_in(form), headers=JSON)
    assert told.json() == {"state": "done", "notice": "Обещание принято", "location": where}


async def test_the_way_back_takes_along_what_was_typed(browser: httpx.AsyncClient, flat: Flat):
    page = await confirming(browser, "1500,5")
    (back,) = (each for each in page.all("a") if each.text == "Изменить")
    again = await opened(browser, back.attributes["href"])
    assert again.one("input", name="amount").attributes["value"] == "1500,50"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Напишите, сколько заплатите"),
        ("много", "«много» не сумма"),
        ("99", "Обещать можно не меньше 100,00"),
        ("4000,01", "Обещать можно не больше 4"),
    ],
)
async def test_a_wrong_sum_stays_with_its_sentence_beside_it(
    browser: httpx.AsyncClient, flat: Flat, typed: str, sentence: str
):
    page = await confirming(browser, typed)
    assert said_beside(page, "amount").startswith(sentence)


async def test_what_was_promised_meanwhile_is_said(
    backend: Backend, browser: httpx.AsyncClient, flat: Flat
):
    form = (await confirming(browser, "500")).one("form", action=ADDRESS)
    has_promised(flat, "700", days_ago=0)
    told = await browser.post(ADDRESS, data=filled_in(form), headers=JSON)
    assert told.status_code == 409
    assert "Платеж уже обещан" in told.json()["notice"]
    shown = await browser.post(ADDRESS, data=filled_in(form))
    assert "Платеж уже обещан" in page_of(shown).text
    assert rows(backend, Promise) == 1


async def test_the_portal_does_not_warn_of_what_is_promised_until_it_is_overdue(
    browser: httpx.AsyncClient, flat: Flat
):
    home = await opened(browser, "/")
    assert LATE in home.one("section", aria_labelledby="zh-owed").text
    assert home.one("a.zh-promise-link").attributes["href"] == ADDRESS

    has_promised(flat, "1000", days_ago=2)

    home = await opened(browser, "/")
    owed = home.one("section", aria_labelledby="zh-owed")
    assert LATE not in owed.text
    assert "оплата обещана" in owed.text
    assert not home.all("a.zh-promise-link")
    assert "Обещано до 02.12.2026: 1" in home.one("a.zh-me-promise").text


async def test_an_overdue_promise_is_warned_of_again(browser: httpx.AsyncClient, flat: Flat):
    has_promised(flat, "1000", days_ago=30)
    home = await opened(browser, "/")
    assert LATE in home.one("section", aria_labelledby="zh-owed").text
    assert "Обещанный платеж просрочен" in home.one("a.zh-me-promise").text
    page = await opened(browser)
    assert "Обещание не исполнено" in page.text
    flat.a_payment("1000", at=NOW - timedelta(days=1))
    assert not (await opened(browser, "/")).all("a.zh-me-promise")


async def test_a_late_invoice_of_another_agreement_is_still_late(
    browser: httpx.AsyncClient, flat: Flat
):
    has_promised(flat, "1000", days_ago=2)
    flat.person.an_agreement("ГАР-1").an_invoice(opening="300", due_on=date(2026, 9, 15))
    home = await opened(browser, "/")
    assert LATE in home.one("section", aria_labelledby="zh-owed").text
    choices = (await opened(browser)).one("select", name="agreement").all("option")
    assert [each.text for each in choices] == ["DOM-12", "ГАР-1"]


async def test_paying_is_one_tap_away_with_the_agreement_chosen(
    browser: httpx.AsyncClient, flat: Flat
):
    garage = flat.person.an_agreement("ГАР-1")
    garage.an_invoice(opening="30000", due_on=date(2026, 9, 15))
    has_promised(flat, "1000", days_ago=2)
    for agreement, said in ((flat, "Ждем платеж"), (garage, "Сейчас пообещать нельзя")):
        page = await opened(browser, f"{ADDRESS}?agreement={agreement.id}")
        assert said in page.text
        (link,) = (each for each in page.all("a") if each.text == "Оплатить")
        paying = await opened(browser, link.attributes["href"])
        chosen = paying.one("select", name="agreement").one("option", selected="")
        assert chosen.text == agreement.number


async def test_without_terms_nothing_leads_here(browser: httpx.AsyncClient, ivanov: Person):
    flat = ivanov.an_agreement("DOM-12")
    flat.an_invoice(opening="4000", due_on=date(2026, 9, 15))
    for address in ("/", "/payments"):
        page = await opened(browser, address)
        assert not [each for each in page.all("a") if each.attributes.get("href") == ADDRESS]
    assert "Обещанных платежей здесь нет" in (await opened(browser)).text


async def test_the_operator_can_close_it(backend: Backend, flat: Flat, ivanov: Person, tmp_path):
    for flag in ("ZHKH_PAYMENT_PROMISED", "ZHKH_MENU_PAYMENTS"):
        portal = Portal(backend, tmp_path, **{flag: "false"})
        async with portal.browser(ivanov.id) as browser:
            form = {"key": "k" * 32, "agreement": str(flat.id), "amount": "15000"}
            told = await browser.post(ADDRESS, data=form | {"due_on": "2026-12-04"}, headers=JSON)
            assert told.status_code == 404
    assert rows(backend, Promise) == 0
