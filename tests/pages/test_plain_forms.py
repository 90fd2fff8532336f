"""The portal of a browser without script: every form is sent by itself and answered by a page."""

from pathlib import Path

import httpx
import pytest

from portal.backend import Backend
from tests.builders import Counter, Person
from tests.support.browsing import JSON, PASSWORD, Portal, page_of, stored
from tests.support.markup import Element

LOWER = (
    "Вы указали текущее значение меньше чем предыдущее. Текущее: 00200,000. Предыдущее: 00248,500"
)
EMPTY = "Введите хотя бы одно показание"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def entry(counter: Counter, value: str, on: str = "2026-11-24", **more: str) -> dict[str, str]:
    key = f"{counter.account.id}/zkh_voda"
    seen = str(counter.newest.id) if counter.newest else ""
    return {
        "key": "k" * 32, "taken_on": on, f"value:{key}": value, f"seen:{key}": seen,
    } | more  # fmt: skip


def filled_in(form: Element) -> dict[str, str]:
    """What the browser sends when nothing more is typed."""
    return {
        field.attributes["name"]: field.attributes.get("value", "")
        for field in form.all("input")
        if field.attributes.get("type") != "checkbox"
    }


def said_beside(page: Element, field: str) -> str:
    """The sentence to which the only field points that is marked as wrong."""
    wrong = page.one("input", aria_invalid="true")
    assert wrong.attributes["name"] == field
    said = {
        each.attributes["id"]: each.text
        for each in page.elements()
        if each.attributes.get("id") in wrong.attributes["aria-describedby"].split()
    }
    return next(text for about, text in said.items() if about.startswith("err-"))


async def test_two_pages_lead_from_a_value_to_accepted(
    backend: Backend, browser: httpx.AsyncClient, water: Counter
):
    before = stored(backend)
    checked = await browser.post("/zkh/check", data=entry(water, "256,25"))
    assert checked.status_code == 200
    page = page_of(checked)
    assert page.one("h1").text == "Подтвердите списание"
    assert "00248,500" in page.text
    assert "00256,250" in page.text
    assert "413,93\N{NO-BREAK SPACE}₽" in page.text
    assert stored(backend) == before
    form = page.one("form", action="/zkh/submit")
    accepted = await browser.post("/zkh/submit", data=filled_in(form))
    assert accepted.status_code == 200
    assert page_of(accepted).one("h1").text == "Принято"
    assert "Запрос выполнен успешно" in page_of(accepted).text
    assert "413,93\N{NO-BREAK SPACE}₽" in page_of(accepted).text
    after = stored(backend)
    assert len(after["reading"]) == len(before["reading"]) + 1
    again = await browser.post("/zkh/submit", data=filled_in(form))
    assert page_of(again).lines() == page_of(accepted).lines()
    assert stored(backend) == after


@pytest.mark.parametrize(
    ("value", "on", "field", "sentence"),
    [
        ("200", "2026-11-24", "value", LOWER),
        ("abc", "2026-11-24", "value", "«abc» не число. Введите цифры со счетчика"),
        ("123456", "2026-11-24", "value", "У этого счетчика цифр меньше: 00000,000"),
        ("256", "2026-11-25", "taken_on", "Дата 25.11.2026 ещё не наступила"),
        ("256", "", "taken_on", "Укажите дату снятия показаний"),
        ("256", "вчера", "taken_on", "«вчера» не дата"),
    ],
)
async def test_a_refused_value_stays_with_its_sentence_beside_it(
    backend: Backend, browser: httpx.AsyncClient, water: Counter, value, on, field, sentence
):
    key = f"value:{water.account.id}/zkh_voda"
    before = stored(backend)
    for path in ("/zkh/check", "/zkh/submit"):
        refused = await browser.post(path, data=entry(water, value, on))
        assert refused.status_code == 422
        page = page_of(refused)
        assert page.one("h1").text == "ЖКХ"
        assert page.one("input", name=key).attributes["value"] == value
        assert page.one("input", name="taken_on").attributes["value"] == on
        assert said_beside(page, key if field == "value" else field).startswith(sentence)
    assert stored(backend) == before


