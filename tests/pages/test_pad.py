"""`/pad`: the entry alone, small, and what a phone may keep of it."""

import re

import httpx
import pytest

from portal.backend import Backend
from portal.services.sessions import Browser, start_session
from tests.builders import NOW, Counter, Person
from tests.support.browsing import Portal, page_of

BYTES_MAX = 60 * 1024
COMPRESSED = {"accept-encoding": "gzip"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


async def test_it_has_the_fields_of_the_entry_and_sends_them_the_same_way(
    browser: httpx.AsyncClient, water: Counter
) -> None:
    page = page_of(await browser.get("/pad"))
    key = f"value:{water.account.id}/zkh_voda"
    assert page.one("h1").text == "Показания"
    assert page.one("input", name=key).attributes["inputmode"] == "decimal"
    assert page.one("form", action="/zkh/check").attributes["method"] == "post"


async def test_with_everything_it_needs_it_weighs_little(
    browser: httpx.AsyncClient, water: Counter
) -> None:
    page = await _weighed(browser, "/pad")
    text, weight = page
    for path in re.findall(r'(?:src|href)="(/a/[^"]+)"', text):
        weight += (await _weighed(browser, path))[1]
    assert weight < BYTES_MAX
    assert "prefetch" not in text
    assert "/_nicegui" not in text


async def _weighed(browser: httpx.AsyncClient, path: str) -> tuple[str, int]:
    """The text, and its bytes on the wire."""
    async with browser.stream("GET", path, headers=COMPRESSED) as answer:
        assert answer.status_code == 200
        packed = b"".join([part async for part in answer.aiter_raw()])
    async with browser.stream("GET", path) as answer:
        return (await answer.aread()).decode(), len(packed)


async def test_only_a_browser_that_remembers_may_keep_it(
    backend: Backend, portal: Portal, ivanov: Person, browser: httpx.AsyncClient, water: Counter
) -> None:
    assert 'data-owner="ivanov" data-keep' in (await browser.get("/pad")).text
    for path in ("/", "/zkh"):
        assert " data-keep" in (await browser.get(path)).text
    passing = backend.write_now(
        start_session, ivanov.id, Browser("192.0.2.7"), NOW, remembered=False
    )
    async with portal.browser() as other:
        other.cookies.set("zhkh", passing.token, domain="127.0.0.1", path="/")
        assert " data-keep" not in (await other.get("/pad")).text


async def test_a_stranger_is_led_to_the_door(portal: Portal) -> None:
    async with portal.browser() as stranger:
        answer = await stranger.get("/pad")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/pad")


async def test_the_worker_keeps_the_scripts_of_the_form(
    portal: Portal, browser: httpx.AsyncClient, water: Counter
) -> None:
    async with portal.browser() as anybody:
        worker = await anybody.get("/sw.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert worker.headers["cache-control"] == "no-cache"
    scripts = re.findall(r'<script defer src="([^"]+)"', (await browser.get("/pad")).text)
    assert scripts
    assert all(f'"{script}"' in worker.text for script in scripts)
