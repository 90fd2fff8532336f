"""A bank's notifications in any order, any number, late, forged, cut short, from strangers, while
the bank itself is down: money is credited exactly when the bank says that it is paid, and once.
"""

import asyncio
import json
import random
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import httpx
import pytest

from portal.backend import Backend
from portal.db.incoming import Inbox
from portal.db.ledger import Payment, Refund
from portal.domain.money import Money
from portal.domain.paying import BankRefund, PayState
from portal.services.audit import audit
from portal.services.paying.telling import told
from tests.builders import NOW, Flat, a_house
from tests.conftest import FULL
from tests.support.acquiring import SECRET, a_card_channel, begins
from tests.support.bank import FakeBank
from tests.support.browsing import Portal, stored
from tests.support.incoming import rows

PATH = "/pay/yookassa/notifications"
EVENTS = (
    "payment.waiting_for_capture", "payment.succeeded", "payment.canceled", "refund.succeeded",
    "payout.succeeded",
)  # fmt: skip
BANKS = "185.71.76.5"


class Town:
    """A portal of one house, and what a bank sends to it."""

    def __init__(self, backend: Backend, folder: Path) -> None:
        self.backend, self.bank = backend, FakeBank()
        self.portal = type("BankPortal", (Portal,), {"bank": self.bank})(backend, folder, **SECRET)
        self.flat: Flat = a_house(backend).a_resident().an_agreement("DOM-12")
        a_card_channel(self.flat.house)

    async def begins(self) -> tuple[str, str]:
        """A payment that the bank has begun: our token and its number."""
        token = begins(self.flat, at=self.backend.clock())
        number = f"bank-{token}"
        assert await self.portal.cashier.send(token) is not None
        return token, number

    async def sends(
        self, body: dict[str, Any] | bytes, address: str = BANKS, path: str = PATH
    ) -> httpx.Response:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with self.portal.machine(None, address) as sender:
            return await sender.post(path, content=raw)

    def state(self, token: str) -> PayState:
        return self.backend.read_now(told, self.flat.person.id, token).state

    def is_paid(self, token: str) -> bool:
        return self.state(token) is PayState.DONE


@pytest.fixture
def town(backend: Backend, tmp_path: Path) -> Town:
    return Town(backend, tmp_path)


def notice(event: str, number: str, token: str, **more: Any) -> dict[str, Any]:
    """As the bank writes it; what it says beside the number is true or not."""
    about = {
        "id": number, "status": event.partition(".")[2], "paid": event == "payment.succeeded",
        "amount": {"value": "4028.75", "currency": "RUB"},
        "metadata": {"payment_intent_id": token, "account": "DOM-12"},
    } | more  # fmt: skip
    return {"type": "notification", "event": event, "object": about}


@pytest.mark.timeout(900)
async def test_in_every_order_it_is_credited_when_the_bank_says_so_and_once(
    town: Town, full: bool
) -> None:
    """Of the five one is true: from then on, and not before, the bank itself says «paid»."""
    orders = list(permutations(EVENTS))
    assert len(orders) == 120
    times = 10 if full else 1
    for hour, order in enumerate(orders):
        town.backend.clock = lambda at=NOW + timedelta(hours=hour): at  # type: ignore[misc] # bound
        token, number = await town.begins()
        is_true = False
        for event in order:
            if event == "payment.succeeded":
                town.bank.pays(number)
                is_true = True
            sent = [town.sends(notice(event, number, token)) for _ in range(times)]
            expected = 503 if event.startswith("refund.") else 200  # the bank knows of no refund
            assert {answer.status_code for answer in await asyncio.gather(*sent)} == {expected}
            has_looked = is_true and any(
                each.startswith("payment.") for each in order[: order.index(event) + 1]
            )
            assert town.is_paid(token) == has_looked
    assert rows(town.backend, Payment) == len(orders)
    assert town.backend.read_now(audit) == ()


@pytest.mark.timeout(300)
async def test_ten_at_once_and_ten_a_day_later_are_one(town: Town) -> None:
    token, number = await town.begins()
    town.bank.pays(number)
    sent = notice("payment.succeeded", number, token)
    for at in (NOW, NOW + timedelta(hours=24), NOW + timedelta(days=30)):
        town.backend.clock = lambda at=at: at  # type: ignore[misc] # bound
        answers = await asyncio.gather(*(town.sends(sent) for _ in range(10)))
        assert {answer.status_code for answer in answers} == {200}
    assert (rows(town.backend, Payment), rows(town.backend, Inbox)) == (1, 31)
    assert town.backend.read_now(audit) == ()


async def test_what_comes_a_day_late_is_credited(town: Town) -> None:
    token, number = await town.begins()
    town.bank.pays(number)
    town.backend.clock = lambda: NOW + timedelta(hours=24)
    await town.sends(notice("payment.succeeded", number, token))
    assert town.is_paid(token)


FORGED: list[dict[str, Any]] = [
    {}, {"amount": {"value": "1000000.00", "currency": "RUB"}},
    {"metadata": {"payment_intent_id": "another", "account": "DOM-13"}}, {"metadata": None},
]  # fmt: skip


