"""A machine has no camera: what it is told of counters whose readings come with a photo."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.services.entry import PHOTO_MISSING
from tests.support.browsing import stored
from tests.support.devices import Town
from tests.support.markup import parse

METERS, READINGS = "/api/v1/meters", "/api/v1/readings"
NUMBER = {"idempotency-key": "n" * 16}
PowerKey = Callable[[str], str]


@pytest.fixture
def power_key(town: Town) -> PowerKey:
    """`power_key(photo)`: Иванов's electricity at 100, with this policy of photos."""

    def make(photo: str) -> str:
        house = town.ivanov.house
        service = house.a_service("zkh_svet", "Электроэнергия", price="7", photo=photo)
        account = town.ivanov.an_agreement().an_account("Щиток")
        account.a_meter(service).opens_at("100")
        return f"{account.id}/zkh_svet"

    return make


def entry(*values: tuple[str, str]) -> dict[str, Any]:
    return {"readings": [{"meter": meter, "value": value} for meter, value in values]}


async def test_a_required_photo_is_missing_at_its_reading(town: Town, power_key: PowerKey):
    sent = entry((town.key, "256"), (power_key("required"), "110"))
    async with town.device(town.makes_key(town.ivanov)) as device:
        before = stored(town.backend, but=frozenset({"device_token"}))
        answer = await device.post(READINGS, json=sent, headers=NUMBER)

    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["pointer"]) == (422, "#/readings/1/value")
    assert fault["detail"] == (
        "К показанию этого счетчика нужен снимок, а устройства снимков не передают: "
        "передайте показание на портале, вручную, и приложите снимок"
    )
    assert PHOTO_MISSING not in answer.text
    assert stored(town.backend, but=frozenset({"device_token"})) == before


async def test_what_is_wrong_beside_a_missing_photo_is_told_in_its_own_place(
    town: Town, power_key: PowerKey
):
    sent = entry((power_key("required"), "110"), (town.key, "abc"))
    async with town.device(town.makes_key(town.ivanov)) as device:
        answer = await device.post(READINGS, json=sent, headers=NUMBER)

    told = {each["pointer"]: each["detail"] for each in answer.json()["errors"]}
    assert told.keys() == {"#/readings/0/value", "#/readings/1/value"}
    assert told["#/readings/1/value"].startswith("«abc» не число")


@pytest.mark.parametrize(("photo", "status"), [("off", 200), ("optional", 200), ("required", 422)])
async def test_a_meter_tells_whether_a_machine_can_satisfy_it(
    town: Town, power_key: PowerKey, photo: str, status: int
):
    key = power_key(photo)
    async with town.device(town.makes_key(town.ivanov)) as device:
        meters = (await device.get(METERS)).json()["meters"]
        answer = await device.post(READINGS, json=entry((key, "110")), headers=NUMBER)

    policies = {each["key"]: each["photo"] for each in meters}
    assert (policies[town.key], policies[key]) == ("off", photo)
    assert answer.status_code == status


async def test_the_description_says_who_takes_such_readings(town: Town):
    async with town.device(None) as anybody:
        schema = (await anybody.get("/api/openapi.json")).json()
        page = parse(
            (await anybody.get("/api/docs")).text.partition("<body>")[2].partition("</body>")[0]
        )

    said = schema["paths"][READINGS]["post"]["description"]
    told = schema["components"]["schemas"]["MeterTold"]["properties"]["photo"]["description"]
    policy = schema["components"]["schemas"]["PhotoPolicy"]
    assert "передают на портале" in said
    assert "required" in told
    assert policy["enum"] == ["off", "optional", "required"]
    assert "description" not in policy
    for words in ("meters[].photo", said, told):
        assert words in page.text
