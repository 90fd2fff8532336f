"""Whatever is sent to the payment systems' door: an answer in their words, never a fault of ours,
and no credit but for a payment that is one.
"""

import random
import re
from collections import Counter as Tally
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote_from_bytes

import pytest

from portal.backend import Backend
from portal.services.audit import audit
from tests.builders import NOW, a_house
from tests.support.browsing import Portal, stored
from tests.support.incoming import a_channel
from tests.support.paying import OSMP, SBER

REQUESTS = 10_000
"""To each of the two."""
ODD = [
    "", " ", "0", "-1", "-10.45", "1e9", "10,45", "0.001", "NaN", "Infinity", "٣", "\0", "'", '"',
    "<x/>", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>&b;", "]]>", "%00", "&amp;",
    "' OR '1'='1", "{{7*7}}", "../../etc/passwd", "\u202e", "\ud7ff", "𝟏𝟎", "9" * 400, "DOM-12\n",
    "10.45 ", "+10.45", "10.450", "99999999999.99", "1" * 21, "20269999999999", "pay", "None",
]  # fmt: skip
GOOD = {
    "command": ["pay", "pay", "pay", "check", "status", "cancel", "PAY"],
    "txn_id": [str(number) for number in range(400)],
    "account": ["DOM-12", "dom-12", "DOM-99"],
    "sum": ["10.45", "10", "11.5", "0.01"],
    "txn_date": ["20261124115830", "20261123000000"],
}
SBERS = {
    "command": "ACTION", "txn_id": "PAY_ID", "account": "ACCOUNT", "sum": "AMOUNT",
    "txn_date": "PAY_DATE",
}  # fmt: skip
SBERS_GOOD = {
    "command": ["payment", "payment", "check", "refund"],
    "txn_date": ["24.11.2026_11:58:30", "23.11.2026_00:00:00"],
}
RESULT = re.compile(r"<(?:result|CODE)>(\d+)</")


@pytest.fixture
def portal(sqlite_url: str, tmp_path: Path) -> Iterator[Portal]:
    backend = Backend(sqlite_url, clock=lambda: NOW)
    house = a_house(backend)
    flat = house.a_resident().an_agreement("DOM-12")
    flat.an_invoice(opening="100")
    a_channel(house)
    a_channel(house, "sberbank", "sber")
    yield Portal(backend, tmp_path)
    backend.close()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("path", [OSMP, SBER])
async def test_no_fault_and_no_credit_but_for_payments(portal: Portal, path: str) -> None:
    chance, told = random.Random(path), Tally[str]()
    sender = portal.asking("127.0.0.1")
    for _ in range(REQUESTS):
        sent = message(chance, is_sbers=path == SBER)
        if chance.random() < 0.5:
            answer = await sender.get(path, sent)
        else:
            answer = await sender.post(path, sent.encode(), "application/x-www-form-urlencoded")
        assert answer.status_code == 200, sent
        told[one(RESULT.findall(answer.text))] += 1

    assert "1" not in told, told
    assert len(told) >= 7
    credited = stored(portal.backend)["incoming"]
    messages = {row["id"]: row["message"] for row in stored(portal.backend)["inbox"]}
    assert len(credited) > 100
    for row in credited:
        assert_is_a_payment(messages[row["inbox_id"]], row, is_sbers=path == SBER)
    assert portal.backend.read_now(audit) == ()


def message(chance: random.Random, *, is_sbers: bool) -> str:
    """A query or a form, mostly with something wrong in it."""
    parts = []
    for name, good in (GOOD | (SBERS_GOOD if is_sbers else {})).items():
        spelt = SBERS[name] if is_sbers else name
        times = chance.choices((0, 1, 2), (3, 94, 3))[0]
        parts += [f"{spelt}={value(chance, good)}" for _ in range(times)]
    chance.shuffle(parts)
    return "&".join(parts)


def value(chance: random.Random, good: list[str]) -> str:
    kind = chance.random()
    if kind < 0.85:
        return quote_from_bytes(chance.choice(good).encode())
    if kind < 0.95:
        return quote_from_bytes(chance.choice(ODD).encode())
    return quote_from_bytes(chance.randbytes(chance.randrange(12)))


def assert_is_a_payment(message: str, row: dict[str, Any], *, is_sbers: bool) -> None:
    """Read anew, by other means than the portal's."""
    fields = parse_qs(message, keep_blank_values=True, strict_parsing=True)
    names = SBERS if is_sbers else {name: name for name in SBERS}
    sent = {name: one(fields[spelt]) for name, spelt in names.items()}
    assert sent["command"] == ("payment" if is_sbers else "pay")
    assert sent["txn_id"] == row["external_id"]
    assert sent["account"] == row["account"]
    assert Decimal(sent["sum"]) * 100 == row["amount"].kopecks > 0
    shape = "%d.%m.%Y_%H:%M:%S" if is_sbers else "%Y%m%d%H%M%S"
    paid_at = datetime.strptime(sent["txn_date"], shape).replace(tzinfo=UTC) - timedelta(hours=3)
    assert paid_at == row["paid_at"]


def one(found: list[str]) -> str:
    (only,) = found
    return only
