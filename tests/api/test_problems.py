"""What the problems carry is what the schema promises, field by field."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from portal.services.brake import FAILURES_PER_ADDRESS
from tests.support.devices import Town

Submission = Callable[..., dict[str, Any]]
METERS, READINGS = "/api/v1/meters", "/api/v1/readings"
TYPES: dict[str, Any] = {
    "string": str, "integer": int, "boolean": bool, "null": type(None), "array": list,
    "object": dict,
}  # fmt: skip


def at_odds(told: Any, shape: dict[str, Any], schemas: dict[str, Any], at: str) -> Iterator[str]:
    """The places where an answer is not what the schema says; every field must be in it."""
    if "$ref" in shape:
        shape = schemas[shape["$ref"].rsplit("/", 1)[-1]]
    if "anyOf" in shape:
        options = [list(at_odds(told, each, schemas, at)) for each in shape["anyOf"]]
        yield from min(options, key=len)
    elif not isinstance(told, TYPES[shape["type"]]) or told not in shape.get("enum", [told]):
        yield f"{at} is {told!r}"
    elif shape["type"] == "array":
        for n, each in enumerate(told):
            yield from at_odds(each, shape["items"], schemas, f"{at}/{n}")
    elif shape["type"] == "object":
        known = shape["properties"]
        yield from (f"{at}/{name} is unknown" for name in told.keys() - known.keys())
        yield from (f"{at}/{name} is missing" for name in set(shape["required"]) - told.keys())
        for name in told.keys() & known.keys():
            yield from at_odds(told[name], known[name], schemas, f"{at}/{name}")


@pytest.fixture
async def promised(town: Town) -> Callable[..., None]:
    """`promised(answer)`: the schema knows its status and all that came with it."""
    async with town.device(None) as anybody:
        schema = (await anybody.get("/api/openapi.json")).json()

    def check(answer: Any) -> None:
        request = answer.request
        operation = schema["paths"][request.url.path][request.method.lower()]
        said = operation["responses"][str(answer.status_code)]["content"]
        shape = said[answer.headers["content-type"]]["schema"]
        assert list(at_odds(answer.json(), shape, schema["components"]["schemas"], "")) == []

    return check


async def test_a_refusal_is_as_promised(town: Town, submission: Submission, promised: Any):
    assert town.water.newest is not None
    seen = town.water.newest.id
    async with town.device(town.makes_key(town.ivanov)) as device:
        accepted = await device.post(READINGS, **submission(town.key, "250"))
        stale = await device.post(READINGS, **submission(town.key, "251", seen=seen))
        lower = await device.post(READINGS, **submission(town.key, "200"))
        listed, meters = await device.get(READINGS), await device.get(METERS)

    assert "newest" in stale.json()
    assert stale.status_code == lower.status_code == 422
    for answer in (accepted, stale, lower, listed, meters):
        promised(answer)


async def test_a_question_is_as_promised(town: Town, submission: Submission, promised: Any):
    async with town.device(town.makes_key(town.ivanov)) as device:
        asked = await device.post(READINGS, **submission(town.key, "2560"))

    problem = asked.json()
    assert problem["entry"]["readings"]
    assert problem["errors"][0]["question"] == "large"
    promised(asked)


async def test_whatever_goes_wrong_on_the_way_is_as_promised(
    town: Town, submission: Submission, promised: Any
):
    number = "n" * 16
    async with town.device(town.makes_key(town.ivanov)) as device:
        await device.post(READINGS, **submission(town.key, "250", number=number))
        answers = [
            await device.post(READINGS),
            await device.post(READINGS, json={}, headers={"idempotency-key": number}),
            await device.post(READINGS, content=b"x", headers={"idempotency-key": number}),
            await device.post(READINGS, content=b" " * 70_000),
            await device.post(READINGS, **submission(town.key, "251", number=number)),
            await device.post(READINGS, **submission(town.foreign_key, "250")),
        ]
    async with town.device(town.makes_key(town.ivanov, "read", "Табло")) as reader:
        answers.append(await reader.post(READINGS, **submission(town.key, "251")))
    for each in range(FAILURES_PER_ADDRESS + 1):
        async with town.device(f"zhkh_{each:043}") as stranger:
            answers.append(await stranger.get(METERS))

    statuses = [each.status_code for each in answers]
    assert statuses[:8] == [400, 400, 415, 413, 409, 404, 403, 401]
    assert statuses[-1] == 429
    for answer in answers:
        promised(answer)
