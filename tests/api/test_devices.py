"""What a resident's own device may ask, and how it is answered."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.services.device_tokens import revoke_token
from tests.support.browsing import stored
from tests.support.devices import Town
from tests.support.markup import parse

Submission = Callable[..., dict[str, Any]]
METERS, READINGS = "/api/v1/meters", "/api/v1/readings"


async def test_the_meters_are_told_with_all_that_a_reading_needs(town: Town):
    async with town.device(town.makes_key(town.ivanov, "read")) as device:
        answer = await device.get(METERS)

    assert answer.status_code == 200
    assert town.water.newest is not None
    assert answer.json() == {
        "meters": [
            {
                "key": town.key,
                "device": "Стояк 1",
                "serial": answer.json()["meters"][0]["serial"],
                "service": "Холодная вода",
                "unit": "м³",
                "price": "53.41",
                "bands": [],
                "integer_digits": 5,
                "fraction_digits": 3,
                "is_open": True,
                "is_given": False,
                "photo": "off",
                "newest": {
                    "id": town.water.newest.id,
                    "taken_on": "2010-01-01",
                    "value": "248.500",
                },
            }
        ]
    }


async def test_a_reading_is_taken_and_charged(town: Town, submission: Submission):
    async with town.device(town.makes_key(town.ivanov)) as device:
        accepted = await device.post(READINGS, **submission(town.key, "256.620"))
        listed = (await device.get(READINGS)).json()["readings"]
        known = (await device.get(METERS)).json()["meters"][0]

    told = accepted.json()
    assert (accepted.status_code, told["taken_on"], told["total"]) == (200, "2026-11-24", "433.69")
    (line,) = told["readings"]
    assert (line["previous"], line["current"], line["volume"]) == ("248.500", "256.620", "8.12")
    assert (line["price"], line["amount"], line["instead_of"]) == ("53.41", "433.69", None)
    assert [each["value"] for each in listed] == ["256.620", "248.500"]
    assert [each["source"] for each in listed] == ["resident", "opening"]
    assert (listed[0]["volume"], listed[0]["amount"]) == ("8.12", "433.69")
    assert (known["newest"]["value"], known["is_given"]) == ("256.620", True)


async def test_a_repeat_gets_the_first_answer_word_for_word(town: Town, submission: Submission):
    sent = submission(town.key, "256")
    async with town.device(town.makes_key(town.ivanov)) as device:
        first = await device.post(READINGS, **sent)
        before = stored(town.backend, but=frozenset({"device_token", "audit_record"}))
        town.passes(timedelta(days=2))
        again = await device.post(READINGS, **sent)

    assert again.text == first.text
    assert stored(town.backend, but=frozenset({"device_token", "audit_record"})) == before


async def test_a_question_is_answered_under_the_same_number(town: Town, submission: Submission):
    number = "n" * 16
    async with town.device(town.makes_key(town.ivanov)) as device:
        asked = await device.post(READINGS, **submission(town.key, "2560", number=number))
        sent = submission(town.key, "2560", number=number, confirm=["large"])
        accepted = await device.post(READINGS, **sent)

    problem = asked.json()
    assert (asked.status_code, problem["type"]) == (422, "/api/docs#question")
    (question,) = problem["errors"]
    assert (question["pointer"], question["question"]) == ("#/readings/0/confirm", "large")
    assert "выросло в 10 раз или больше" in question["detail"]
    assert problem["entry"]["total"] == "123457.22"
    assert accepted.status_code == 200


async def test_a_device_that_saw_less_is_told_the_newer_value(town: Town, submission: Submission):
    assert town.water.newest is not None
    seen = town.water.newest.id
    async with town.device(town.makes_key(town.ivanov)) as device:
        await device.post(READINGS, **submission(town.key, "250"))
        answer = await device.post(READINGS, **submission(town.key, "251", seen=seen))
        newest = (await device.get(METERS)).json()["meters"][0]["newest"]

    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (422, "/api/docs#refused")
    assert problem["errors"][0]["detail"].startswith("Показания уже переданы: 00250,000")
    (told,) = problem["newest"]
    assert (told["meter"], told["id"]) == (town.key, newest["id"])


@pytest.mark.parametrize(
    ("value", "taken_on", "pointer", "sentence"),
    [
        ("200", "2026-11-24", "#/readings/0/value", "Вы указали текущее значение меньше"),
        ("abc", "2026-11-24", "#/readings/0/value", "«abc» не число"),
        ("2\0", "2026-11-24", "#/readings/0/value", "«2\0» не число"),
        ("256.1234", "2026-11-24", "#/readings/0/value", "У этого счетчика цифр меньше"),
        ("256", "2026-11-25", "#/taken_on", "Дата 25.11.2026 ещё не наступила"),
        ("256", "", "#/taken_on", "Укажите дату"),
        ("", "2026-11-24", "#/readings", "Введите хотя бы одно показание"),
    ],
)
async def test_a_fault_is_told_at_its_place(
    town: Town, value: str, taken_on: str, pointer: str, sentence: str
):
    sent = {"taken_on": taken_on, "readings": [{"meter": town.key, "value": value}]}
    before = stored(town.backend, but=frozenset({"device_token"}))
    async with town.device(town.makes_key(town.ivanov)) as device:
        before = stored(town.backend, but=frozenset({"device_token"}))
        answer = await device.post(READINGS, json=sent, headers={"idempotency-key": "n" * 16})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["title"]) == (422, "Показания не приняты")
    assert [each["pointer"] for each in problem["errors"]] == [pointer]
    assert problem["errors"][0]["detail"].startswith(sentence)
    assert stored(town.backend, but=frozenset({"device_token"})) == before


async def test_the_history_is_read_page_by_page(town: Town):
    async with town.device(town.makes_key(town.ivanov, "read")) as device:
        newest = (await device.get(READINGS)).json()["readings"]
        older = await device.get(READINGS, params={"before": newest[-1]["id"]})

    assert older.json() == {"readings": []}


async def test_a_revoked_key_stops_at_once(town: Town):
    secret = town.makes_key(town.ivanov)
    async with town.device(secret) as device:
        assert (await device.get(METERS)).status_code == 200
        token_id = stored(town.backend)["device_token"][0]["id"]
        town.backend.write_now(revoke_token, town.ivanov.id, token_id, town.backend.clock())
        answer = await device.get(METERS)

    assert (answer.status_code, answer.json()["type"]) == (401, "/api/docs#no-key")
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


async def test_the_schema_tells_every_route_and_leads_nowhere_else(town: Town):
    async with town.device(None) as anybody:
        told = (await anybody.get("/api/openapi.json")).json()

    asked = {(path, method) for path, methods in told["paths"].items() for method in methods}
    assert asked == {(METERS, "get"), (READINGS, "get"), (READINGS, "post")}
    schemas = told["components"]["schemas"]
    references = set(references_in(told))
    assert {each.removeprefix("#/components/schemas/") for each in references} <= schemas.keys()
    assert told["components"]["securitySchemes"]["Ключ устройства"]["scheme"] == "bearer"
    for methods in told["paths"].values():
        for operation in methods.values():
            assert operation["security"] == [{"Ключ устройства": []}]
            assert {"401", "404", "429"} <= operation["responses"].keys()


async def test_the_page_tells_the_same_and_needs_nobody_else(town: Town):
    async with town.device(None) as anybody:
        answer = await anybody.get("/api/docs")
        assert (await anybody.head("/api/docs")).status_code == 200

    page = parse(answer.text.partition("<body>")[2].partition("</body>")[0])
    assert page.one("h1").text == "Доступ для ваших устройств"
    for words in ("GET /api/v1/meters", "POST /api/v1/readings", "readings[].confirm", "429"):
        assert words in page.text
    assert "://" not in answer.text.replace("http://www.w3.org", "")


def references_in(told: Any) -> list[str]:
    match told:
        case {"$ref": str(reference)}:
            return [reference]
        case dict():
            return [each for value in told.values() for each in references_in(value)]
        case list():
            return [each for value in told for each in references_in(value)]
        case _:
            return []
