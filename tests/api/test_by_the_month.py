"""A device's readings of services that are charged with their month."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

import httpx
import pytest

from portal.backend import Backend
from portal.domain.money import ZERO, Money
from portal.services.audit import audit
from portal.services.device_tokens import make_token
from tests.support.billed import LATE_NOVEMBER, NOVEMBER, BilledHouse, a_billed_house
from tests.support.browsing import Portal

METERS, READINGS = "/api/v1/meters", "/api/v1/readings"
IN_TIME = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def billed(sqlite_url: str) -> Iterator[BilledHouse]:
    backend = Backend(sqlite_url, clock=lambda: IN_TIME)
    yield a_billed_house(backend, 1, only={"zkh_cold", "zkh_power"})
    backend.close()


@pytest.fixture
async def device(billed: BilledHouse, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    person = billed.flats[0].person.id
    key = billed.backend.write_now(make_token, person, "Датчик", "submit", IN_TIME)
    async with Portal(billed.backend, tmp_path).machine(key.secret) as device:
        yield device


async def test_prices_by_bands_are_told(device: httpx.AsyncClient) -> None:
    told = {each["key"]: each for each in (await device.get(METERS)).json()["meters"]}
    assert (told["1/zkh_cold"]["price"], told["1/zkh_cold"]["bands"]) == ("53.41", [])
    assert told["1/zkh_power"]["is_open"]
    assert told["1/zkh_power"]["price"] is None
    assert told["1/zkh_power"]["bands"] == [
        {"upto": "100", "price": "5.00"}, {"upto": None, "price": "7.50"},
    ]  # fmt: skip


async def history(device: httpx.AsyncClient) -> list[dict[str, Any]]:
    readings: list[dict[str, Any]] = (await device.get(READINGS)).json()["readings"]
    return readings


async def test_it_is_accepted_and_not_charged_until_its_month_is(
    device: httpx.AsyncClient, billed: BilledHouse
) -> None:
    sent = [{"meter": "1/zkh_cold", "value": "106.5"}, {"meter": "1/zkh_power", "value": "1310"}]
    number = {"idempotency-key": token_hex(16)}
    accepted = await device.post(READINGS, json={"readings": sent}, headers=number)
    assert accepted.status_code == 200, accepted.text
    told = accepted.json()
    assert told["total"] == "0.00"
    cold, power = told["readings"]
    assert (cold["price"], power["price"]) == ("53.41", None)
    assert (power["volume"], power["amount"]) == ("130", "725.00")
    assert (cold["charged_for"], power["charged_for"]) == ("2026-11", "2026-11")
    assert billed.charges() == []
    assert billed.flats[0].person.balance == ZERO
    again = await device.post(READINGS, json={"readings": sent}, headers=number)
    assert again.json() == told

    assert {each["amount"] for each in await history(device)} == {None}
    billed.bills(NOVEMBER, LATE_NOVEMBER)
    assert billed.owed(NOVEMBER, "zkh_power") == Money(725_00)
    told = {each["meter"]: each for each in (await history(device))[:2]}
    assert (told["1/zkh_power"]["volume"], told["1/zkh_power"]["amount"]) == ("130", "725.00")
    assert billed.owed(NOVEMBER, "zkh_cold") == Money(31_18)  # of the months that it tells of
    assert (told["1/zkh_cold"]["volume"], told["1/zkh_cold"]["amount"]) == ("0.583832", "31.18")
    assert list(billed.backend.read_now(audit)) == []
