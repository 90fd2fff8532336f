"""Without script: a session that ended while somebody typed takes nothing of it along."""

import httpx
import pytest

from portal.backend import Backend
from tests.builders import Counter, Person
from tests.support.browsing import ENTERING, PASSWORD, Portal, page_of, stored
from tests.support.markup import Element

BUT = ENTERING | {"known_device"}
LOGIN = {"login": "ivanov", "password": PASSWORD}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def entry(counter: Counter, value: str) -> dict[str, str]:
    key = f"{counter.account.id}/zkh_voda"
    seen = str(counter.newest.id) if counter.newest else ""
    return {"key": "k" * 32, "taken_on": "2026-11-23", f"value:{key}": value, f"seen:{key}": seen}


def unseen(page: Element) -> dict[str, str]:
    """What the sign-in form takes along."""
    form = next(f for f in page.all("form") if f.attributes.get("action") == "/login")
    return {
        field.attributes["name"]: field.attributes["value"]
        for field in form.all("input")
        if field.attributes.get("type") == "hidden"
    }


@pytest.mark.parametrize("action", ["/zkh/check", "/zkh/change", "/zkh/submit"])
async def test_what_was_typed_is_there_after_signing_in(
    portal: Portal, backend: Backend, water: Counter, action: str
):
    before = stored(backend, BUT)
    async with portal.browser() as browser:
        asked = await browser.post(action, data=entry(water, "256,25"))
        assert asked.status_code == 401
        page = page_of(asked)
        assert "введенное не пропадет" in asked.text
        carried = unseen(page)
        assert carried["next"] == "/zkh"
        assert "key" not in carried  # a number of a submission is not for another session

        wrong = await browser.post("/login", data=LOGIN | carried | {"password": "no"})
        assert (wrong.status_code, unseen(page_of(wrong))) == (401, carried)

        back = await browser.post("/login", data=LOGIN | carried, follow_redirects=True)
    assert (back.status_code, back.request.url.path) == (200, "/zkh/change")
    form = page_of(back)
    typed = {f.attributes.get("name"): f.attributes.get("value") for f in form.all("input")}
    assert typed[f"value:{water.account.id}/zkh_voda"] == "256,25"
    assert typed["taken_on"] == "2026-11-23"
    assert PASSWORD not in back.text
    assert stored(backend, BUT) == before


async def test_another_resident_sees_nothing_of_it(portal: Portal, water: Counter, ivanov: Person):
    neighbour = ivanov.house.a_resident("Петров", login="petrov")
    neighbour.an_agreement("DOM-13").an_account("Стояк 2").a_meter(
        ivanov.house.a_service("zkh_gaz", price="7")
    ).opens_at("1")
    async with portal.browser(neighbour.id) as browser:
        page = await browser.post("/zkh/change", data=entry(water, "256,25"))
    assert page.status_code == 200
    assert "256,25" not in page.text


async def test_a_form_of_nobody_s_is_carried_no_further_than_an_entry(portal: Portal):
    strange = {f"value:{number}/x": "1" for number in range(450)} | {"admin": "yes"}
    async with portal.browser() as browser:
        carried = unseen(page_of(await browser.post("/zkh/check", data=strange)))
    assert "admin" not in carried
    assert 0 < len(carried) < 450


async def test_without_anything_typed_it_is_the_usual_way_in(portal: Portal, ivanov: Person):
    async with portal.browser() as browser:
        answer: httpx.Response = await browser.post("/login", data=LOGIN | {"next": "/zkh"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/zkh")