async def test_an_entry_without_a_value_is_told_so(browser: httpx.AsyncClient, water: Counter):
    refused = await browser.post("/zkh/check", data=entry(water, "  "))
    assert refused.status_code == 422
    assert EMPTY in [each.text for each in page_of(refused).all("p.zh-error")]


async def test_a_surprising_value_is_asked_about_until_it_is_confirmed(
    backend: Backend, browser: httpx.AsyncClient, water: Counter
):
    before = stored(backend)
    checked = page_of(await browser.post("/zkh/check", data=entry(water, "2560")))
    form = checked.one("form", action="/zkh/submit")
    box = form.one("input", type="checkbox")
    asked = await browser.post("/zkh/submit", data=filled_in(form))
    assert asked.status_code == 422
    again = page_of(asked).one("form", action="/zkh/submit")
    assert "будет списано 123\N{NO-BREAK SPACE}457,22\N{NO-BREAK SPACE}₽" in again.text
    assert "confirm" in box.attributes["name"]
    assert stored(backend) == before
    confirmed = filled_in(again) | {box.attributes["name"]: box.attributes["value"]}
    accepted = await browser.post("/zkh/submit", data=confirmed)
    assert page_of(accepted).one("h1").text == "Принято"


async def test_a_value_that_came_in_between_is_shown(browser: httpx.AsyncClient, water: Counter):
    late = entry(water, "256")
    first = entry(water, "250") | {"key": "f" * 32}
    assert (await browser.post("/zkh/submit", data=first)).status_code == 200
    refused = await browser.post("/zkh/submit", data=late)
    assert refused.status_code == 422
    page, key = page_of(refused), f"{water.account.id}/zkh_voda"
    assert said_beside(page, f"value:{key}").startswith("Показания уже переданы: 00250,000")
    shown = filled_in(page.one("form.zh-readings"))
    assert shown[f"value:{key}"] == "256"
    accepted = await browser.post("/zkh/check", data=shown)
    assert accepted.status_code == 200


async def test_contacts_are_saved_and_shown(
    backend: Backend, browser: httpx.AsyncClient, ivanov: Person
):
    new = {"phone": "8 (916) 000-11-22", "email": " new@example.ru ", "current_password": PASSWORD}
    saved = await browser.post("/profile/contacts", data=new)
    assert (saved.status_code, saved.headers["location"]) == (303, "/profile?saved=contacts")
    assert contacts(backend) == ("+79160001122", "new@example.ru")


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"phone": "12"}, "phone", "Проверьте номер телефона"),
        ({"phone": "+7 916 000-11-22 доб. 3"}, "phone", "Проверьте номер телефона"),
        ({"email": "кто-то"}, "email", "Проверьте e-mail"),
        ({"email": "a" * 300 + "@example.ru"}, "email", "Слишком длинный e-mail"),
        ({"current_password": "wrong"}, "current_password", "Текущий пароль неверен"),
    ],
)
async def test_refused_contacts_stay_with_the_sentence_beside_the_field(
    backend: Backend, browser: httpx.AsyncClient, sent, field, sentence
):
    typed = {
        "phone": "+7 916 000-11-22", "email": "new@example.ru", "current_password": PASSWORD,
    } | sent  # fmt: skip
    before = contacts(backend)
    refused = await browser.post("/profile/contacts", data=typed)
    assert refused.status_code == 422
    page = page_of(refused)
    assert page.one("h1").text == "Профиль"
    assert said_beside(page, field).startswith(sentence)
    for name in ("phone", "email"):
        assert page.one("input", name=name).attributes["value"] == typed[name]
    assert PASSWORD not in refused.text
    assert contacts(backend) == before


async def test_what_nobody_may_change_is_left_out_and_stays(
    backend: Backend, ivanov: Person, tmp_path: Path
):
    portal = Portal(backend, tmp_path, ZHKH_EDITING_CLIENT_INFO_PHONE="false")
    async with portal.browser(ivanov.id) as browser:
        sent = {"email": "new@example.ru", "current_password": PASSWORD}
        assert (await browser.post("/profile/contacts", data=sent)).status_code == 303
        assert contacts(backend) == ("+79161234567", "new@example.ru")
        forged = sent | {"phone": "+79990000000"}
        assert (await browser.post("/profile/contacts", data=forged)).status_code == 409
    assert contacts(backend) == ("+79161234567", "new@example.ru")


