"""`refund` of what was paid by card: the bank gives it back once, whatever happens on the way."""

import asyncio
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx
import pytest

from portal.backend import Backend
from portal.commands import refund_by_bank
from portal.db.ledger import Refund
from portal.db.paying import RefundRequest
from portal.gateways.yookassa import YooKassa
from portal.services.audit import audit
from tests.builders import Flat, a_house
from tests.cli.conftest import Cli, Told
from tests.support.acquiring import SECRET, a_card_channel, begins
from tests.support.browsing import Portal, stored
from tests.support.demo_bank import Served
from tests.support.incoming import a_channel, rows
from tests.support.processes import clean_environment, start
from tests.support.refunding import unpaid
from tests.support.waiting import wait_until

DOCUMENT = ("--document", "заявление 1", "--note", "Переплата")
NOTICES = "/pay/yookassa/notifications"


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path / "bank.json")
    server = served.start()
    yield served
    served.release()
    served.stop(server)


@pytest.fixture
def flat(backend: Backend, bank: Served) -> Flat:
    """At the hour that it is: what is killed here cannot be told another."""
    backend.clock = lambda: datetime.now(UTC)
    flat = a_house(backend).a_resident().an_agreement("DOM-12")
    a_card_channel(flat.house, base_url=f"{bank.url}/v3")
    return flat


@pytest.fixture
def portal(backend: Backend, flat: Flat, tmp_path: Path) -> Portal:
    return Portal(backend, tmp_path / "portal", **SECRET)


@pytest.fixture
def number(backend: Backend, flat: Flat, portal: Portal) -> str:
    """The bank's number of 4 028,75 that have paid an invoice of 4 000."""
    invoice = flat.an_invoice(opening="4000", number="2026-1")
    token = begins(flat, "4028,75", invoice.id, at=backend.clock())
    page = asyncio.run(portal.cashier.send(token))
    assert page is not None
    httpx.post(page, data={"mood": "silent"}, timeout=60)
    asyncio.run(portal.cashier.look(token))
    (payment,) = stored(backend)["payment"]
    return str(payment["external_id"])


@pytest.fixture
def refunds(cli: Cli, database_url: str, monkeypatch: pytest.MonkeyPatch) -> "partial[Told]":
    """The command, its documents left to the test."""
    monkeypatch.setenv("ZHKH_DATABASE_URL", database_url)
    for name, value in SECRET.items():
        monkeypatch.setenv(name, value)
    return partial(cli, "refund")


def is_impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    hasty = partial(YooKassa, httpx.Timeout(0.5))
    monkeypatch.setattr(refund_by_bank, "YooKassa", hasty)


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def the_end(backend: Backend, bank: Served, amount: str) -> None:
    """One refund here, and the same one there."""
    (booked,) = stored(backend)["refund"]
    assert (booked["amount"].plain, booked["note"] or "Переплата") == (amount, "Переплата")
    wait_until(lambda: bank.heard, "the bank tells of it, after its answer")
    assert booked["external_id"] in {each["object"]["id"] for each in bank.heard}
    assert len({each["object"]["id"] for each in bank.heard}) == 1
    assert rows(backend, RefundRequest) == 1
    assert backend.read_now(audit) == ()


def test_a_part_goes_back_through_the_bank_and_then_the_rest(
    backend: Backend, bank: Served, number: str, refunds: "partial[Told]"
) -> None:
    for _ in range(2):
        told = refunds(number, "--amount", "1000", *DOCUMENT)
        assert (told.code, told.err) == (0, "")
        assert "возврат 1 000,00 ₽ документом заявление 1: банк вернул" in plain(told.out)
    the_end(backend, bank, "1000,00")
    assert unpaid(backend) == {"2026-1": "971,25"}
    told = refunds(number, "--document", "заявление 2", "--note", "Переплата")
    assert "возврат 3 028,75 ₽" in plain(told.out)
    assert unpaid(backend) == {"2026-1": "4000,00"}
    assert backend.read_now(audit) == ()


