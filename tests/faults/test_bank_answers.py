"""What a bank answers to our own questions: kept word for word before anything is made of it, each
answer once, and nobody's card, mail or secret with it.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.api.pay import cashier as cashiers
from portal.api.pay.cashier import Cashier
from portal.backend import Backend
from portal.db.incoming import Inbox
from portal.db.ledger import Payment, Refund
from portal.db.paying import IntentEvent, RefundEvent
from portal.errors import Unavailable
from portal.gateways.yookassa import ANSWER_MAX, YooKassa
from portal.services.audit import audit
from portal.services.incoming import inbox
from tests.builders import NOW, Flat, a_house
from tests.support.acquiring import SECRET, a_card_channel, asks_back, begins
from tests.support.bank import BankServer
from tests.support.browsing import stored
from tests.support.cabinet import OPEN, settings_of
from tests.support.incoming import rows


@pytest.fixture
def bank() -> Iterator[BankServer]:
    with BankServer() as bank:
        yield bank


@pytest.fixture
def flat(backend: Backend, bank: BankServer) -> Flat:
    flat = a_house(backend).a_resident(email="a@example.ru").an_agreement("DOM-12")
    a_card_channel(flat.house, base_url=bank.url)
    return flat


@pytest.fixture
def cashier(backend: Backend, tmp_path: Path) -> Cashier:
    return Cashier(backend, settings_of(tmp_path, OPEN | SECRET), YooKassa())


def kept(backend: Backend) -> list[tuple[str, str, str]]:
    """What was asked, how the bank answered, and what."""
    parts = [row["message"].split("\n", 2) for row in stored(backend)["inbox"]]
    return [(asked, status, said) for asked, status, said in parts]


async def test_what_repeats_is_kept_once_and_what_differs_is_kept(
    backend: Backend, bank: BankServer, flat: Flat, cashier: Cashier
) -> None:
    token = begins(flat)
    await cashier.send(token)
    number = bank.keys[token]
    for _ in range(5):
        await cashier.look(token)
    bank.pay(number)
    await cashier.look(token)
    told = kept(backend)
    asked = f"GET /payments/{number}"
    assert [each[:2] for each in told] == [
        (f"POST /payments {token}", "200"), (asked, "200"), (asked, "200"),
    ]  # fmt: skip
    assert [json.loads(said)["status"] for *_, said in told] == ["pending", "pending", "succeeded"]
    (paid,) = stored(backend)["incoming"]
    assert paid["inbox_id"] == stored(backend)["inbox"][2]["id"]
    assert (rows(backend, Payment), backend.read_now(audit)) == (1, ())
    everything = json.dumps(stored(backend), default=str)
    assert SECRET["ZHKH_PAY_SECRET_CARD_1"] not in everything
    assert "Basic" not in everything


ANSWERS: list[tuple[Any, str, str]] = [
    ((500, b"oops"), "500", "oops"),
    ((404, b'{"type": "error"}'), "404", '{"type": "error"}'),
    ((401, b""), "401", ""),
    ((302, b""), "302", ""),
    ((200, b"<html>\xff</html>"), "200", "<html>\\xff</html>"),
    ((200, b"{}"), "200", "{}"),
    ((200, b"x" * (ANSWER_MAX + 1)), "200 не до конца", "x" * 1000),
    ("cut", "200 не до конца", '{"id": "'),
]


@pytest.mark.parametrize(("mood", "status", "said"), ANSWERS, ids=lambda each: str(each)[:20])
async def test_what_is_no_answer_is_kept_as_well(
    backend: Backend, bank: BankServer, flat: Flat, cashier: Cashier, mood: Any, status: str,
    said: str,
) -> None:  # fmt: skip
    token = begins(flat)
    await cashier.send(token)
    bank.mood = mood
    for _ in range(3):
        await cashier.look(token)
    (asked, is_told, told) = kept(backend)[-1]
    assert (asked, is_told) == (f"GET /payments/{bank.keys[token]}", status)
    assert told.startswith(said)
    assert (rows(backend, Inbox), rows(backend, Payment)) == (2, 0)
    bank.mood = None
    bank.pay(bank.keys[token])
    await cashier.look(token)
    assert rows(backend, Payment) == 1


async def test_an_error_that_only_bears_another_number_is_the_same(
    backend: Backend, bank: BankServer, flat: Flat, cashier: Cashier
) -> None:
    token = begins(flat)
    for last in "123":
        error = f'{{"type": "error", "id": "ab5a11cd-13cc-4e33-af8b-75a74e18dd0{last}"}}'
        bank.mood = (500, error.encode())
        await cashier.send(token)
    assert rows(backend, Inbox) == 1


async def test_killed_between_the_answer_and_its_meaning_the_next_poll_finishes(
    backend: Backend, bank: BankServer, flat: Flat, cashier: Cashier,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    token = begins(flat, at=NOW - timedelta(hours=1))
    await cashier.send(token)
    bank.pay(bank.keys[token])

    def is_killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(cashiers, "settle", is_killed)
        with pytest.raises(KeyboardInterrupt):
            await cashier.look(token)
    assert (len(kept(backend)), rows(backend, Payment)) == (2, 0)
    assert json.loads(kept(backend)[1][2])["status"] == "succeeded"
    for _ in range(2):
        await cashier.poll_all()
    assert (len(kept(backend)), rows(backend, Payment)) == (2, 1)
    assert backend.read_now(audit) == ()


async def test_what_cannot_be_kept_is_not_interpreted(
    backend: Backend, bank: BankServer, flat: Flat, cashier: Cashier,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    token = begins(flat)

    def is_full(*_: object, **__: object) -> int:
        raise Unavailable("Диск полон")

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "keep", is_full)
        with pytest.raises(Unavailable):
            await cashier.send(token)
    assert (rows(backend, IntentEvent), rows(backend, Inbox)) == (0, 0)
    await cashier.send(token)
    assert (rows(backend, IntentEvent), len(bank.payments)) == (1, 1)


async def test_what_a_bank_says_of_refunds_is_kept(
    backend: Backend, bank: BankServer, flat: Flat, cashier: Cashier
) -> None:
    token = begins(flat)
    await cashier.send(token)
    bank.pay(bank.keys[token])
    await cashier.look(token)
    asked = asks_back(flat, bank.keys[token], "5")
    given = {
        "id": "back-1", "payment_id": bank.keys[token], "status": "pending",
        "amount": {"value": "5.00", "currency": "RUB"},
    }  # fmt: skip
    for status in ("pending", "pending", "succeeded"):
        bank.mood = (200, json.dumps(given | {"status": status}).encode())
        await cashier.returns.look(asked)
    told = [(question, json.loads(said)["status"]) for question, _, said in kept(backend)[2:]]
    assert told == [
        (f"POST /refunds {asked}", "pending"), ("GET /refunds/back-1", "pending"),
        ("GET /refunds/back-1", "succeeded"),
    ]  # fmt: skip
    assert (rows(backend, Refund), rows(backend, RefundEvent)) == (1, 2)
    (channel,) = {row["channel_id"] for row in stored(backend)["inbox"]}
    bank.mood = (200, json.dumps(given | {"id": "back-2", "status": "canceled"}).encode())
    await cashier.look_at_refund(channel, "back-2")
    assert kept(backend)[-1][0] == "GET /refunds/back-2"
    assert backend.read_now(audit) == ()


async def test_money_that_the_bank_tells_strangely_grows_no_table(
    backend: Backend, bank: BankServer, flat: Flat, cashier: Cashier
) -> None:
    """Its number is taken already, by other money: each question finds the same conflict."""
    token = begins(flat)
    await cashier.send(token)
    number = bank.keys[token]
    flat.a_payment("1", channel="card-1", external_id=number)
    bank.pay(number)
    for _ in range(4):
        await cashier.look(token)
    assert (len(stored(backend)["conflict"]), rows(backend, Inbox)) == (1, 2)
