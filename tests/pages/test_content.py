"""What every page owes its reader: one heading, one thing to do, one shape of money, Russian."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.screen import Screen
from tests.pages.conftest import Home
from tests.support.browsing import JSON, Portal, lives_with_password, newest_reading, page_of
from tests.support.cabinet import every_address
from tests.support.markup import Element, parse

MONEY = re.compile(r"(?<!\d)(?<!\d\s)\d{1,3}(\N{NO-BREAK SPACE}\d{3})*,\d{2,6}\N{NO-BREAK SPACE}₽")
ROUBLES = re.compile(r"₽|руб", re.IGNORECASE)
LATIN = re.compile(r"[A-Za-z]+")
RUSSIAN_USAGE = frozenset({"E", "Mail", "QR", "Firefox", "Linux"})
"""«E-Mail» is the old cabinet's own label; browsers have no Russian names."""
READ_OUT = ("aria-label", "placeholder", "title", "alt")
OTHER_BUTTONS = frozenset({"zh-button-quiet", "zh-button-bad"})
COLUMNS = {"ZHKH_UTILITY_STAT_ENABLED": "true"}
BY_DAYS = {"ZHKH_USE_MONTH_AND_YEAR_SELECTS_ON_CHARGES_PAGE": "false"}


@pytest.fixture
def portal(home: Home, tmp_path: Path) -> Portal:
    lives_with_password(home.settled.person)
    return Portal(home.backend, tmp_path)


async def test_every_page_keeps_the_rules(home: Home):
    nobody = home.cabinet_of(home.settled.house.a_resident("Новосёлов Пётр", email=None))
    for cabinet, settled in (
        (home.cabinet(**COLUMNS), True), (home.cabinet(**BY_DAYS), True), (nobody, False)
    ):  # fmt: skip
        for address in every_address(home.settled):
            screen = await cabinet.opens(address)
            assert screen.status == 200 or not settled, address
            keeps_the_rules(screen, address)
        keeps_the_rules(await cabinet.opens("/nothing"), "/nothing")
    for address in ("/login", "/login?next=/zkh"):
        keeps_the_rules(await nobody.opens_to_nobody(address), address)


async def test_every_answer_to_a_form_keeps_the_rules(home: Home, portal: Portal):
    settled = home.settled
    key = f"{settled.account.id}/{settled.service_id}"
    entry = {
        "key": "k" * 32, "taken_on": "2026-11-24", f"value:{key}": "125",
        f"seen:{key}": str(newest_reading(home.backend, settled)),
    }  # fmt: skip
    sent: list[tuple[int, str, dict[str, str]]] = [
        (422, "/zkh/check", entry | {f"value:{key}": "1"}),
        (422, "/zkh/check", entry | {f"seen:{key}": "1"}),
        (200, "/zkh/check", entry | {f"value:{key}": "99999"}),
        (422, "/zkh/submit", entry | {f"value:{key}": "99999"}),
        (200, "/zkh/check", entry),
        (422, "/zkh/check", {}),
        (409, "/zkh/submit", entry | {"key": ""}),
        (200, "/zkh/submit", entry),
        (422, "/profile/contacts", {"phone": "1", "email": "2"}),
        (422, "/password", {"new_password": "a", "repeat_password": "b"}),
        (401, "/login", {"login": "абонент", "password": "нет"}),
        (404, "/profile/sessions/end", {"session_id": "0"}),
        (404, "/nowhere", {}),
    ]
    async with portal.browser(settled.person.id) as browser:
        for status, path, form in sent:
            answer = await browser.post(path, data=form)
            assert answer.status_code == status, f"{path} {form}"
            page = page_of(answer)
            assert answer.text.startswith('<!doctype html><html lang="ru">')
            title = re.search(r"<title>([^<]+)</title>", answer.text)
            assert title is not None
            follows_the_rules(page, title[1], f"{path} {form}")
            told = await browser.post(path, data=form, headers=JSON)
            assert not foreign_words(str(told.json().get("notice", ""))), told.text


def keeps_the_rules(screen: Screen, where: str) -> None:
    follows_the_rules(parse(screen.html), screen.title, where)


def follows_the_rules(page: Element, title: str, where: str) -> None:
    (heading,) = page.all("h1")
    assert heading.text == title, where
    assert len([b for b in page.all(".zh-button") if not b.classes & OTHER_BUTTONS]) <= 1, where
    for said in said_by(page):
        assert len(ROUBLES.findall(said)) == len(MONEY.findall(said)), (where, said)
        assert not foreign_words(said), (where, said)


def said_by(page: Element) -> Iterator[str]:
    """Everything that somebody reads or hears, a paragraph at a time."""
    for element in page.elements():
        if element.own_text():
            yield element.text
        yield from (element.attributes.get(name, "") for name in READ_OUT)


def foreign_words(said: str) -> set[str]:
    return set(LATIN.findall(said)) - RUSSIAN_USAGE


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<h1>А</h1><p>10 ₽</p>", "money without kopecks"),
        ("<h1>А</h1><p>1 000,00\N{NO-BREAK SPACE}₽</p>", "a space that breaks"),
        ("<h1>А</h1><p>1000,00\N{NO-BREAK SPACE}₽</p>", "thousands ungrouped"),
        ("<h1>А</h1><p>2,79 руб.</p>", "roubles in words"),
        ("<h1>А</h1><p>Submit</p>", "an English word"),
        ('<h1>А</h1><input placeholder="Type here">', "an English placeholder"),
        ("<h1>А</h1><h1>А</h1>", "two headings"),
        ("<p>А</p>", "no heading"),
        ('<h1>А</h1><a class="zh-button">а</a><a class="zh-button">б</a>', "two main things"),
    ],
)
def test_the_rules_themselves_find_what_breaks_them(html: str, fault: str):
    with pytest.raises((AssertionError, ValueError)):
        follows_the_rules(parse(html), "А", fault)