def test_what_the_bank_was_asked_for_is_stored_first_and_not_asked_for_again(
    backend: Backend, bank: Served, number: str, refunds: "partial[Told]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The bank did it, and did not answer."""
    is_impatient(monkeypatch)
    bank.turns("mute")
    told = refunds(number, "--amount", "3000", *DOCUMENT)
    assert told.code == 1
    assert "ушли ли деньги — неизвестно" in told.err
    assert rows(backend, Refund) == 0
    other = refunds(number, "--amount", "1028,76", "--document", "заявление 2", "--note", "Ошибка")
    assert "от копейки до 1 028,75 ₽" in plain(other.err)
    assert "просили вернуть другое" in refunds(number, "--amount", "5", *DOCUMENT).err
    bank.release()
    told = refunds(number, "--amount", "3000", *DOCUMENT)
    assert (told.code, told.err) == (0, "")
    the_end(backend, bank, "3000,00")


def test_polling_finishes_what_the_bank_did_not_answer(
    backend: Backend, bank: Served, number: str, refunds: "partial[Told]", cli: Cli,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    is_impatient(monkeypatch)
    for mood in ("deaf", "mute"):
        bank.turns(mood)
        assert refunds(number, *DOCUMENT).code == 1
    bank.release()
    told = cli("poll")
    assert "Начатых возвратов: 1. Стал известен конец: 1, ждут банка: 0." in told.out
    the_end(backend, bank, "4028,75")
    assert "Начатых возвратов" not in cli("poll").out


@pytest.mark.parametrize("times", [1, 2])
def test_the_banks_notice_may_come_first_and_twice(
    backend: Backend, bank: Served, number: str, portal: Portal, refunds: "partial[Told]",
    monkeypatch: pytest.MonkeyPatch, times: int,
) -> None:  # fmt: skip
    is_impatient(monkeypatch)
    bank.turns("mute")
    assert refunds(number, *DOCUMENT).code == 1
    bank.release()
    (notice,) = wait_until(lambda: bank.heard, "the bank tells of it")
    assert notice["event"] == "refund.succeeded"

    async def told() -> int:
        async with portal.machine(None, "127.0.0.1") as sender:
            return (await sender.post(NOTICES, json=notice)).status_code

    assert [asyncio.run(told()) for _ in range(times)] == [200] * times
    assert rows(backend, Refund) == 1
    assert refunds(number, *DOCUMENT).code == 0
    assert asyncio.run(told()) == 200
    the_end(backend, bank, "4028,75")


@pytest.mark.parametrize("mood", ["deaf", "mute"])
def test_killed_between_the_call_and_the_books_it_is_finished_by_the_same_command(
    backend: Backend, database_url: str, bank: Served, number: str, refunds: "partial[Told]",
    tmp_path: Path, mood: str,
) -> None:  # fmt: skip
    bank.turns(mood)
    own = clean_environment(
        ZHKH_DATABASE_URL=database_url, ZHKH_DATA_DIR=str(tmp_path / "data"), **SECRET
    )
    command = [sys.executable, "-m", "portal", "refund", number, *DOCUMENT]
    killed = start(command, tmp_path / "log", env=own, cwd=Path.cwd())
    assert bank.has_heard.wait(60), (tmp_path / "log").read_text()
    killed.kill()
    killed.wait()
    assert (rows(backend, RefundRequest), rows(backend, Refund)) == (1, 0)
    assert backend.read_now(audit) == ()
    bank.release()
    told = refunds(number, *DOCUMENT)
    assert (told.code, told.err) == (0, "")
    the_end(backend, bank, "4028,75")


def test_what_the_bank_declines_is_said_and_nothing_is_booked(
    backend: Backend, flat: Flat, bank: Served, refunds: "partial[Told]"
) -> None:
    flat.a_payment("10", channel="card-1", external_id="none-of-the-bank")
    for _ in range(2):
        told = refunds("none-of-the-bank", *DOCUMENT)
        assert told.code == 1
        assert "банк отказал, денег не вернул: 400" in told.err
    assert (rows(backend, Refund), len(bank.heard)) == (0, 0)
    noted = refunds("none-of-the-bank", "--only-note", *DOCUMENT)
    assert (noted.code, "записан" in noted.out) == (0, True)
    assert backend.read_now(audit) == ()


def test_what_no_bank_can_be_asked_for_is_refused(
    backend: Backend, flat: Flat, number: str, refunds: "partial[Told]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    assert refunds(number, "--on", "2026-11-05", *DOCUMENT).code == 2
    assert refunds(number, "--amount", "4028,76", *DOCUMENT).code == 1
    monkeypatch.delenv("ZHKH_PAY_SECRET_CARD_1")
    assert "нет секрета" in refunds(number, *DOCUMENT).err
    assert rows(backend, RefundRequest) == 0
    flat.a_payment("10", channel=a_channel(flat.house).key, external_id="of-a-terminal")
    assert "записан" in refunds("of-a-terminal", *DOCUMENT).out
