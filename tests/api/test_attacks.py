"""Whoever comes to the machines' door without a right to what he asks for."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from portal.services.brake import FAILURES_PER_ADDRESS
from portal.services.device_door import AT_ONCE_MAX, PACE
from tests.support.browsing import ENTERING, Portal, stored
from tests.support.devices import Town

Submission = Callable[..., dict[str, Any]]
METERS, READINGS = "/api/v1/meters", "/api/v1/readings"
USES = ENTERING | {"device_token"}
"""What being let in writes."""
NUMBER = {"idempotency-key": "n" * 16}


def kind(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["detail"]
    assert problem["title"]
    return answer.status_code, problem["type"].removeprefix("/api/docs#")


async def test_anothers_meter_is_not_found_and_looks_like_nobodys(
    town: Town, submission: Submission
):
    before = stored(town.backend, but=USES)
    told = set()
    names = (town.foreign_key, "987654321/zkh_voda", f"{town.water.account.id}/zkh_gaz", "", "\0")
    async with town.device(town.makes_key(town.ivanov)) as device:
        for name in (*names, "1", "/", "9" * 5000 + "/zkh_voda", "<script>"):
            answer = await device.post(READINGS, **submission(name, "256"))
            assert kind(answer) == (404, "not-found")
            told.add(answer.text)
    assert len(told) == 1
    assert stored(town.backend, but=USES) == before


async def test_beside_ones_own_anothers_meter_spoils_the_whole(town: Town):
    before = stored(town.backend, but=USES)
    readings = [{"meter": key, "value": "256"} for key in (town.key, town.foreign_key)]
    async with town.device(town.makes_key(town.ivanov)) as device:
        answer = await device.post(READINGS, json={"readings": readings}, headers=NUMBER)
    assert kind(answer) == (404, "not-found")
    assert stored(town.backend, but=USES) == before


async def test_only_ones_own_meters_and_readings_are_told(town: Town):
    assert town.his_water.newest is not None
    async with town.device(town.makes_key(town.ivanov, "read")) as device:
        assert [each["key"] for each in (await device.get(METERS)).json()["meters"]] == [town.key]
        listed = (await device.get(READINGS)).json()["readings"]
        assert [each["meter"] for each in listed] == [town.key]
        told = set()
        for before in (town.his_water.newest.id, 987654321, 0, "-1", "abc", "1.0", "9" * 400, ""):
            answer = await device.get(READINGS, params={"before": before})
            assert kind(answer) == (404, "not-found")
            told.add(answer.text)
    assert len(told) == 1


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"authorization": ""},
        {"authorization": "Bearer"},
        {"authorization": "Bearer "},
        {"authorization": "Basic {key}"},
        {"authorization": "{key}"},
        {"authorization": "Token {key}"},
        {"x-api-key": "{key}"},
        {"cookie": "zhkh={key}"},
        {"cookie": "Authorization={key}"},
    ],
)
async def test_a_key_counts_only_where_it_belongs(town: Town, header: dict[str, str]):
    secret = town.makes_key(town.ivanov)
    sent = {name: value.format(key=secret) for name, value in header.items()}
    async with town.device(None) as device:
        answer = await device.get(METERS, headers=sent)
        in_query = await device.get(METERS, params={"token": secret, "access_token": secret})
    assert kind(answer) == kind(in_query) == (401, "no-key")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_forged_key_opens_nothing(town: Town):
    secret = town.makes_key(town.ivanov)
    forged = (secret[:-1], secret + "A", secret.swapcase(), secret.upper(), "x", "zhkh_", "'; --")
    for token in (*forged, "9" * 5000, "ключ"):
        async with town.device(token) as device:
            answer = await device.get(METERS)
        assert kind(answer) == (401, "no-key"), token
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


async def test_a_cookie_opens_nothing_here_and_a_key_nothing_there(
    town: Town, submission: Submission
):
    secret = town.makes_key(town.ivanov)
    before = stored(town.backend, but=USES)
    async with town.portal.browser(town.ivanov.id) as browser:
        assert (await browser.head("/zkh")).status_code == 200
        assert kind(await browser.get(METERS)) == (401, "no-key")
        assert kind(await browser.post(READINGS, **submission(town.key, "256"))) == (401, "no-key")
    async with town.device(secret) as device:
        for page in ("/zkh", "/profile", "/"):
            assert (await device.get(page)).headers["location"].startswith("/login")
        for action in ("/zkh/submit", "/profile/devices", "/logout/everywhere"):
            refused = await device.post(action, data={"key": "k" * 32})
            assert refused.status_code == 403
        own = {"origin": town.portal.origin}
        refused = await device.post("/zkh/submit", data={"key": "k" * 32}, headers=own)
        assert (refused.status_code, 'action="/login"' in refused.text) == (401, True)
    assert stored(town.backend, but=USES) == before


async def test_without_a_key_a_foreign_page_does_not_even_get_in(
    town: Town, submission: Submission
):
    sent = submission(town.key, "256")
    async with town.portal.browser(town.ivanov.id) as browser:
        for origin in ("https://evil.example", "null", ""):
            headers = sent["headers"] | {"origin": origin}
            answer = await browser.post(READINGS, json=sent["json"], headers=headers)
            assert kind(answer) == (403, "forbidden")
    async with town.device(None) as device:
        assert kind(await device.post(READINGS, **sent)) == (403, "forbidden")
        for path in ("/api/v1", "/api/v2/readings", "/api/docs", "/API/v1/readings", "/zkh/check"):
            headers = {"authorization": f"Bearer {town.makes_key(town.ivanov, name=path[1:])}"}
            assert (await device.post(path, headers=headers)).status_code == 403, path


async def test_a_key_that_reads_submits_nothing(town: Town, submission: Submission):
    before = stored(town.backend, but=USES)
    async with town.device(town.makes_key(town.ivanov, "read")) as device:
        answer = await device.post(READINGS, **submission(town.key, "256"))
    assert kind(answer) == (403, "forbidden")
    assert 'scope="submit"' in answer.headers["www-authenticate"]
    assert stored(town.backend, but=USES) == before


async def test_other_values_under_a_used_number_are_refused(town: Town, submission: Submission):
    number = "n" * 16
    async with town.device(town.makes_key(town.ivanov)) as device:
        first = await device.post(READINGS, **submission(town.key, "256", number=number))
        before = stored(town.backend, but=USES)
        changed: tuple[dict[str, Any], ...] = ({"value": "257"}, {"value": "256", "seen": 1})
        for each in changed:
            sent = submission(town.key, **each, number=number)
            assert kind(await device.post(READINGS, **sent)) == (409, "conflict")
    assert first.status_code == 200
    assert stored(town.backend, but=USES) == before


async def test_numbers_of_two_residents_do_not_meet(town: Town, submission: Submission):
    number = "n" * 16
    for who, key in ((town.ivanov, town.key), (town.petrov, town.foreign_key)):
        async with town.device(town.makes_key(who)) as device:
            answer = await device.post(READINGS, **submission(key, "256", number=number))
            assert (answer.status_code, answer.json()["readings"][0]["meter"]) == (200, key)


@pytest.mark.parametrize("number", [None, "", "short", "n" * 65, "n" * 15 + " ", "ключ" * 8])
async def test_a_submission_needs_a_number(town: Town, submission: Submission, number: str | None):
    sent = submission(town.key, "256")
    headers: Any = {} if number is None else {"idempotency-key": number.encode()}
    async with town.device(town.makes_key(town.ivanov)) as device:
        answer = await device.post(READINGS, json=sent["json"], headers=headers)
    assert kind(answer) == (400, "malformed")
    assert "Idempotency-Key" in answer.json()["detail"]


ODD_BODIES = [
    (b"", "#/"),
    (b"{", "#/"),
    (b"\0", "#/"),
    (b"\xff\xfe", "#/"),
    (b"null", "#/"),
    (b"[]", "#/"),
    (b"[" * 30_000, "#/"),
    (b'{"readings": 1}', "#/readings"),
    (b"{}", "#/readings"),
    (b'{"readings": [1]}', "#/readings/0"),
    (b'{"readings": [{"meter": "KEY", "value": 256.5}]}', "#/readings/0/value"),
    (b'{"readings": [{"meter": "KEY", "value": 1e400}]}', "#/readings/0/value"),
    (b'{"readings": [{"meter": "KEY", "value": "\\ud800"}]}', "#/"),
    (b'{"readings": [{"meter": "KEY"}]}', "#/readings/0/value"),
    (b'{"readings": [{"meter": "KEY", "value": "1", "seen": "1"}]}', "#/readings/0/seen"),
    (b'{"readings": [{"meter": "KEY", "value": "1", "seen": 1.5}]}', "#/readings/0/seen"),
    (b'{"readings": [{"meter": "KEY", "value": "1", "seen": true}]}', "#/readings/0/seen"),
    (b'{"readings": [{"meter": "KEY", "value": "1", "a/b~": 1}]}', "#/readings/0/a~1b~0"),
    (b'{"readings": [{"meter": "KEY", "value": "1", "confirm": ["all"]}]}',
     "#/readings/0/confirm/0"),
    (b'{"readings": [{"meter": "KEY", "value": "1"}, {"meter": "KEY", "value": "1", "seen": 7}]}',
     "#/readings/1/meter"),
    (b'{"readings": [], "taken_on": 20261124}', "#/taken_on"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "pointer"), ODD_BODIES)
async def test_an_odd_body_is_told_what_is_odd(town: Town, body: bytes, pointer: str):
    headers = {"content-type": "application/json", "idempotency-key": "n" * 16}
    async with town.device(town.makes_key(town.ivanov)) as device:
        before = stored(town.backend, but=USES)
        sent = body.replace(b"KEY", town.key.encode())
        answer = await device.post(READINGS, content=sent, headers=headers)
    assert kind(answer) == (400, "malformed")
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert stored(town.backend, but=USES) == before


async def test_too_many_readings_at_once_are_malformed(town: Town):
    readings = [{"meter": f"{number}/zkh_voda", "value": "1"} for number in range(501)]
    async with town.device(town.makes_key(town.ivanov)) as device:
        answer = await device.post(READINGS, json={"readings": readings}, headers=NUMBER)
    assert kind(answer) == (400, "malformed")


@pytest.mark.parametrize("seen", [0, -1, 10**30])
async def test_a_reading_that_nobody_has_was_not_seen(
    town: Town, submission: Submission, seen: int
):
    async with town.device(town.makes_key(town.ivanov)) as device:
        answer = await device.post(READINGS, **submission(town.key, "256", seen=seen))
    assert kind(answer) == (422, "refused")


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"]
)
async def test_only_json_is_read(town: Town, submission: Submission, content_type: str):
    sent = submission(town.key, "256")
    headers = sent["headers"] | {"content-type": content_type}
    async with town.device(town.makes_key(town.ivanov)) as device:
        answer = await device.post(READINGS, content=json.dumps(sent["json"]), headers=headers)
    assert kind(answer) == (415, "wrong-type")


@pytest.mark.parametrize("is_told", [True, False])
async def test_a_megabyte_is_refused(town: Town, is_told: bool):
    async def dripping() -> Any:
        for _ in range(1024):
            yield b" " * 1024

    headers = {"content-type": "application/json", "idempotency-key": "n" * 16}
    async with town.device(town.makes_key(town.ivanov)) as device:
        content = b" " * 1024 * 1024 if is_told else dripping()
        answer = await device.post(READINGS, content=content, headers=headers)
    assert kind(answer) == (413, "too-large")


async def test_what_is_not_there_and_what_cannot_be_done(town: Town):
    async with town.device(town.makes_key(town.ivanov)) as device:
        for verb, path in (
            ("GET", "/api/v1/nothing"), ("GET", "/api/v1/"), ("POST", "/api/v1/nothing"),
            ("PUT", READINGS), ("DELETE", f"{READINGS}/1"), ("POST", METERS), ("OPTIONS", METERS),
        ):  # fmt: skip
            status, name = kind(await device.request(verb, path))
            assert (status in {404, 405}, name) == (True, "not-found"), (verb, path)


async def test_twenty_wrong_keys_and_then_nobody_is_asked_any_more(
    town: Town, tmp_path: Path, submission: Submission
):
    secret = town.makes_key(town.ivanov)
    for number in range(FAILURES_PER_ADDRESS):
        async with town.device(f"zhkh_{number:043}") as stranger:
            assert kind(await stranger.get(METERS)) == (401, "no-key")
    for portal in (town.portal, Portal(town.backend, tmp_path)):  # it survives a restart
        async with portal.machine(f"zhkh_{99:043}") as stranger:
            for answer in (await stranger.get(METERS), await stranger.post(READINGS)):
                assert kind(answer) == (429, "too-many")
                assert answer.headers["retry-after"] == "300"
        async with portal.machine(secret) as device:
            assert (await device.get(METERS)).status_code == 200
    async with town.device(f"zhkh_{99:043}", "192.0.2.8") as elsewhere:
        assert kind(await elsewhere.get(METERS)) == (401, "no-key")
    town.passes(timedelta(minutes=5))


async def test_a_key_in_a_hurry_is_told_to_wait(town: Town):
    async with town.device(town.makes_key(town.ivanov)) as device:
        for _ in range(AT_ONCE_MAX):
            assert (await device.get(METERS)).status_code == 200
        answer = await device.get(METERS)
        assert kind(answer) == (429, "too-many")
        assert answer.headers["retry-after"] == "5"
        assert answer.json()["detail"].endswith("Повторите через 5 секунд")
        town.passes(timedelta(seconds=2))
        answer = await device.get(METERS)
        assert answer.headers["retry-after"] == "3"
        assert answer.json()["detail"].endswith("Повторите через 3 секунды")
        town.passes(PACE)
        assert (await device.get(METERS)).status_code == 200


CLOSED = ("ZHKH_MENU_ZKH", "ZHKH_UTILITIES_ENABLED", "ZHKH_MENU_PROFILE")


@pytest.mark.parametrize("flag", CLOSED)
async def test_what_a_flag_closes_is_closed_to_devices(
    town: Town, tmp_path: Path, submission: Submission, flag: str
):
    portal = Portal(town.backend, tmp_path, **{flag: "false"})
    async with portal.machine(town.makes_key(town.ivanov)) as device:
        for answer in (
            await device.get(METERS),
            await device.get(READINGS),
            await device.post(READINGS, **submission(town.key, "256")),
        ):
            assert kind(answer) == (404, "not-found")
            assert answer.json()["detail"] == "Раздел недоступен"


async def test_an_initial_password_closes_the_door(town: Town):
    from portal.db.parties import Resident

    secret = town.makes_key(town.ivanov)
    town.ivanov.house.changes(Resident, town.ivanov.id, must_change_password=True)
    async with town.device(secret) as device:
        assert kind(await device.get(METERS)) == (401, "no-key")


async def test_a_fault_of_ours_is_told_by_its_number(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def breaks(*_: Any) -> None:
        raise RuntimeError("Тайна-7319")

    secret = town.makes_key(town.ivanov)
    monkeypatch.setattr("portal.api.readings.meters_told", breaks)
    async with town.device(secret) as device:
        answer = await device.get(METERS)
    assert kind(answer) == (500, "failed")
    assert answer.headers["x-request-id"] in answer.json()["detail"]
    assert "Тайна" not in answer.text
    assert secret not in caplog.text
