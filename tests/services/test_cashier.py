"""The cashier asks the bank until it knows, and never twice for one payment."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.api.pay import cashier
from portal.api.pay.cashier import ROUND_SECONDS, Cashier
from portal.backend import Backend
from portal.db.ledger import Payment
from portal.domain.paying import PayState
from portal.errors import Unavailable
from portal.gateways.acquiring import Declined, Unknown
from portal.services.audit import audit
from portal.services.paying.telling import told
from tests.builders import NOW, Flat, a_house
from tests.support.acquiring import SECRET, a_card_channel, begins
from tests.support.bank import FakeBank
from tests.support.browsing import stored
from tests.support.cabinet import settings_of
from tests.support.incoming import rows


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Desk:
    """A cashier, his bank, and the clock on the wall."""

    def __init__(self, backend: Backend, folder: Path) -> None:
        self.backend, self.clock, self.bank = backend, Clock(), FakeBank()
        backend.clock = self.clock
        self.flat: Flat = a_house(backend).a_resident().an_agreement("DOM-12")
        a_card_channel(self.flat.house)
        self.cashier = Cashier(backend, settings_of(folder, SECRET), self.bank)

    def state(self, token: str) -> PayState:
        return self.backend.read_now(told, self.flat.person.id, token).state


@pytest.fixture
def desk(backend: Backend, tmp_path: Path) -> Desk:
    return Desk(backend, tmp_path)


async def test_a_payment_is_asked_for_once_and_its_page_is_told(desk: Desk):
    token = begins(desk.flat)
    page = await desk.cashier.send(token)
    assert page == f"https://bank.example/bank-{token}"
    assert await desk.cashier.send(token) == page
    assert desk.state(token) is PayState.WAITING
    assert desk.bank.asked == {"create": 1}


async def test_a_bank_that_did_not_answer_is_asked_again_for_the_same(desk: Desk):
    token = begins(desk.flat)
    desk.bank.is_down = True
    assert await desk.cashier.send(token) is None
    assert desk.state(token) is PayState.CHECKING
    desk.bank.is_down = False
    desk.clock.now += timedelta(hours=20)
    await desk.cashier.look(token)
    assert (desk.state(token), len(desk.bank.truth)) == (PayState.WAITING, 1)


async def test_after_the_bank_has_forgotten_the_key_nothing_is_asked_for_anew(desk: Desk):
    """And nobody has seen its page: nothing can have been paid."""
    token = begins(desk.flat)
    desk.bank.is_down = True
    await desk.cashier.send(token)
    desk.bank.is_down = False
    desk.clock.now += timedelta(hours=23, minutes=1)
    assert await desk.cashier.send(token) is None
    assert desk.state(token) is PayState.CANCELED
    assert (desk.bank.asked["create"], desk.bank.truth) == (1, {})


async def test_a_no_of_the_bank_and_a_shop_without_a_secret_are_refusals(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    async def no(*_: Any) -> Any:
        raise Declined("401 invalid_credentials")

    monkeypatch.setattr(desk.bank, "create", no)
    token = begins(desk.flat)
    assert await desk.cashier.send(token) is None
    assert desk.state(token) is PayState.REFUSED
    poor = Cashier(desk.backend, settings_of(tmp_path, {}), desk.bank)
    other = begins(desk.flat)
    assert await poor.send(other) is None
    assert desk.state(other) is PayState.REFUSED


async def test_looking_settles_and_many_looks_at_once_settle_once(desk: Desk):
    desk.flat.an_invoice(opening="4028,75")
    token = begins(desk.flat)
    await desk.cashier.send(token)
    desk.bank.pays(f"bank-{token}")
    await asyncio.gather(*(desk.cashier.look(token) for _ in range(16)))
    assert (desk.state(token), rows(desk.backend, Payment)) == (PayState.DONE, 1)
    assert desk.backend.read_now(audit) == ()


async def test_a_resident_who_asks_again_and_again_makes_the_bank_be_asked_once_a_second(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cashier, "PEEK_SECONDS", 0.05)
    token = begins(desk.flat)
    await desk.cashier.send(token)
    await asyncio.gather(*(desk.cashier.peek(token) for _ in range(16)))
    assert desk.bank.asked["find"] == 1
    async with asyncio.timeout(10):
        while desk.bank.asked["find"] < 2:
            await desk.cashier.peek(token)
            await asyncio.sleep(0.01)


async def test_a_bank_that_does_not_know_the_shop_has_told_nothing_of_a_refund(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    """It will tell again: the operator may have given a wrong secret."""

    async def who(*_: Any) -> Any:
        raise Unknown("401 invalid_credentials")

    monkeypatch.setattr(desk.bank, "find_refund", who)
    (channel,) = stored(desk.backend)["pay_channel"]
    with pytest.raises(Unavailable, match="секрет"):
        await desk.cashier.look_at_refund(channel["id"], "refund-1")


async def test_the_rounds_find_what_nobody_has_told(desk: Desk):
    """Never sent, sent and paid, sent and canceled; the end of each is asked for once."""
    unsent = begins(desk.flat)
    paid, canceled = begins(desk.flat), begins(desk.flat)
    for token in (paid, canceled):
        await desk.cashier.send(token)
    assert await desk.cashier.poll() == 0
    desk.bank.pays(f"bank-{paid}")
    desk.bank.pays(f"bank-{canceled}", status="canceled", is_paid=False)
    desk.clock.now += timedelta(minutes=3)
    assert await desk.cashier.poll() == 3
    assert desk.state(unsent) is PayState.WAITING
    assert (desk.state(paid), desk.state(canceled)) == (PayState.DONE, PayState.CANCELED)
    desk.clock.now += timedelta(hours=1)
    assert await desk.cashier.poll() == 1


async def test_a_bank_that_is_down_is_asked_more_and_more_seldom_and_not_for_ever(desk: Desk):
    token = begins(desk.flat)
    await desk.cashier.send(token)
    desk.bank.is_down = True
    asked = 0
    while desk.clock.now < NOW + timedelta(hours=60):
        desk.clock.now += timedelta(seconds=10 * ROUND_SECONDS)
        asked += await desk.cashier.poll()
    assert 50 < asked < 90
    desk.bank.is_down = False
    desk.bank.pays(f"bank-{token}")
    assert await desk.cashier.poll() == 0
    assert await desk.cashier.poll_all() == 1
    assert desk.state(token) is PayState.DONE


async def test_what_was_paid_while_the_portal_was_off_for_days_is_found(desk: Desk):
    token = begins(desk.flat)
    await desk.cashier.send(token)
    desk.bank.pays(f"bank-{token}")
    desk.clock.now += timedelta(days=11)
    assert await desk.cashier.poll() == 1
    assert desk.state(token) is PayState.DONE


async def test_however_many_wait_each_has_its_turn(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cashier, "ROUND_MAX", 2)
    tokens = [begins(desk.flat) for _ in range(5)]
    for token in tokens:
        await desk.cashier.send(token)
    desk.bank.pays(f"bank-{tokens[-1]}")
    desk.clock.now += timedelta(minutes=3)
    assert [await desk.cashier.poll() for _ in range(4)] == [2, 2, 1, 0]
    assert desk.state(tokens[-1]) is PayState.DONE
    assert await desk.cashier.poll_all() == 4


async def test_a_word_of_another_payment_changes_nothing(desk: Desk):
    """A notification that carries our token and another's number, before the bank has answered."""
    victim, other = begins(desk.flat), begins(desk.flat, "10")
    await desk.cashier.send(other)
    desk.bank.pays(f"bank-{other}")
    await desk.cashier.look(victim, f"bank-{other}")
    assert (desk.state(victim), rows(desk.backend, Payment)) == (PayState.CHECKING, 0)