@pytest.mark.parametrize("forged", FORGED)
async def test_a_body_alone_credits_nothing(town: Town, forged: dict[str, Any]) -> None:
    """Vector 51."""
    token, number = await town.begins()
    answer = await town.sends(notice("payment.succeeded", number, token, **forged))
    assert answer.status_code == 200
    assert (town.state(token), rows(town.backend, Payment)) == (PayState.WAITING, 0)


WRONG: list[dict[str, Any]] = [
    {"amount": Money.parse("4028")}, {"account": "DOM-13"}, {"currency": "USD"},
    {"is_paid": False}, {"token": "another"},
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
async def test_what_the_bank_has_otherwise_is_not_credited_and_is_reported(
    town: Town, wrong: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """Vector 52."""
    token, number = await town.begins()
    town.bank.pays(number, **wrong)
    await town.sends(notice("payment.succeeded", number, token))
    assert (town.state(token), rows(town.backend, Payment)) == (PayState.CHECKING, 0)
    assert "not meant" in caplog.text
    (strange,) = [row for row in stored(town.backend)["intent_event"] if row["state"] == "strange"]
    assert strange["words"]


async def test_a_bank_that_is_down_is_asked_later(town: Town) -> None:
    token, number = await town.begins()
    town.bank.pays(number)
    town.bank.is_down = True
    answer = await town.sends(notice("payment.succeeded", number, token))
    assert (answer.status_code, town.state(token)) == (200, PayState.WAITING)
    town.bank.is_down = False
    town.backend.clock = lambda: NOW + timedelta(minutes=5)
    assert await town.portal.cashier.poll() == 1
    assert town.is_paid(token)


async def test_a_payment_whose_answer_was_lost_is_known_by_our_own_token(town: Town) -> None:
    token = begins(town.flat)
    number = f"bank-{token}"
    await town.begins()
    town.bank.truth[number] = next(iter(town.bank.truth.values()))
    town.bank.pays(number, external_id=number, token=token)
    await town.sends(notice("payment.succeeded", number, token))
    assert town.is_paid(token)


async def test_a_refund_is_asked_of_and_noted_once(town: Town) -> None:
    invoice = town.flat.an_invoice(opening="4000")
    token, number = await town.begins()
    town.bank.pays(number)
    await town.sends(notice("payment.succeeded", number, token))
    said = notice("refund.succeeded", "back-1", token, payment_id=number)
    assert (await town.sends(said)).status_code == 503
    assert rows(town.backend, Refund) == 0

    told_back = BankRefund("back-1", number, "succeeded", Money.parse("28,75"), "RUB", NOW)
    town.bank.refunds["back-1"] = told_back
    for _ in range(10):
        assert (await town.sends(said)).status_code == 200
    shown = town.backend.read_now(told, town.flat.person.id, token)
    assert (shown.refunded, shown.applied_to) == (Money.parse("28,75"), (invoice.number,))
    assert rows(town.backend, Refund) == 1

    town.bank.refunds["back-2"] = replace(
        told_back, external_id="back-2", amount=Money.parse("9000")
    )
    too_much = notice("refund.succeeded", "back-2", token)
    assert (await town.sends(too_much)).status_code == 200
    assert rows(town.backend, Refund) == 1
    assert town.backend.read_now(audit) == ()


async def test_a_refund_that_is_told_of_before_its_payment_follows_it(town: Town) -> None:
    """Otherwise what went back would be credited with the payment, and stay so."""
    token, number = await town.begins()
    town.bank.pays(number)
    town.bank.refunds["back-1"] = BankRefund(
        "back-1", number, "succeeded", Money.parse("4028,75"), "RUB", NOW
    )
    said = notice("refund.succeeded", "back-1", token, payment_id=number)
    assert (await town.sends(said)).status_code == 200
    assert (rows(town.backend, Payment), rows(town.backend, Refund)) == (1, 1)
    await town.sends(notice("payment.succeeded", number, token))
    shown = town.backend.read_now(told, town.flat.person.id, token)
    assert (shown.refunded, shown.advance) == (Money.parse("4028,75"), Money(0))
    assert town.backend.read_now(audit) == ()


async def test_a_refund_of_a_payment_that_is_not_ours_is_nothing(town: Town) -> None:
    """The shop sells other things as well."""
    _, number = await town.begins()
    town.bank.truth["theirs"] = replace(
        town.bank.truth[number], external_id="theirs", token="", status="succeeded"
    )
    town.bank.refunds["back-1"] = BankRefund(
        "back-1", "theirs", "succeeded", Money.parse("10"), "RUB", NOW
    )
    assert (await town.sends(notice("refund.succeeded", "back-1", ""))).status_code == 200
    assert (rows(town.backend, Payment), rows(town.backend, Refund)) == (0, 0)


async def test_a_refund_that_the_bank_is_still_at_is_told_of_again(town: Town) -> None:
    token, number = await town.begins()
    town.bank.pays(number)
    await town.sends(notice("payment.succeeded", number, token))
    said = notice("refund.succeeded", "back-1", token, payment_id=number)
    back = BankRefund("back-1", number, "pending", Money.parse("28,75"), "RUB", NOW)
    for status, expected in (("pending", 503), ("succeeded", 200)):
        town.bank.refunds["back-1"] = replace(back, status=status)
        assert (await town.sends(said)).status_code == expected
    assert rows(town.backend, Refund) == 1


STRANGERS = ("192.0.2.7", "127.0.0.1", "185.71.76.32", "77.75.156.12", "2a02:5180:0:1510::1", "")


@pytest.mark.parametrize("address", STRANGERS)
async def test_strangers_are_not_heard(town: Town, address: str) -> None:
    token, number = await town.begins()
    town.bank.pays(number)
    asked = town.bank.asked.copy()
    answer = await town.sends(notice("payment.succeeded", number, token), address)
    assert (answer.status_code, answer.text) == (403, "")
    assert (rows(town.backend, Inbox), town.bank.asked) == (0, asked)


@pytest.mark.parametrize(
    "address", ["185.71.77.1", "77.75.153.127", "77.75.156.35", "2a02:5180:0:2669::7"]
)
async def test_the_banks_own_addresses_are_heard(town: Town, address: str) -> None:
    token, number = await town.begins()
    town.bank.pays(number)
    await town.sends(notice("payment.succeeded", number, token), address)
    assert town.is_paid(token)


async def test_a_channel_is_named_where_several_would_fit(town: Town) -> None:
    other = a_house(town.backend, "other")
    a_card_channel(other, "card-2")
    token, number = await town.begins()
    town.bank.pays(number)
    said = notice("payment.succeeded", number, token)
    assert (await town.sends(said)).status_code == 403
    await town.sends(said, path=f"{PATH}/card-2")
    assert not town.is_paid(token)
    await town.sends(said, path=f"{PATH}/card-1")
    assert town.is_paid(token)
    assert (await town.sends(said, path=f"{PATH}/none")).status_code == 403


@pytest.mark.parametrize("dialect", ["osmp", "sber", "yookassa/notifications"])
async def test_an_address_with_what_no_key_has_names_nobody(town: Town, dialect: str) -> None:
    assert (await town.sends({}, path=f"/pay/{dialect}/%00")).status_code == 403


async def test_no_page_sends_one(town: Town) -> None:
    token, number = await town.begins()
    async with town.portal.machine(None, BANKS) as sender:
        answer = await sender.post(
            PATH,
            json=notice("payment.succeeded", number, token),
            headers={"origin": "https://evil.example"},
        )
        assert answer.status_code == 403
    assert not town.is_paid(token)


async def test_what_is_kept_of_it_has_no_card(town: Town) -> None:
    token, number = await town.begins()
    said = notice("payment.waiting_for_capture", number, token, card={"number": "4111111111111111"})
    await town.sends(said)
    (row,) = stored(town.backend)["inbox"]
    assert "4111" not in row["message"]
    assert number in row["message"]
    assert row["address"] == BANKS


# --- whatever is sent ---------------------------------------------------------------------------

REQUESTS = 10_000 * (1 + FULL)
"""The terminals' two endpoints are sent as many each."""
ODD: list[Any] = [
    None, True, 0, -1, 1.5, "", "x", "\0", "\ud800", [], [[]], {}, "9" * 400, "' OR '1'='1",
    "payment.", "payment.succeeded", {"id": 1}, 10**40, "../x", "<x/>",
]  # fmt: skip


@pytest.fixture
def sqlite_town(sqlite_url: str, tmp_path: Path) -> Iterator[Town]:
    backend = Backend(sqlite_url, clock=lambda: NOW)
    yield Town(backend, tmp_path)
    backend.close()


@pytest.mark.timeout(900)
async def test_no_fault_and_no_credit_whatever_is_sent(sqlite_town: Town) -> None:
    chance, town = random.Random(7), sqlite_town
    token, number = await town.begins()
    sender = town.portal.asking(BANKS)
    for _ in range(REQUESTS):
        sent = mangled(chance, token, number)
        answer = await sender.post(PATH, sent)
        assert answer.status_code in {200, 503}, sent  # of a refund that there is not: later
    assert rows(town.backend, Payment) == 0
    assert rows(town.backend, Inbox) == REQUESTS
    assert town.state(token) is PayState.WAITING
    assert town.backend.read_now(audit) == ()


def mangled(chance: random.Random, token: str, number: str) -> bytes:
    """A notification with things in it changed, or cut short, or no notification at all."""
    body = notice(chance.choice(EVENTS), chance.choice([number, "other"]), token)
    for _ in range(chance.randrange(3)):
        inner = body.get("object")
        place = inner if isinstance(inner, dict) and chance.random() < 0.5 else body
        place[chance.choice([*place, "more"])] = deepcopy(chance.choice(ODD))
    raw = json.dumps(body).encode()
    match chance.randrange(8):
        case 0:
            return raw[: chance.randrange(len(raw))]
        case 1:
            return raw.replace(b'"', chance.randbytes(1), 1)
        case 2:
            return chance.randbytes(chance.randrange(40))
        case 3:
            return b"[" * chance.randrange(5000)
        case _:
            return raw
