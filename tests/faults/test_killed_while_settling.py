"""Whoever speaks with the bank is killed in the middle of it: between what we have stored and the
call, between the call and its answer, between a notification and our question.  Whoever looks
next finds out the truth, and it is credited once.
"""

import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import httpx
import pytest

from portal.backend import Backend
from portal.db.incoming import Inbox
from portal.db.ledger import Payment
from portal.domain.paying import PayState
from portal.services.audit import audit
from portal.services.paying.beginning import begin
from portal.services.paying.telling import told
from tests.builders import Flat, a_house
from tests.support.acquiring import SECRET, a_card_channel, a_key, an_order_of
from tests.support.bank import BankServer
from tests.support.incoming import rows
from tests.support.processes import clean_environment
from tests.support.server import EXECUTABLE, PortalServer
from tests.support.waiting import wait_until

pytestmark = pytest.mark.timeout(600)


class Till:
    """A flat whose resident pays by card, a bank, and the portal's processes."""

    def __init__(self, backend: Backend, bank: BankServer, data: Path, address: str) -> None:
        self.backend, self.bank = backend, bank
        self.flat: Flat = a_house(backend).a_resident().an_agreement("DOM-12")
        self.flat.an_invoice(opening="5000")
        a_card_channel(self.flat.house, base_url=bank.url)
        self.server = PortalServer(data, ZHKH_DATABASE_URL=address, **SECRET)

    def begins(self) -> str:
        order, key = an_order_of(self.flat), a_key()
        now = self.backend.clock()
        token: str = self.backend.write_now(begin, self.flat.person.id, order, key, now)
        return token

    def polling(self) -> subprocess.Popen[bytes]:
        environment = clean_environment(**self.server.settings)
        return subprocess.Popen([EXECUTABLE, "poll"], env=environment, stdout=subprocess.DEVNULL)

    def poll(self) -> None:
        assert self.polling().wait(120) == 0

    def state(self, token: str) -> PayState:
        return self.backend.read_now(told, self.flat.person.id, token).state

    def pays(self, token: str) -> str:
        number = self.bank.keys[token]
        self.bank.pay(number)
        return number


def has_more(till: Till, messages: int) -> bool:
    return rows(till.backend, Inbox) > messages


@pytest.fixture
def till(database_url: str, tmp_path: Path) -> Iterator[Till]:
    backend = Backend(database_url)
    with BankServer() as bank:
        till = Till(backend, bank, tmp_path / "data", database_url)
        yield till
        if till.server.running():
            till.server.kill()
    backend.close()


def test_a_killed_question_is_asked_again_and_makes_no_second_payment(till: Till) -> None:
    """Stored, and nobody has called yet; then killed while the bank has the request, twice, and
    while it has the question.
    """
    token = till.begins()
    assert till.state(token) is PayState.CHECKING
    till.bank.hold()
    for _ in range(2):
        asking = till.polling()
        assert till.bank.has_heard.wait(60)
        asking.kill()
        asking.wait()
        till.bank.has_heard.clear()
        assert till.state(token) is PayState.CHECKING
    till.bank.may_answer.set()
    till.poll()
    assert (till.state(token), len(till.bank.payments)) == (PayState.WAITING, 1)

    till.pays(token)
    till.bank.hold()
    asking = till.polling()
    assert till.bank.has_heard.wait(60)
    asking.kill()
    asking.wait()
    assert till.state(token) is PayState.WAITING
    till.bank.may_answer.set()
    till.poll()
    till.poll()
    assert (till.state(token), rows(till.backend, Payment)) == (PayState.DONE, 1)
    assert till.backend.read_now(audit) == ()


def test_a_server_killed_between_a_notification_and_its_question_loses_nothing(till: Till) -> None:
    token = till.begins()
    till.poll()
    number = till.pays(token)
    till.server.start()
    answers = rows(till.backend, Inbox)
    said = {
        "event": "payment.succeeded",
        "object": {"id": number, "metadata": {"payment_intent_id": token}},
    }
    till.bank.hold()
    address = f"{till.server.url}/pay/yookassa/notifications"
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(httpx.post, address, json=said, timeout=120)
        wait_until(partial(has_more, till, answers), "the notification is kept", 60)
        assert till.bank.has_heard.wait(60)
        till.server.kill()
    assert isinstance(sending.exception(), httpx.TransportError), "nobody has answered"
    assert till.state(token) is PayState.WAITING

    till.bank.may_answer.set()
    till.poll()
    assert (till.state(token), rows(till.backend, Payment)) == (PayState.DONE, 1)

    till.server.start()
    with httpx.Client(base_url=till.server.url, timeout=60) as sender:
        answer = sender.post("/pay/yookassa/notifications", json=said)
    assert (answer.status_code, rows(till.backend, Payment)) == (200, 1)
    assert till.backend.read_now(audit) == ()
