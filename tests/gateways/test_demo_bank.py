"""The demonstration's bank: the same protocol, a page with buttons, a memory, no money."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from portal.demo_bank.bank import AT, beside
from portal.domain.money import Money
from portal.domain.paying import Way
from portal.gateways.acquiring import Declined, NewPayment, Shop
from portal.gateways.yookassa import YooKassa
from tests.support.demo_bank import Served
from tests.support.markup import parse
from tests.support.waiting import wait_until

NEW = NewPayment(
    "token-1",
    "DOM-12",
    Money(402875),
    Way.SBP,
    "Оплата <ЖКУ>",
    "http://127.0.0.1:1/payment/token-1",
)


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path / "bank.json")
    server = served.start()
    yield served
    served.stop(server)


def shop(bank: Served) -> Shop:
    return Shop("demo", "sandbox", f"{bank.url}/v3")


async def press(page: str | None, mood: str) -> httpx.Response:
    async with httpx.AsyncClient(timeout=60) as person:
        assert page is not None
        return await person.post(page, data={"mood": mood})


@pytest.mark.parametrize(
    ("mood", "status", "times"),
    [("pay", "succeeded", 1), ("twice", "succeeded", 2), ("silent", "succeeded", 0),
     ("refuse", "canceled", 1)],
)  # fmt: skip
async def test_each_button_does_what_it_says(bank: Served, mood: str, status: str, times: int):
    begun = await YooKassa().create(shop(bank), NEW)
    answer = await press(begun.confirmation_url, mood)
    assert (answer.status_code, answer.headers["location"]) == (303, NEW.return_url)
    found = await YooKassa().find(shop(bank), begun.external_id)
    assert (found.status, found.is_paid) == (status, status == "succeeded")
    assert (found.amount, found.account, found.token) == (NEW.amount, "DOM-12", "token-1")
    assert (found.paid_at is not None) == found.is_paid
    wait_until(lambda: len(bank.heard) == times, "the bank has told", 60)
    assert {each["event"] for each in bank.heard} <= {f"payment.{status}"}

    again = await press(begun.confirmation_url, "refuse")
    assert again.status_code == 303
    assert (await YooKassa().find(shop(bank), begun.external_id)).status == status


async def test_one_key_is_one_payment_and_it_outlives_a_restart(tmp_path: Path):
    served = Served(tmp_path / "bank.json")
    server = served.start()
    begun = await YooKassa().create(shop(served), NEW)
    served.stop(server)
    server = served.start()
    again = await YooKassa().create(shop(served), NEW)
    assert again == begun
    served.stop(server)


async def test_the_page_says_loudly_what_it_is(bank: Served):
    begun = await YooKassa().create(shop(bank), NEW)
    async with httpx.AsyncClient(timeout=60) as person:
        page = await person.get(str(begun.confirmation_url))
        assert "Песочница" in page.text
        assert "деньги не списываются" in page.text
        assert "Оплата &lt;ЖКУ&gt;" in page.text
        assert "4\N{NO-BREAK SPACE}028,75" in page.text
        assert [each.text.strip()[:8] for each in parse(page.text).all("button")] == [
            "Оплатить", "Прислать", "МолчатьО", "Отказать",
        ]  # fmt: skip
        assert (await person.get(f"{bank.url}/pay/none")).status_code == 404
        nobody = await person.post(f"{bank.url}/v3/payments", json={})
        assert nobody.status_code == 401
    await press(begun.confirmation_url, "silent")
    async with httpx.AsyncClient(timeout=60) as person:
        page = await person.get(str(begun.confirmation_url))
        assert "уже оплачен" in page.text
        assert NEW.return_url in page.text


async def test_what_it_does_not_know_it_declines(bank: Served):
    with pytest.raises(Declined, match="404"):
        await YooKassa().find(shop(bank), "none")


async def test_at_the_portals_door_it_has_only_its_own_path():
    async def portal(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": scope["path"].encode()})

    async def bank(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 298, "headers": []})
        await send({"type": "http.response.body", "body": scope["path"].encode()})

    both = httpx.ASGITransport(beside(portal, bank))
    async with httpx.AsyncClient(transport=both, base_url="http://x") as person:
        asked = {path: await person.get(path) for path in ("/", f"{AT}x", f"{AT}/v3/payments")}
    assert {path: (answer.status_code, answer.text) for path, answer in asked.items()} == {
        "/": (299, "/"), f"{AT}x": (299, f"{AT}x"), f"{AT}/v3/payments": (298, "/v3/payments"),
    }  # fmt: skip
