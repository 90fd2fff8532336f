"""«Мои устройства» of a browser without script: a key is made, shown once, revoked."""

import logging
from pathlib import Path

import httpx
import pytest

from portal.backend import Backend
from tests.builders import Person
from tests.support.browsing import JSON, PASSWORD, Portal, page_of, stored

METERS = "/api/v1/meters"
FORM = {"name": "Датчик воды", "right": "submit", "current_password": PASSWORD}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


async def opens_with(portal: Portal, secret: str) -> int:
    async with portal.machine(secret) as device:
        return (await device.get(METERS)).status_code


async def test_a_key_is_shown_once_and_works_until_it_is_revoked(
    portal: Portal, browser: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    made = await browser.post("/profile/devices", data=FORM)
    secret = page_of(made).one("code.zh-key-text").text
    assert (made.status_code, made.headers["cache-control"]) == (200, "no-store")
    assert await opens_with(portal, secret) == 200

    shown = await browser.get("/profile")
    assert secret not in shown.text
    assert "Датчик воды" in shown.text
    assert secret not in caplog.text

    again = page_of(await browser.post("/profile/devices", data=FORM | {"name": "Умный дом"}))
    rows = again.one("section", aria_labelledby="zh-devices").one("ul").all("li")
    seen = "был на связи 24\N{NO-BREAK SPACE}ноября\N{NO-BREAK SPACE}2026 12:00"
    assert [seen in row.text for row in rows] == [False, True]
    token_id = rows[1].one("input", name="token_id").attributes["value"]
    revoked = await browser.post("/profile/devices/revoke", data={"token_id": token_id})
    assert (revoked.status_code, revoked.headers["location"]) == (303, "/profile?saved=revoked")
    assert await opens_with(portal, secret) == 401


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"name": " "}, "name", "Назовите устройство"),
        ({"name": "<script>"}, "name", "В названии могут быть буквы"),
        ({"current_password": "wrong"}, "current_password", "Текущий пароль неверен"),
        ({"current_password": ""}, "current_password", "Введите текущий пароль"),
        ({"right": "all"}, "right", "Выберите, что можно устройству"),
    ],
)
async def test_a_refused_key_is_told_why_beside_the_field(
    backend: Backend, browser: httpx.AsyncClient, sent: dict[str, str], field: str, sentence: str
):
    refused = await browser.post("/profile/devices", data=FORM | sent)
    assert refused.status_code == 422
    section = page_of(refused).one("section", aria_labelledby="zh-devices")
    assert "open" in section.one("details").attributes
    assert section.one("p", data_error_for=field).text.startswith(sentence)
    assert section.one("input", name="name").attributes["value"] == (FORM | sent)["name"]
    assert stored(backend)["device_token"] == []


async def test_a_script_gets_the_key_in_its_answer(portal: Portal, browser: httpx.AsyncClient):
    told = (await browser.post("/profile/devices", data=FORM, headers=JSON)).json()
    assert told.keys() == {"state", "made"}
    assert "zhkh_" in told["made"]
    again = await browser.post("/profile/devices", data=FORM, headers=JSON)
    assert again.json()["errors"][0]["sentence"].startswith("Ключ с таким названием уже есть")


async def test_a_new_password_tells_that_the_keys_are_gone(
    portal: Portal, browser: httpx.AsyncClient
):
    made = await browser.post("/profile/devices", data=FORM)
    secret = page_of(made).one("code.zh-key-text").text
    new = "зеленый дом у реки"
    form = {"current_password": PASSWORD, "new_password": new, "repeat_password": new}
    told = (await browser.post("/password", data=form, headers=JSON)).json()
    assert told["notice"].endswith("ключи своих устройств создать снова")
    assert await opens_with(portal, secret) == 401


async def test_signing_out_everywhere_leaves_the_keys(portal: Portal, browser: httpx.AsyncClient):
    made = await browser.post("/profile/devices", data=FORM)
    secret = page_of(made).one("code.zh-key-text").text
    await browser.post("/logout/everywhere")
    assert await opens_with(portal, secret) == 200


@pytest.mark.parametrize("path", ["/profile/devices", "/profile/devices/revoke"])
async def test_without_a_profile_there_are_no_keys(
    backend: Backend, ivanov: Person, tmp_path: Path, path: str
):
    closed = Portal(backend, tmp_path, ZHKH_MENU_PROFILE="false")
    async with closed.browser(ivanov.id) as browser:
        answer = await browser.post(path, data=FORM | {"token_id": "1"}, headers=JSON)
    assert (answer.status_code, answer.json()["notice"]) == (404, "Раздел недоступен")
    assert stored(backend)["device_token"] == []