async def test_a_changed_password_leads_back_to_the_profile(browser: httpx.AsyncClient):
    new = "зеленый дом у реки"
    form = {"current_password": PASSWORD, "new_password": new, "repeat_password": new}
    changed = await browser.post("/password", data=form)
    assert (changed.status_code, changed.headers["location"]) == (303, "/profile")
    wrong = await browser.post("/password", data=form | {"repeat_password": "другой"})
    assert wrong.status_code == 422
    assert page_of(wrong).one("h1").text == "Новый пароль"


CLOSED = [
    ("ZHKH_MENU_ZKH", "/zkh/check"),
    ("ZHKH_MENU_ZKH", "/zkh/submit"),
    ("ZHKH_MENU_ZKH", "/zkh/sum"),
    ("ZHKH_UTILITIES_ENABLED", "/zkh/check"),
    ("ZHKH_UTILITIES_ENABLED", "/zkh/submit"),
    ("ZHKH_MENU_PROFILE", "/profile/contacts"),
    ("ZHKH_MENU_PROFILE", "/profile/text"),
    ("ZHKH_MENU_PASSWORD", "/password"),
]


@pytest.mark.parametrize(("flag", "path"), CLOSED)
async def test_what_a_flag_closes_takes_no_forms(
    backend: Backend, ivanov: Person, water: Counter, tmp_path: Path, flag: str, path: str
):
    sent = entry(water, "256") | {
        "current_password": PASSWORD, "phone": "", "email": "", "new_password": "зеленый дом у",
        "repeat_password": "зеленый дом у",
    }  # fmt: skip
    async with Portal(backend, tmp_path, **{flag: "false"}).browser(ivanov.id) as browser:
        before = stored(backend, but=frozenset())
        told = await browser.post(path, data=sent, headers=JSON)
        assert (told.status_code, told.json()) == (
            404, {"state": "not-found", "notice": "Раздел недоступен"},
        )  # fmt: skip
        page = await browser.post(path, data=sent)
        assert page.status_code == 404
        assert "Раздел недоступен" in page_of(page).text
        assert stored(backend, but=frozenset()) == before


async def test_the_size_of_letters_is_remembered_by_the_device_alone(
    backend: Backend, browser: httpx.AsyncClient
):
    before = stored(backend)
    chosen = await browser.post("/profile/text", data={"size": "large"})
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/profile?saved=large")
    for address in ("/profile", "/zkh", "/nowhere"):
        assert '<html lang="ru" data-zh-text="large">' in (await browser.get(address)).text

    told = await browser.post("/profile/text", data={"size": "usual"}, headers=JSON)

    assert told.json() == {
        "state": "done", "notice": "Размер текста снова обычный", "location": "/profile",
    }  # fmt: skip
    assert '<html lang="ru">' in (await browser.get("/profile")).text
    assert stored(backend) == before


def contacts(backend: Backend) -> tuple[str, str]:
    from sqlalchemy import select

    from portal.db.base import table_of
    from portal.db.parties import Resident

    table = table_of(Resident)
    row = backend.read_now(lambda s: s.execute(select(table.c.phone, table.c.email)).one())
    return row.phone, row.email


async def test_an_initial_password_does_nothing_but_let_itself_be_replaced(
    backend: Backend, portal: Portal, ivanov: Person, water: Counter
):
    newcomer = ivanov.house.a_resident("Новый", must_change_password=True)
    before = stored(backend)
    async with portal.browser(newcomer.id) as browser:
        for path in ("/zkh/check", "/zkh/submit", "/profile/contacts"):
            led = await browser.post(path, data=entry(water, "256"))
            assert (led.status_code, led.headers["location"]) == (303, "/password")
            refused = await browser.post(path, data=entry(water, "256"), headers=JSON)
            assert (refused.status_code, refused.json()["state"]) == (409, "conflict")
            assert "придумайте свой пароль" in refused.json()["notice"]
        out = await browser.post("/logout/everywhere")
        assert out.headers["location"] == "/login"
    assert stored(backend) == before
