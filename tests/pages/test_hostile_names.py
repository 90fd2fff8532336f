"""Whatever somebody is called: the page says it, and is the same page."""

import html
import re
from pathlib import Path

import pytest

from portal.backend import Backend
from tests.support.cabinet import OPEN, Cabinet, every_address, settings_of
from tests.support.markup import Element, parse
from tests.support.settled import Say, Settled, a_settled_resident, as_it_is

SCRIPT = "<script>alert(1)</script>"
RIGHT_TO_LEFT = "\N{RIGHT-TO-LEFT OVERRIDE}"
HOSTILE = (
    f"{SCRIPT}\"'><img src=x onerror=alert(1)>&lt;/p&gt;</title></textarea>--><!--"
    f" {{{{ 7*7 }}}} %s 😀👩‍👩‍👧 {RIGHT_TO_LEFT}sj.эвон"
)
INVISIBLE = "\x07\x1b[31m\x7f"
COLUMNS = {
    "ZHKH_UTILITY_STAT_ENABLED": "true",
    "ZHKH_HIDE_STATICTICS_ENTRIES_WITH_NO_AMOUNT": "false",
}
TEXTS = (
    "ZHKH_UTILITY_STAT_EXTERNAL_NAME",
    "ZHKH_UTILITY_STAT_DATE_NAME",
    "ZHKH_COMPANY_INFO",
    "ZHKH_EDITING_CLIENT_INFO_PHONE_MASK",
)
LAST_WORDS = re.compile(rf"^[^{RIGHT_TO_LEFT}]*{RIGHT_TO_LEFT}sj\.эвон\[31m$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@pytest.fixture
def nasty(backend: Backend) -> str:
    """PostgreSQL refuses a NUL, SQLite stores it."""
    nul = "\0" if backend.engine.dialect.name == "sqlite" else ""
    return f"{HOSTILE}{nul}{INVISIBLE}"


async def test_a_hostile_name_changes_no_element_and_no_attribute_of_any_page(
    backend: Backend, nasty: str, tmp_path: Path
):
    plain, plain_pages = settled(backend, as_it_is, "plain", tmp_path)
    hostile, hostile_pages = settled(backend, lambda word: f"{word}{nasty}", "hostile", tmp_path)
    addresses = zip(every_address(plain), every_address(hostile), strict=True)
    for plain_address, hostile_address in addresses:
        screen = await hostile_pages.opens(hostile_address)
        assert screen.status == 200
        assert not _CONTROL.search(f"{screen.title}{screen.html}"), hostile_address
        page = parse(screen.html)
        assert page.shape() == (await plain_pages.reads(plain_address)).shape(), hostile_address
        assert SCRIPT in page.text, hostile_address
        assert leaking(page) == [], hostile_address


async def test_a_name_of_thousands_of_letters_is_only_long(backend: Backend, tmp_path: Path):
    def long(word: str) -> str:
        return f"{word} {'Ю' * 3000}"

    resident, pages = settled(backend, long, "long", tmp_path)
    for address in every_address(resident):
        page = await pages.reads(address)
        assert address == "/password" or "Ю" * 3000 in page.text


def settled(backend: Backend, say: Say, key: str, folder: Path) -> tuple[Settled, Cabinet]:
    """The resident, and his pages under flags with texts of the same kind."""
    resident = a_settled_resident(backend, say, key=key, login=f"абонент-{key}")
    texts = {name: html.escape(say("Слово")) for name in TEXTS}
    texts["ZHKH_EDITING_CLIENT_INFO_PHONE_MASK"] = say("999")  # no browser reads it as HTML
    settings = settings_of(folder, OPEN | COLUMNS | texts)
    return resident, Cabinet(backend, resident.person.id, settings, session_id=resident.session_id)


def leaking(page: Element) -> list[str]:
    """Texts whose direction reaches into what stands after them: a name that is not the last of
    its element's words must be isolated.
    """
    return [
        element.text
        for element in page.elements()
        if element.tag not in {"bdi", "option"}
        for words in element.children
        if isinstance(words, str)
        and RIGHT_TO_LEFT in words
        and not (element.own_text() == words.strip() and LAST_WORDS.search(words.strip()))
    ]
