"""A terminal takes back a payment that it has told of: whole, once, while the month is open."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from portal.api.pay import desk
from portal.backend import Backend
from portal.db.incoming import Inbox
from portal.db.ledger import Refund
from portal.domain.incoming import Refusal
from portal.domain.period import Period
from portal.errors import Unavailable
from portal.services.audit import audit
from portal.services.incoming.suspense import assign
from portal.services.office.billing.periods import close_period
from tests.builders import BUILDER, NOW, a_house
from tests.support.browsing import Portal, stored
from tests.support.incoming import a_channel, rows
from tests.support.paying import OSMP, SBER, Hall
from tests.support.refunding import refunds, unpaid


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hall(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Hall]:
    backend = Backend(database_url, clock=clock)
    house = a_house(backend)
    flat = house.a_resident().an_agreement("0001234567")
    flat.an_invoice(opening="10", number="2026-1")
    for dialect in ("osmp", "sber"):
        a_channel(house, dialect, dialect)
    yield Hall(backend, Portal(backend, tmp_path), flat)
    backend.close()


CANCEL = {"command": "cancel", "txn_id": "1234567"}


async def test_it_goes_back_once_and_is_told_so_to_the_letter(hall: Hall, clock: Clock) -> None:
    paid = await hall.sends(OSMP, hall.osmp())
    assert unpaid(hall.backend) == {}
    cancelled = await hall.sends(OSMP, CANCEL)
    clock.now = NOW + timedelta(days=1)
    again = await hall.sends(f"{OSMP}/osmp", CANCEL)
    assert paid.content == cancelled.content == again.content
    assert unpaid(hall.backend) == {"2026-1": "10,00"}
    assert (rows(hall.backend, Refund), rows(hall.backend, Inbox)) == (1, 3)
    (row,) = stored(hall.backend)["refund"]
    assert (row["channel"], row["external_id"], row["officer"]) == ("osmp", "1234567", None)
    assert (await hall.told(OSMP, {"command": "status", "txn_id": "1234567"}))["result"] == "300"
    assert hall.backend.read_now(audit) == ()


async def test_what_nobody_has_paid_is_79(hall: Hall) -> None:
    """Nor is what the operator has entered himself the terminal's."""
    hall.flat.a_payment("10,45", channel="osmp", external_id="1234567")
    told = await hall.told(OSMP, CANCEL)
    assert (told["osmp_txn_id"], told["result"]) == ("1234567", "79")
    assert told["comment"] == Refusal.NOTHING_TO_CANCEL.value
    for number in ("", "12a", "1" * 21):
        assert (await hall.told(OSMP, CANCEL | {"txn_id": number}))["result"] == "300"
    assert rows(hall.backend, Refund) == 0


async def test_a_closed_month_keeps_it_and_a_repeat_is_still_told_the_same(
    hall: Hall, clock: Clock
) -> None:
    await hall.sends(OSMP, hall.osmp())
    await hall.sends(OSMP, hall.osmp(txn_id="2"))
    first = await hall.sends(OSMP, CANCEL)
    clock.now = NOW + timedelta(days=10)
    operator = hall.flat.house.operator_id
    hall.backend.write_now(close_period, BUILDER, operator, Period(2026, 11), clock.now)
    assert (await hall.told(OSMP, CANCEL | {"txn_id": "2"}))["result"] == "7"
    assert (await hall.sends(OSMP, CANCEL)).content == first.content
    assert rows(hall.backend, Refund) == 1


async def test_what_went_back_in_part_is_the_operators_to_decide(hall: Hall) -> None:
    await hall.sends(OSMP, hall.osmp())
    refunds(hall.backend, 1, "0,45", "1234567")
    told = await hall.told(OSMP, CANCEL)
    assert (told["result"], told["comment"]) == ("7", Refusal.NOT_CANCELLABLE.value)
    assert rows(hall.backend, Refund) == 1


async def test_what_is_held_goes_back_and_what_was_given_to_an_agreement_too(hall: Hall) -> None:
    for number in ("1", "2"):
        await hall.sends(OSMP, hall.osmp(account="0009999999", txn_id=number))
    hall.backend.write_now(assign, BUILDER, 2, hall.flat.number, "Чек", NOW)
    for number in ("1", "2", "1", "2"):
        assert (await hall.told(OSMP, CANCEL | {"txn_id": number}))["result"] == "0"
    found = [(row["payment_id"], row["incoming_id"]) for row in stored(hall.backend)["refund"]]
    assert found == [(None, 1), (1, None)]
    assert hall.backend.read_now(audit) == ()


async def test_while_the_database_is_away_it_is_to_be_repeated(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hall.sends(OSMP, hall.osmp())

    def away(*_: object) -> None:
        raise Unavailable("Нет базы")

    with monkeypatch.context() as broken:
        broken.setattr(desk, "cancel", away)
        assert (await hall.told(OSMP, CANCEL))["result"] == "1"
    assert (await hall.told(OSMP, CANCEL))["result"] == "0"


async def test_sberbank_has_no_such_command(hall: Hall) -> None:
    await hall.sends(SBER, hall.sber())
    assert (await hall.told(SBER, hall.sber("cancel")))["CODE"] == "2"
    assert rows(hall.backend, Refund) == 0
