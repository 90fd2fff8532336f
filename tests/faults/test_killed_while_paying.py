"""The server is killed while terminals pay: what a terminal was told stays true, whatever else was
under way is either whole or not there, and the same messages go through afterwards.
"""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path
from threading import Event

import httpx
import pytest

from portal.backend import Backend
from portal.services.audit import audit
from tests.builders import Flat, a_house
from tests.support.browsing import stored
from tests.support.forked_server import ForkedServer
from tests.support.incoming import a_channel
from tests.support.server import PortalServer
from tests.support.waiting import wait_until

TERMINALS, KILLS = 4, 25
NUMBER = re.compile(r"<prv_txn>(\d+)</prv_txn><sum>10\.45</sum><result>0</result>")


@pytest.fixture
def kills(full: bool) -> int:
    """On each kind of database."""
    return 2 * KILLS if full else KILLS


@pytest.fixture
def flat(backend: Backend) -> Flat:
    flat = a_house(backend).a_resident().an_agreement("DOM-12")
    flat.an_invoice(opening="500")
    a_channel(flat.house)
    return flat


@pytest.fixture
def server(database_url: str, flat: Flat, tmp_path: Path) -> Iterator[PortalServer]:
    server = ForkedServer(tmp_path / "data", ZHKH_DATABASE_URL=database_url)
    yield server
    server.end()


def pay(terminal: httpx.Client, number: int) -> str | None:
    """Our number of the payment; None: nobody has told it."""
    query = {
        "command": "pay", "txn_id": str(number), "account": "DOM-12", "sum": "10.45",
        "txn_date": "20261124115830",
    }  # fmt: skip
    try:
        answer = terminal.get("/pay/osmp", params=query)
    except httpx.TransportError:
        return None
    found = NUMBER.search(answer.text)
    return found and found[1]


def pay_on(url: str, numbers: "count[int]", told: dict[int, str | None], is_over: Event) -> None:
    with httpx.Client(base_url=url, timeout=60) as terminal:
        while not is_over.is_set():
            number = next(numbers)
            told[number] = pay(terminal, number)


def has_more_than(told: dict[int, str | None], count: int) -> bool:
    return len(told) > count


@pytest.mark.timeout(1200)
def test_what_was_told_is_true_after_each_kill(
    backend: Backend, server: PortalServer, kills: int
) -> None:
    numbers, told = count(1), dict[int, str | None]()
    for _ in range(kills):
        server.start()
        is_over, before = Event(), len(told)
        with ThreadPoolExecutor(TERMINALS) as pool:
            for _terminal in range(TERMINALS):
                pool.submit(pay_on, server.url, numbers, told, is_over)
            wait_until(partial(has_more_than, told, before + 20), "terminals pay", 60)
            server.kill()
            is_over.set()
        assert backend.read_now(audit) == ()

    server.start()
    with httpx.Client(base_url=server.url, timeout=60) as terminal:
        again = {number: pay(terminal, number) for number in told}
    acknowledged = {number: ours for number, ours in told.items() if ours is not None}
    assert len(acknowledged) > 20 * kills - TERMINALS
    assert {number: again[number] for number in acknowledged} == acknowledged
    paid = {int(row["external_id"]): str(row["incoming_id"]) for row in stored(backend)["payment"]}
    assert paid == again
    assert backend.read_now(audit) == ()
