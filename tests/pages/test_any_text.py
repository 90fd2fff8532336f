"""Whatever is typed into whichever field of whichever form: a calm answer, nothing of it stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from portal.backend import Backend
from tests.builders import NOW
from tests.support.browsing import (
    JSON,
    Portal,
    actions,
    encoded,
    forms,
    lives_with_password,
    newest_reading,
    page_of,
    stored,
)
from tests.support.settled import Settled, a_settled_resident

MARK = "Ыщ"
MEGABYTE = MARK * (256 * 1024)
ALMOST_TOO_LARGE = MARK * 2500  # urlencoded: 30 KB of the 64 KB that a form may have
TEXTS: dict[str, str | bytes] = {
    "script": f"{MARK}<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "nul": f"{MARK}\0{MARK}",
    "controls": f"{MARK}\x07\x1b[31m\r\n\x7f",
    "emoji": f"{MARK}😀👩‍👩‍👧",
    "right to left": f"{MARK}\N{RIGHT-TO-LEFT OVERRIDE}эвон",
    "no UTF-8": MARK.encode() + b"\xed\xa0\x80\xff\xfe",
    "template": f"{MARK}{{{{ 7*7 }}}}%s%n${{7*7}}",
    "long": ALMOST_TOO_LARGE,
    "digits": "9" * 30_000,
}
UNSEEN = "\0\x07\x7f\N{RIGHT-TO-LEFT OVERRIDE}\N{ZERO WIDTH SPACE}\ufeff"
CALM = frozenset({200, 303, 401, 404, 409, 422, 429})
TOO_LARGE = "Слишком много данных в одном запросе. Сократите текст и отправьте снова."
KEEP_SIGNED_IN = frozenset({"/logout", "/logout/everywhere"})
"""They take no fields, and whatever comes with them does not stop them."""


@dataclass(frozen=True)
class Scene:
    backend: Backend
    portal: Portal
    settled: Settled
    forms: dict[str, dict[str, str]]

    def browser(self) -> httpx.AsyncClient:
        return self.portal.browser(self.settled.person.id)

    def is_nowhere_stored(self) -> bool:
        return MARK not in repr(stored(self.backend, but=frozenset()))


@pytest.fixture
def scene(database_url: str, tmp_path: Path) -> Iterator[Scene]:
    backend = Backend(database_url, clock=lambda: NOW)
    settled = a_settled_resident(backend)
    lives_with_password(settled.person)
    sent = dict(forms(settled, newest_reading(backend, settled)))
    yield Scene(backend, Portal(backend, tmp_path), settled, sent)
    backend.close()


async def test_the_same_forms_without_anything_odd_are_accepted(scene: Scene):
    """So that what is refused below is refused for the one field that is odd."""
    in_turn = sorted(actions() - KEEP_SIGNED_IN, key=lambda path: (path == "/password", path))
    for path in in_turn:
        async with scene.browser() as browser:
            told = await browser.post(path, data=scene.forms[path], headers=JSON)
            assert told.status_code == (401 if path == "/login" else 200), (path, told.text)


async def test_odd_texts_get_calm_answers_and_are_stored_nowhere(scene: Scene):
    async with scene.browser() as browser:
        for path, form in scene.forms.items():
            if path in KEEP_SIGNED_IN:
                continue
            for field in form:
                for kind, text in TEXTS.items():
                    sent: dict[str, str | bytes] = {**form, field: text}
                    answer = await browser.post(path, **encoded(sent))
                    assert_calm(answer, f"{path} {field} {kind}")
    assert scene.is_nowhere_stored()


async def test_what_nobody_sees_has_no_place_in_contacts(scene: Scene):
    good = scene.forms["/profile/contacts"]
    async with scene.browser() as browser:
        for sign in UNSEEN:
            for field, text in (("email", f"a{sign}@example.ru"), ("phone", f"+7916{sign}0001122")):
                sent = {**good, field: text}
                told = await browser.post("/profile/contacts", data=sent, headers=JSON)
                assert told.status_code == 422, (field, sign, told.text)
                assert told.json()["errors"][0]["field"] == field


async def test_odd_names_of_fields_are_no_fields(scene: Scene):
    async with scene.browser() as browser:
        for path, form in scene.forms.items():
            if path in KEEP_SIGNED_IN:
                continue
            for kind, text in TEXTS.items():
                sent: dict[Any, str] = {text: "1", **dict.fromkeys(form, "")}
                answer = await browser.post(path, **encoded(sent))
                assert_calm(answer, f"{path} {kind}")
    assert scene.is_nowhere_stored()


async def test_a_megabyte_in_any_field_is_refused_in_a_sentence(scene: Scene):
    async with scene.browser() as browser:
        before = stored(scene.backend, but=frozenset())
        for path, form in scene.forms.items():
            for field in form or {"field": ""}:
                sent = {**form, field: MEGABYTE}
                told = await browser.post(path, data=sent, headers=JSON)
                assert told.status_code == 413, (path, field)
                assert told.json() == {"state": "too-large", "notice": TOO_LARGE}
        page = page_of(await browser.post("/zkh/check", data={"taken_on": MEGABYTE}))
        assert (page.one("h1").text, TOO_LARGE in page.text) == ("Слишком много данных", True)
    assert stored(scene.backend, but=frozenset()) == before


async def test_a_megabyte_that_does_not_say_how_large_it_is(scene: Scene):
    async def dripping() -> Any:
        for _ in range(1024):
            yield b"a" * 1024

    async with scene.browser() as browser:
        before = stored(scene.backend, but=frozenset())
        for path in sorted(actions() - KEEP_SIGNED_IN):
            headers = {"content-type": "application/x-www-form-urlencoded", **JSON}
            told = await browser.post(path, content=dripping(), headers=headers)
            assert (told.status_code, told.json()["notice"]) == (413, TOO_LARGE), path
    assert stored(scene.backend, but=frozenset()) == before


async def test_files_and_hundreds_of_fields_are_no_forms_of_ours(scene: Scene):
    many = {f"value:1/{number}": "1" for number in range(700)}
    async with scene.browser() as browser:
        before = stored(scene.backend, but=frozenset())
        for path in sorted(actions() - KEEP_SIGNED_IN):
            for sent in ({"files": {"phone": ("a.txt", b"a")}}, {"data": many}):
                told = await browser.post(path, **sent, headers=JSON)
                assert told.status_code in {404, 422}, (path, told.text)
                assert told.json()["notice"]
    assert stored(scene.backend, but=frozenset()) == before


def assert_calm(answer: httpx.Response, where: str) -> None:
    """No fault, and where it refuses, a page that is still one."""
    assert answer.status_code in CALM, f"{where}: {answer.status_code} {answer.text[-300:]}"
    if answer.status_code != 303:
        page = page_of(answer)
        assert page.one("h1").text, where
        assert not page.all("script"), where
        assert not page.all("img"), where
