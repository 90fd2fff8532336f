"""The machines' door of one house with two residents."""

from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

from portal.backend import Backend
from tests.builders import NOW, a_house
from tests.support.browsing import Portal
from tests.support.devices import Town


@pytest.fixture
def town(sqlite_url: str, tmp_path: Path) -> Iterator[Town]:
    clock = [NOW]
    backend = Backend(sqlite_url, clock=lambda: clock[0])
    house = a_house(backend)
    service = house.a_service("zkh_voda", "Холодная вода", price="53,41")
    ivanov, petrov = house.a_resident("Иванов"), house.a_resident("Петров")
    mine, other = (
        each.an_agreement().an_account("Стояк 1").a_meter(service).opens_at("248,5")
        for each in (ivanov, petrov)
    )
    yield Town(backend, Portal(backend, tmp_path), ivanov, petrov, mine, other, clock)
    backend.close()


@pytest.fixture
def submission() -> Callable[..., dict[str, Any]]:
    """`submission(meter, value)`: what a request of a new number is made of."""

    def make(meter: str, value: str, **more: Any) -> dict[str, Any]:
        number = more.pop("number", token_hex(16))
        reading = {"meter": meter, "value": value, **more}
        return {"json": {"readings": [reading]}, "headers": {"idempotency-key": number}}

    return make
