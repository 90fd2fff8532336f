"""A payment system repeats what it was not sure of: at once, after our server's death, after thirty
days.  It is told what it was told, to the letter, and nothing moves.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from portal.backend import Backend
from portal.db.incoming import Incoming
from portal.db.ledger import Payment, Refund
from portal.services.audit import audit
from tests.builders import a_house
from tests.support.forked_server import ForkedServer
from tests.support.incoming import a_channel, rows

pytestmark = pytest.mark.timeout(300)

DAYS: Final = 30
_OSMP = {"command": "pay", "account": "DOM-12", "sum": "10.45", "txn_date": "20261124115830"}
_SBER = {
    "ACTION": "payment", "ACCOUNT": "DOM-12", "AMOUNT": "10.45", "PAY_DATE": "24.11.2026_11:58:30",
}  # fmt: skip
MESSAGES: Final[tuple[tuple[str, dict[str, str]], ...]] = (
    ("/pay/osmp", _OSMP | {"txn_id": "1"}),
    ("/pay/osmp", _OSMP | {"txn_id": "2", "account": "DOM-99"}),
    ("/pay/osmp", _OSMP | {"txn_id": "1", "sum": "11"}),
    ("/pay/osmp", _OSMP | {"txn_id": "3"}),
    ("/pay/osmp", {"command": "cancel", "txn_id": "3"}),
    ("/pay/osmp", {"command": "status", "txn_id": "1"}),
    ("/pay/sber", _SBER | {"PAY_ID": "4"}),
    ("/pay/sber", _SBER | {"PAY_ID": "5", "ACCOUNT": "DOM-99"}),
    ("/pay/sber", _SBER | {"PAY_ID": "4", "AMOUNT": "11"}),
)
"""Credited, held, in conflict, taken back, asked about."""


@pytest.fixture
def server(database_url: str, backend: Backend, tmp_path: Path) -> Iterator[ForkedServer]:
    flat = a_house(backend).a_resident().an_agreement("DOM-12")
    flat.an_invoice(opening="500")
    a_channel(flat.house)
    a_channel(flat.house, "sberbank", "sber", name="Сбербанк Онлайн")
    server = ForkedServer(tmp_path / "data", ZHKH_DATABASE_URL=database_url)
    yield server
    server.end()


def told(server: ForkedServer) -> list[bytes]:
    """What each message is answered."""
    with httpx.Client(base_url=server.url, timeout=60) as terminal:
        answers = [terminal.get(path, params=query) for path, query in MESSAGES]
    assert {answer.status_code for answer in answers} == {200}
    return [answer.content for answer in answers]


def books(backend: Backend) -> Any:
    return [rows(backend, model) for model in (Incoming, Payment, Refund)]


def test_a_repeat_is_told_the_same_after_a_restart_and_after_thirty_days(
    server: ForkedServer, backend: Backend
) -> None:
    """Sberbank's is told that it is one (CODE 8), with the number, the sum and the date of the
    first, from the second message on.
    """
    server.start()
    first, second = told(server), told(server)
    assert books(backend) == [5, 3, 1]
    for (path, query), one, two in zip(MESSAGES, first, second, strict=True):
        is_accepted_by_sber = path == "/pay/sber" and b"<CODE>0</CODE>" in one
        expected = taken_twice(one) if is_accepted_by_sber else one
        assert two == expected, query

    for server.days_ahead in (0, DAYS):
        server.kill()
        server.start()
        assert told(server) == second

    assert books(backend) == [5, 3, 1]
    assert backend.read_now(audit) == ()


def taken_twice(first: bytes) -> bytes:
    repeated = "Платеж с таким номером уже принят".encode()
    return first.replace(b"<CODE>0</CODE>", b"<CODE>8</CODE>").replace(
        b"<MESSAGE>OK</MESSAGE>", b"<MESSAGE>" + repeated + b"</MESSAGE>"
    )


def test_the_clock_of_the_second_server_is_thirty_days_ahead(
    server: ForkedServer, backend: Backend
) -> None:
    """Or the test above would show nothing: a date that is too far ahead today is not by then."""
    ahead = f"{datetime.now(UTC) + timedelta(20):%Y%m%d}120000"
    future = _OSMP | {"txn_id": "7", "txn_date": ahead}
    answers = []
    for server.days_ahead in (0, DAYS):
        server.start()
        answer = httpx.get(f"{server.url}/pay/osmp", params=future, timeout=60)
        answers.append(b"<result>0</result>" in answer.content)
        server.kill()
    assert answers == [False, True]
    assert books(backend) == [1, 1, 0]
