"""A payment system that sends one payment many times at once: it is taken once, everybody is
answered alike.

The guard is also switched off, to see that the test would notice its absence.
"""

from collections import Counter as Tally
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import IntegrityError

from portal.backend import Backend
from portal.db.incoming import Incoming
from portal.db.ledger import Payment, Transfer
from portal.services.audit import audit
from portal.services.incoming import accepting, inbox
from portal.services.incoming.accepting import Accepted, accept
from portal.services.incoming.channels import Channel
from tests.builders import NOW, Flat, a_house
from tests.faults.test_races import at_once, drop
from tests.support.incoming import a_channel, an_order, rows, told
from tests.support.server import PortalServer

CLIENTS, OVER_HTTP = 64, 15
INCOMING_GUARD = ("incoming", "uq_incoming_channel_id_external_id")
PAYMENT_GUARD = ("payment", "uq_payment_channel_external_id")


@pytest.fixture
def rounds(full: bool) -> range:
    return range(200 if full else 50)


@pytest.fixture
def flat(backend: Backend) -> Flat:
    return a_house(backend).a_resident().an_agreement("DOM-12")


@pytest.fixture
def channel(flat: Flat) -> Channel:
    return a_channel(flat.house)


def sent_at_once(backend: Backend, channel: Channel, number: str, account: str) -> list[Any]:
    """The answers to messages of one payment, each of which is in the inbox already."""

    def keep_all(session: Any) -> list[int]:
        return [inbox.keep(session, channel, "127.0.0.1", number, NOW) for _ in range(CLIENTS)]

    order = an_order(account, number=number)
    ids = backend.write_now(keep_all)

    def call(inbox_id: int) -> Any:
        return backend.write_now(accept, channel, order, inbox_id, told, NOW)

    return at_once([lambda each=each: call(each) for each in ids])  # type: ignore[misc] # bound


@pytest.mark.timeout(400)
def test_of_simultaneous_messages_one_is_taken_and_all_are_answered_alike(
    backend: Backend, flat: Flat, channel: Channel, rounds: range
) -> None:
    flat.an_invoice(opening="100")
    for number in rounds:
        account = flat.number if number % 5 else "DOM-99"

        answers = sent_at_once(backend, channel, str(number), account)

        assert Tally(type(answer) for answer in answers) == {Accepted: CLIENTS}
        assert len({(answer.receipt, answer.answer) for answer in answers}) == 1
        assert sum(answer.is_new for answer in answers) == 1
    assert (rows(backend, Incoming), rows(backend, Transfer)) == (len(rounds), len(rounds))
    assert backend.read_now(audit) == ()


@pytest.mark.timeout(200)
def test_payments_of_one_agreement_at_once_pay_its_invoices_once(
    backend: Backend, flat: Flat, channel: Channel
) -> None:
    """64 payments of 10,45 for an invoice of 100: none of it is paid twice."""
    flat.an_invoice(opening="100")
    ids = [backend.write_now(inbox.keep, channel, "127.0.0.1", "", NOW) for _ in range(CLIENTS)]

    def call(number: int) -> Any:
        order = an_order(flat.number, number=str(number))
        return backend.write_now(accept, channel, order, ids[number], told, NOW)

    answers = at_once([lambda each=each: call(each) for each in range(CLIENTS)])  # type: ignore[misc] # bound

    assert all(answer.is_new for answer in answers)
    assert rows(backend, Payment) == CLIENTS
    assert backend.read_now(audit) == ()


@pytest.mark.timeout(200)
@pytest.mark.parametrize(
    ("dropped", "stored"),
    [((PAYMENT_GUARD,), 1), ((INCOMING_GUARD,), 1), ((INCOMING_GUARD, PAYMENT_GUARD), CLIENTS)],
    ids=["the incoming's key", "the payment's key", "no key"],
)
def test_a_unique_key_alone_keeps_a_payment_single(
    backend: Backend,
    flat: Flat,
    channel: Channel,
    monkeypatch: pytest.MonkeyPatch,
    dropped: tuple[tuple[str, str], ...],
    stored: int,
) -> None:
    """Nobody sees what the others have stored, as in a race that is lost by a hair."""
    monkeypatch.setattr(accepting, "_known", lambda *_: None)
    monkeypatch.setattr(accepting, "_is_loaded", lambda *_: False)
    for table, guard in dropped:
        drop(backend, table, guard)

    answers = sent_at_once(backend, channel, "1", flat.number)

    kinds = Tally(type(answer) for answer in answers)
    assert (kinds[Accepted], kinds[IntegrityError]) == (stored, CLIENTS - stored)
    assert (rows(backend, Incoming), rows(backend, Payment)) == (stored, stored)


# --- over HTTP ----------------------------------------------------------------------------------


@pytest.fixture
def server(database_url: str, channel: Channel, tmp_path: Path) -> Iterator[PortalServer]:
    server = PortalServer(tmp_path / "data", ZHKH_DATABASE_URL=database_url).start()
    yield server
    assert server.stop() == 0
    assert "Traceback" not in server.output()


@pytest.mark.timeout(400)
def test_fifteen_terminals_get_the_same_bytes(
    backend: Backend, server: PortalServer, flat: Flat
) -> None:
    day = f"{datetime.now(UTC):%Y%m%d}000000"
    for number in range(10):
        query = {
            "command": "pay", "txn_id": str(number), "account": flat.number, "sum": "10.45",
            "txn_date": day,
        }  # fmt: skip
        answers = asked_at_once(server, "/pay/osmp", query)
        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.content for answer in answers}) == 1
        assert "<result>0</result>" in answers[0].text
    assert rows(backend, Payment) == 10
    assert backend.read_now(audit) == ()


def asked_at_once(server: PortalServer, path: str, query: dict[str, str]) -> list[httpx.Response]:
    start = Barrier(OVER_HTTP)

    def ask(_: int) -> httpx.Response:
        with httpx.Client(base_url=server.url, timeout=60) as terminal:
            terminal.get("/healthz")  # the connection is open before the payment
            start.wait()
            return terminal.get(path, params=query)

    with ThreadPoolExecutor(OVER_HTTP) as pool:
        return list(pool.map(ask, range(OVER_HTTP)))
