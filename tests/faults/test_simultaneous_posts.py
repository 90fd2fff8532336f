"""Thirty-two phones of one resident over HTTP: one reading, clear answers, no failure."""

from collections import Counter as Tally
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import httpx
import pytest
from sqlalchemy import func, select

from portal.backend import Backend
from portal.db.base import table_of
from portal.db.readings import Reading
from portal.services.audit import audit
from tests.builders import Counter, a_house
from tests.support.browsing import JSON, PASSWORD, lives_with_password
from tests.support.entries import a_key
from tests.support.server import PortalServer

CLIENTS = 32


@pytest.fixture
def water(backend: Backend) -> Counter:
    house = a_house(backend, now=datetime.now(UTC))
    person = house.a_resident(login="ivanov")
    lives_with_password(person)
    service = house.a_service("zkh_water", price="53,41")
    return person.an_agreement().an_account().a_meter(service).opens_at("100")


@pytest.fixture
def server(database_url: str, water: Counter, tmp_path: Path) -> Iterator[PortalServer]:
    server = PortalServer(
        tmp_path / "data",
        ZHKH_DATABASE_URL=database_url,
        ZHKH_MENU_ZKH="true",
        ZHKH_UTILITIES_ENABLED="true",
    ).start()
    yield server
    assert server.stop() == 0
    assert "Traceback" not in server.output()


@pytest.mark.parametrize("is_one_key", [False, True], ids=["each his own", "a repeat"])
def test_one_is_stored_and_everybody_is_answered(
    backend: Backend, server: PortalServer, water: Counter, is_one_key: bool
) -> None:
    counter, key = f"{water.account.id}/zkh_water", a_key()
    assert water.newest is not None
    form = {"taken_on": "", f"value:{counter}": "110", f"seen:{counter}": str(water.newest.id)}
    form["taken_on"] = water.account.house.now.date().isoformat()
    keys = [key if is_one_key else a_key() for _ in range(CLIENTS)]

    answers = posted(server, [form | {"key": each} for each in keys])

    told = Tally((answer.status_code, answer.json()["state"]) for answer in answers)
    if is_one_key:
        assert told == {(200, "done"): CLIENTS}
        assert len({answer.json()["number"] for answer in answers}) == 1
    else:
        assert told == {(200, "done"): 1, (422, "refused"): CLIENTS - 1}
        sentences = [a.json()["errors"][0]["sentence"] for a in answers if a.status_code != 200]
        assert all("Показания уже переданы" in sentence for sentence in sentences)
    count = select(func.count()).select_from(table_of(Reading))
    assert backend.read_now(lambda session: session.scalar(count)) == 2
    assert backend.read_now(audit) == ()


def posted(server: PortalServer, forms: list[dict[str, str]]) -> list[httpx.Response]:
    """Answers to forms that one resident's browsers send at the same moment."""
    own = {"origin": server.url, **JSON}
    start = Barrier(len(forms))
    with httpx.Client(base_url=server.url, headers=own, timeout=60) as door:
        entered = door.post("/login", data={"login": "ivanov", "password": PASSWORD})
        assert entered.status_code == 200, entered.text
        cookies = door.cookies

    def post(form: dict[str, str]) -> httpx.Response:
        with httpx.Client(base_url=server.url, headers=own, cookies=cookies, timeout=60) as phone:
            phone.get("/healthz")  # the connection is open before the tap
            start.wait()
            return phone.post("/zkh/submit", data=form)

    with ThreadPoolExecutor(len(forms)) as pool:
        return list(pool.map(post, forms))
