"""Photos over HTTP: one door in, one out, both for their resident alone; and without script."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from portal.backend import Backend
from portal.services.photo_picture import NO_PHOTO
from tests.builders import Counter, Person
from tests.pages.test_plain_forms import filled_in, said_beside
from tests.support.browsing import JSON, Portal, page_of, stored
from tests.support.photos import files_in
from tests.support.pictures import a_jpeg, a_scene, a_telling_jpeg, encoded

PHOTO = ("meter.jpg", a_telling_jpeg(), "image/jpeg")
TOO_LARGE = "Снимок слишком большой. Сфотографируйте с меньшим размером и отправьте снова."
CSRF = {"origin": "https://evil.example"}


@pytest.fixture
def power(ivanov: Person) -> Counter:
    service = ivanov.house.a_service("zkh_svet", "Электроэнергия", price="7", photo="required")
    return ivanov.an_agreement("DOM-12").an_account("Щиток").a_meter(service).opens_at("248")


def key_of(counter: Counter) -> str:
    return f"{counter.account.id}/zkh_svet"


def entry(counter: Counter, value: str = "256", **more: str) -> dict[str, str]:
    key = key_of(counter)
    assert counter.newest is not None
    seen = str(counter.newest.id)
    return {
        "key": "k" * 32, "taken_on": "2026-11-24", f"value:{key}": value, f"seen:{key}": seen,
    } | more  # fmt: skip


async def sends(browser: httpx.AsyncClient, photo: Any = PHOTO, **headers: str) -> httpx.Response:
    return await browser.post("/zkh/photo", files={"photo": photo}, headers=JSON | headers)


async def test_a_photo_goes_ahead_of_its_reading_and_comes_back_to_its_resident_alone(
    backend: Backend, browser: httpx.AsyncClient, portal: Portal, ivanov: Person, power: Counter,
    tmp_path: Path,
):  # fmt: skip
    taken = (await sends(browser)).json()
    assert taken == {"state": "done", "hash": taken["hash"]}
    assert (await sends(browser)).json() == taken
    assert files_in(tmp_path / "photos") == [taken["hash"]]
    missing = await browser.post("/zkh/submit", data=entry(power), headers=JSON)
    field = f"photo:{key_of(power)}"
    assert missing.json()["errors"] == [
        {"field": field, "sentence": "Приложите фотографию счетчика"}
    ]
    sent = entry(power) | {field: taken["hash"]}
    checked = await browser.post("/zkh/check", data=sent, headers=JSON)
    assert f'name="{field}" value="{taken["hash"]}"' in checked.json()["html"]
    assert (await browser.post("/zkh/submit", data=sent, headers=JSON)).json()["state"] == "done"

    (row,) = stored(backend)["photo"]
    address = f"/photo/{row['id']}"
    charges = page_of(await browser.get("/charges"))
    assert charges.one("a.zh-photo-link").attributes["href"] == address
    shown = await browser.get(address)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["content-security-policy"]
    assert (shown.content[:2], b"Exif" in shown.content) == (b"\xff\xd8", False)

    neighbour = ivanov.house.a_resident("Петрова")
    async with portal.browser(neighbour.id) as other:
        foreign, nobodys = await other.get(address), await other.get("/photo/999")
        assert (foreign.status_code, nobodys.status_code) == (404, 404)
        assert page_of(foreign).lines() == page_of(nobodys).lines()
        for name in ("x", "0x1", "1" * 30, "-1", "%2e%2e%2fsecret"):
            assert (await other.get(f"/photo/{name}")).status_code == 404
        told = await other.post("/zkh/submit", data=sent, headers=JSON)
        assert told.status_code == 404
    async with portal.browser() as stranger:
        assert (await stranger.get(address)).headers["location"] == "/login"
        assert (await sends(stranger)).status_code == 401
    (tmp_path / "photos" / row["sha256"][:2] / row["sha256"]).unlink()
    assert (await browser.get(address)).status_code == 404


async def test_anothers_hash_is_not_found(
    backend: Backend, browser: httpx.AsyncClient, portal: Portal, ivanov: Person, power: Counter
):
    async with portal.browser(ivanov.house.a_resident("Петрова").id) as other:
        foreign = (await sends(other)).json()["hash"]
    before = stored(backend, but=frozenset())
    told = set()
    for sha256 in (foreign, "0" * 64):
        sent = entry(power) | {f"photo:{key_of(power)}": sha256}
        for path in ("/zkh/check", "/zkh/submit"):
            answer = await browser.post(path, data=sent, headers=JSON)
            assert answer.status_code == 404
            told.add(answer.text)
    for odd in ("../../secret", foreign.upper(), foreign + "\n", "1"):
        sent = entry(power) | {f"photo:{key_of(power)}": odd}
        assert (await browser.post("/zkh/submit", data=sent, headers=JSON)).status_code == 404
    assert len(told) == 1
    assert stored(backend, but=frozenset()) == before


NO_PHOTOS = {
    "a PNG": ("a.jpg", encoded(a_scene(), "PNG")),
    "a page": ("a.jpg", b"<script>alert(1)</script>", "image/jpeg"),
    "nothing": ("a.jpg", b"", "image/jpeg"),
}


@pytest.mark.parametrize("kind", NO_PHOTOS)
async def test_what_is_no_photo_is_refused_and_nothing_of_it_stored(
    backend: Backend, browser: httpx.AsyncClient, tmp_path: Path, kind: str
):
    before = stored(backend, but=frozenset())
    told = await sends(browser, NO_PHOTOS[kind])
    assert (told.status_code, told.json()["notice"]) == (422, NO_PHOTO)
    assert files_in(tmp_path / "photos") == []
    assert stored(backend, but=frozenset()) == before


async def test_a_request_that_brings_no_photo_or_too_much(
    backend: Backend, browser: httpx.AsyncClient, tmp_path: Path
):
    before = stored(backend, but=frozenset())
    none: list[dict[str, Any]] = [
        {"files": {"other": PHOTO}}, {"data": {"photo": "x"}}, {"data": {}},
    ]  # fmt: skip
    for sent in none:
        told = await browser.post("/zkh/photo", **sent, headers=JSON)
        assert (told.status_code, told.json()["notice"]) == (422, "Выберите снимок счетчика")
    two = [("photo", PHOTO), ("photo", PHOTO)]
    assert (await browser.post("/zkh/photo", files=two, headers=JSON)).status_code == 422
    large = await sends(browser, ("a.jpg", b"\xff\xd8" + bytes(1024 * 1024), "image/jpeg"))
    assert (large.status_code, large.json()["notice"]) == (413, TOO_LARGE)
    assert (await sends(browser, PHOTO, **CSRF)).status_code == 403
    assert (await browser.get("/zkh/photo")).status_code in {404, 405}
    assert files_in(tmp_path / "photos") == []
    assert stored(backend, but=frozenset()) == before


async def test_a_closed_section_takes_no_photo(backend: Backend, ivanov: Person, tmp_path: Path):
    portal = Portal(backend, tmp_path, ZHKH_MENU_ZKH="false")
    async with portal.browser(ivanov.id) as browser:
        assert (await sends(browser)).status_code == 404
    assert files_in(tmp_path / "photos") == []


async def test_without_script_the_photo_comes_with_the_form(
    backend: Backend, browser: httpx.AsyncClient, power: Counter
):
    form = page_of(await browser.get("/zkh")).one("form.zh-readings")
    assert form.attributes["enctype"] == "multipart/form-data"
    file = form.one("input", type="file").attributes
    assert (file["capture"], file["accept"]) == ("environment", "image/*")
    missing = await browser.post("/zkh/check", data=entry(power), files={file["name"]: ("", b"")})
    field = f"photo:{key_of(power)}"
    assert said_beside(page_of(missing), file["name"]) == "Приложите фотографию счетчика"
    wrong = {file["name"]: ("a.jpg", b"<script>", "image/jpeg")}
    refused = await browser.post("/zkh/check", data=entry(power), files=wrong)
    assert refused.status_code == 422
    assert said_beside(page_of(refused), file["name"]) == NO_PHOTO
    # A wrong value: the photo is taken in all the same and need not be taken again.
    large = {file["name"]: ("a.jpg", a_jpeg(3000, 2000, quality=95), "image/jpeg")}
    refused = await browser.post("/zkh/check", data=entry(power, "2S6"), files=large)
    again = filled_in(page_of(refused).one("form.zh-readings"))
    assert len(again[field]) == 64
    again |= {f"value:{key_of(power)}": "256"}
    again.pop(file["name"])
    checked = await browser.post("/zkh/check", data=again, files={file["name"]: ("", b"")})
    assert "Снимок счетчика приложен" in page_of(checked).text
    carried = filled_in(page_of(checked).one("form", action="/zkh/submit"))
    accepted = await browser.post("/zkh/submit", data=carried)
    assert page_of(accepted).one("h1").text == "Принято"
    (photo,) = stored(backend)["photo"]
    assert stored(backend)["reading"][-1]["photo_id"] == photo["id"]


async def test_a_form_of_many_photos_is_refused_in_a_sentence(
    backend: Backend, browser: httpx.AsyncClient, power: Counter
):
    many = {f"file:1/{number}": PHOTO for number in range(11)}
    told = await browser.post("/zkh/check", data=entry(power), files=many, headers=JSON)
    assert (told.status_code, told.json()["notice"]) == (
        409, "Слишком много снимков сразу: передайте не больше 10",
    )  # fmt: skip
    huge = {f"file:{key_of(power)}": ("a.jpg", bytes(17 * 1024 * 1024), "image/jpeg")}
    told = await browser.post("/zkh/check", data=entry(power), files=huge, headers=JSON)
    assert (told.status_code, told.json()["notice"]) == (413, TOO_LARGE)
    told = await browser.post("/zkh/submit", data=entry(power), files=huge, headers=JSON)
    assert told.status_code == 413
    assert stored(backend)["photo"] == []
