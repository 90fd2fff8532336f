"""The same pages as a real server answers them, before anything is alive in them."""

import re
import shutil
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest

from portal.backend import Backend
from portal.db.parties import Resident
from portal.services.notices import notice
from tests.builders import NOW
from tests.support.browsing import PASSWORD, lives_with_password
from tests.support.cabinet import OPEN, every_address
from tests.support.markup import Element, parse
from tests.support.server import PortalServer
from tests.support.settled import Settled, a_settled_resident

HOSTILE = "</title><script>alert(1)</script>\"'&lt;\0\x1b😀"
_TITLE = re.compile(r"<title>([^<]*)</title>")
_ALONE = re.compile(r'<body>(<div class="zh-screen">.*</div>)<div id="zh-announcer"', re.DOTALL)
_PAINTED = re.compile(
    r'<div id="zh-boot"[^>]*>(<div .*</div>)</div><div id="zh-announcer"', re.DOTALL
)


@pytest.fixture(scope="module")
def settled(
    tmp_path_factory: pytest.TempPathFactory, _sqlite_template: Path
) -> Iterator[tuple[Settled, Settled, Path]]:
    """A resident whose every name is hostile, and a neighbour."""
    path = tmp_path_factory.mktemp("served") / "portal.db"
    shutil.copy(_sqlite_template, path)
    backend = Backend(f"sqlite+pysqlite:///{path}", clock=lambda: NOW)
    mine = a_settled_resident(backend, lambda word: f"{word}{HOSTILE}", key="свой")
    other = a_settled_resident(backend, key="чужой", login="сосед")
    mine.house.changes(Resident, mine.person.id, login="абонент")
    lives_with_password(mine.person)
    yield mine, other, path
    backend.close()


@pytest.fixture(scope="module")
def browser(
    settled: tuple[Settled, Settled, Path], start_portal: Callable[..., PortalServer]
) -> Iterator[httpx.Client]:
    server = start_portal(ZHKH_DATABASE_URL=f"sqlite+pysqlite:///{settled[2]}", **OPEN)
    headers = {"origin": server.url}
    with httpx.Client(base_url=server.url, headers=headers, timeout=60) as client:
        answer = client.post("/login", data={"login": "абонент", "password": PASSWORD})
        assert answer.status_code == 303
        yield client


def test_every_page_is_russian_titled_and_whole(
    browser: httpx.Client, settled: tuple[Settled, Settled, Path]
):
    for address in every_address(settled[0]):
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert re.search(r'<html[^>]* lang="ru"', answer.text), address
        (title,) = _TITLE.findall(answer.text)
        heading = painted(answer).one("h1").text
        assert unescape(title).split() == heading.split(), address
        assert "<script>alert(1)" not in answer.text


def test_anothers_page_is_a_404_like_one_that_is_not_there(
    browser: httpx.Client, settled: tuple[Settled, Settled, Path]
):
    other = settled[1]
    for address, foreign in (
        ("/zkh/{}/zkh_voda", other.account.id),
        ("/charges?account={}", other.account.id),
        ("/invoices/{}", other.unpaid.id),
        ("/invoices?agreement={}", other.flat.id),
        ("/payments?agreement={}", other.flat.id),
        ("/messages/{}", other.unread_notice),
    ):
        answers = [browser.get(address.format(value)) for value in (foreign, 987654321)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].text == answers[1].text
        assert answers[0].text.startswith('<!doctype html><html lang="ru">')


def test_a_message_that_nobody_looks_at_stays_unread(
    browser: httpx.Client, settled: tuple[Settled, Settled, Path]
):
    mine = settled[0]
    fresh = mine.house.a_notice("Проверка счетчиков", "Во вторник", to=mine.person)
    address = f"/messages/{fresh}"

    browser.head(address)
    browser.get(address, headers={"sec-purpose": "prefetch"})
    assert not is_read(mine, fresh)

    browser.get(address)
    assert is_read(mine, fresh)


def is_read(mine: Settled, notice_id: int) -> bool:
    return mine.house.backend.read_now(notice, mine.person.id, notice_id).is_read


def painted(answer: httpx.Response) -> Element:
    found = _PAINTED.search(answer.text) or _ALONE.search(answer.text)
    assert found is not None, answer.text[:2000]
    return parse(found[1])
