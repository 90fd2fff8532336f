"""A new password by HTTP, and the password before something delicate."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from portal.backend import Backend
from portal.services.passwords import hash_password
from tests.builders import NOW, Person, a_house
from tests.support.door import JSON, Door, is_in

OLD, NEW = "синий трамвай поет", "зеленый дом у реки"
HASH = hash_password(OLD)


class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def backend(database_url: str, clock: Clock) -> Iterator[Backend]:
    backend = Backend(database_url, clock=clock)
    yield backend
    backend.close()


@pytest.fixture
def ivanov(backend: Backend) -> Person:
    return a_house(backend).a_resident(login="ivanov", password_hash=HASH)


@pytest.fixture
def newcomer(ivanov: Person) -> Person:
    return ivanov.house.a_resident(login="newcomer", password_hash=HASH, must_change_password=True)


@pytest.fixture
def door(backend: Backend, newcomer: Person, tmp_path: Path) -> Door:
    return Door(backend, tmp_path)


async def enter(
    browser: httpx.AsyncClient, name: str, password: str = OLD, **more: str
) -> httpx.Response:
    return await browser.post("/login", data={"login": name, "password": password} | more)


def form(new: str = NEW, repeat: str = NEW, **more: str) -> dict[str, str]:
    return {"new_password": new, "repeat_password": repeat} | more


async def test_an_initial_password_opens_only_the_page_that_replaces_it(door: Door) -> None:
    async with door.browser() as browser:
        assert (await enter(browser, "newcomer")).headers["location"] == "/password"
        for path, leads in (("/", "/password"), ("/zkh", "/password?next=/zkh")):
            led = await browser.head(path)
            assert (led.status_code, led.headers["location"]) == (303, leads)
        assert (await browser.head("/password")).status_code == 200
        answer = await browser.post("/password", data=form())
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert await is_in(browser)


async def test_the_new_password_leads_where_the_person_was_going(door: Door) -> None:
    async with door.browser() as browser:
        entered = await enter(browser, "newcomer", next="/m/abc")
        assert entered.headers["location"] == "/password?next=/m/abc"
        page = await browser.get("/password?next=/m/abc")
        assert '<input type="hidden" name="next" value="/m/abc">' in page.text
        weak = await browser.post("/password", data=form("short", "short", next="/m/abc"))
        assert weak.status_code == 422
        assert '<input type="hidden" name="next" value="/m/abc">' in weak.text
        answer = await browser.post("/password", data=form(next="/m/abc"))
        assert answer.headers["location"] == "/m/abc"


@pytest.mark.parametrize("foreign", ["//evil.example", "/\\evil.example", "https://evil.example"])
async def test_it_never_leads_away_from_the_portal(door: Door, foreign: str) -> None:
    async with door.browser() as browser:
        await enter(browser, "newcomer")
        assert (await browser.post("/password", data=form(next=foreign))).headers["location"] == "/"


async def test_a_change_gives_this_browser_a_new_token_and_puts_the_others_out(door: Door) -> None:
    async with door.browser() as phone, door.browser() as desk, door.browser() as thief:
        await enter(phone, "ivanov")
        await enter(desk, "ivanov")
        before = str(desk.cookies["zhkh"])
        changed = await desk.post("/password", data=form(current_password=OLD), headers=JSON)
        assert changed.json() == {
            "state": "done",
            "notice": "Пароль изменен. На других устройствах нужно войти заново",
            "location": "/profile",
        }
        assert desk.cookies["zhkh"] != before
        thief.cookies.set("zhkh", before, domain="127.0.0.1", path="/")
        assert [await is_in(each) for each in (phone, desk, thief)] == [False, True, False]
        assert (await enter(phone, "ivanov")).status_code == 401
        assert (await enter(phone, "ivanov", NEW)).status_code == 303


REFUSALS = [
    (form("short", "short"), "new_password", "Слишком короткий пароль"),
    (form("пароль123", "пароль123"), "new_password", "Такой пароль подбирают"),
    (form("мой ivanov дом", "мой ivanov дом"), "new_password", "есть логин"),
    (form(repeat="другой"), "repeat_password", "Пароли не совпали"),
    (form(OLD, OLD), "new_password", "Это прежний пароль"),
    (form(current_password="wrong"), "current_password", "Текущий пароль неверен"),
    (form(current_password=""), "current_password", "Текущий пароль неверен"),
    (form("x" * 20_000, "x" * 20_000), "new_password", "Слишком длинный пароль"),
    (form("ночной\0поезд"), "new_password", "невидимые знаки"),
    ({}, "new_password", "Слишком короткий пароль"),
]


async def test_a_refusal_stands_at_its_field_and_changes_nothing(door: Door) -> None:
    async with door.browser() as browser:
        await enter(browser, "ivanov")
        for typed, field, sentence in REFUSALS:
            sent = {"current_password": OLD} | typed
            told = await browser.post("/password", data=sent, headers=JSON)
            page = await browser.post("/password", data=sent)
            assert told.status_code == page.status_code == 422
            (error,) = told.json()["errors"]
            assert error["field"] == field
            assert sentence in error["sentence"]
            assert f'data-error-for="{field}" role="alert">{error["sentence"]}' in page.text
            assert "Текущий пароль" in page.text
        assert (await enter(browser, "ivanov")).status_code == 303


async def test_a_weak_new_password_costs_no_try_and_a_wrong_current_one_does(door: Door) -> None:
    async with door.browser() as browser:
        await enter(browser, "ivanov")
        for _ in range(15):
            weak = form("short", "short", current_password=OLD)
            assert (await browser.post("/password", data=weak, headers=JSON)).status_code == 422
        wrong = form(current_password="wrong")
        statuses = [
            (await browser.post("/password", data=wrong, headers=JSON)).status_code
            for _ in range(12)
        ]
        assert statuses == [422] * 10 + [429] * 2
        braked = await browser.post("/password", data=wrong, headers=JSON)
        assert braked.json()["state"] == "too-many"
        assert int(braked.headers["retry-after"]) == 300


async def test_a_closed_section_changes_no_password_but_an_initial_one(
    backend: Backend, newcomer: Person, tmp_path: Path
) -> None:
    door = Door(backend, tmp_path, ZHKH_MENU_PASSWORD="false")
    async with door.browser() as browser:
        await enter(browser, "ivanov")
        closed = await browser.post("/password", data=form(current_password=OLD), headers=JSON)
        assert (closed.status_code, closed.json()["notice"]) == (404, "Раздел недоступен")
        await enter(browser, "newcomer")
        assert (await browser.post("/password", data=form())).status_code == 303


async def test_something_delicate_needs_the_password_again_each_time(door: Door) -> None:
    async with door.browser() as browser:
        await enter(browser, "ivanov")
        asked = await browser.post("/delicate", headers=JSON)
        assert asked.status_code == 422
        (error,) = asked.json()["errors"]
        assert error["field"] == "current_password"
        assert error["sentence"] == "Введите текущий пароль, чтобы сохранить изменения"
        for password, status in (("wrong", 422), (OLD, 200), ("", 422)):
            sent = {"current_password": password}
            answer = await browser.post("/delicate", data=sent, headers=JSON)
            assert answer.status_code == status


async def test_a_wrong_password_is_refused_even_when_the_last_one_is_recent(door: Door) -> None:
    async with door.browser() as browser:
        await enter(browser, "ivanov")
        wrong = {"current_password": "wrong"}
        assert (await browser.post("/delicate", data=wrong, headers=JSON)).status_code == 422
