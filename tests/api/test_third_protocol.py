"""A protocol that nobody has thought of: one file in the folder of protocols, and no line more."""

import sys
from collections.abc import Iterator
from importlib import invalidate_caches
from pathlib import Path
from textwrap import dedent

import pytest

from portal.backend import Backend
from portal.db.incoming import Inbox, Incoming
from portal.db.parties import Resident
from portal.domain import dialects as spoken
from portal.domain.identity import ResidentId
from portal.imports.book import format_text
from portal.services.audit import audit
from tests.builders import NOW, House
from tests.imports.conftest import HOUSE, Town
from tests.support.browsing import Portal, page_of
from tests.support.incoming import rows

TOY = '''
"""Почта: «DO=ask|take», its answers are lines of text."""

import re

from portal.domain.dialect import Asked, Dialect
from portal.domain.incoming import Command, account_of, amount_of, moment_of, number_of, written

_MOMENT = re.compile(
    r"(?P<year>\\d{4})-(?P<month>\\d\\d)-(?P<day>\\d\\d)"
    r"T(?P<hour>\\d\\d):(?P<minute>\\d\\d):(?P<second>\\d\\d)"
)


def _asked(command, fields):
    account = account_of(fields.get("WHO", ""))
    if command is Command.CHECK:
        return Asked(command, account=account)
    return Asked(
        command,
        number_of(fields.get("NO", "")),
        account,
        amount_of(fields.get("RUB", "")),
        moment_of(fields.get("AT", ""), _MOMENT),
    )


DIALECT = Dialect(
    name="post",
    title="почтовые отделения",
    command_field="DO",
    commands={"ask": Command.CHECK, "take": Command.PAY},
    asked=_asked,
    found=lambda asked, found: f"YES {found.payer} {written(found.to_pay)}",
    accepted=lambda receipt: f"TAKEN {receipt.number}",
    repeated=lambda receipt, first: first,
    done=lambda receipt: f"TAKEN {receipt.number}",
    refused=lambda fields, refusal: f"NO {refusal.name}",
    place="В любом отделении почты",
    media_type="text/plain; charset=utf-8",
)
'''
CHANNEL = """
[[pay_channels]]
key = "post-1"
operator = "uk"
dialect = "post"
name = "Почта"
amount_max = "1 000,00"
"""
PAYS = {"DO": "take", "NO": "77", "WHO": "DOM-2", "RUB": "10.45", "AT": "2026-11-24T11:58:30"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """One more folder of protocols, still empty."""
    here = tmp_path / "more"
    here.mkdir()
    monkeypatch.setattr(spoken, "__path__", [*spoken.__path__, str(here)])
    before = set(sys.modules)
    spoken.dialects.cache_clear()
    yield here
    spoken.dialects.cache_clear()
    for name in set(sys.modules) - before:
        if name.startswith(spoken.__name__):
            del sys.modules[name]


@pytest.fixture
def town(backend: Backend, tmp_path: Path) -> Town:
    return Town(backend, tmp_path / "house.toml")


async def test_one_file_is_a_protocol(folder: Path, town: Town, tmp_path: Path) -> None:
    (folder / "post_of_tests.py").write_text(dedent(TOY), "utf-8")
    town.loads(HOUSE + CHANNEL)
    resident = ResidentId(town.row(Resident).id)
    house = House(town.backend, NOW, "Europe/Moscow")
    house.changes(Resident, resident, must_change_password=False)
    portal = Portal(town.backend, tmp_path)
    async with portal.machine(None, "127.0.0.1") as terminal:
        found = await terminal.get("/pay/post", params={"DO": "ask", "WHO": "DOM-2"})
        first = await terminal.get("/pay/post/post-1", params=PAYS)
        again = await terminal.post("/pay/post", data=PAYS)
        other = await terminal.get("/pay/post", params=PAYS | {"RUB": "11"})
        large = await terminal.get("/pay/post", params=PAYS | {"NO": "78", "RUB": "1000.01"})
    assert found.text == "YES Иван Иванович И. 1898.81"
    assert found.headers["content-type"] == "text/plain; charset=utf-8"
    assert (first.text, again.content) == ("TAKEN 1", first.content)
    assert (other.text, large.text) == ("NO CONFLICT", "NO TOO_LARGE")
    assert (rows(town.backend, Incoming), rows(town.backend, Inbox)) == (1, 4)
    assert town.backend.read_now(audit) == ()
    async with portal.browser(resident) as browser:
        told = page_of(await browser.get("/payment")).text
    assert "Почта" in told
    assert "В любом отделении почты" in told
    assert "`post` (почтовые отделения)" in format_text()


def test_what_stands_in_a_file_is_known_by_its_word_alone(folder: Path, town: Town) -> None:
    told = town.refuses(HOUSE + CHANNEL)
    assert any("«post» не годится, бывает: «osmp», «sber»" in each for each in told), told
    (folder / "post_of_tests.py").write_text(dedent(TOY), "utf-8")
    invalidate_caches()  # the folder was looked into a moment ago
    spoken.dialects.cache_clear()
    told = town.refuses(HOUSE + CHANNEL + 'shop_id = "1"\n')
    assert "каналу терминалов ни к чему «shop_id»" in told[0]


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "no DIALECT"),
        (TOY.replace('"post"', '"yookassa"'), "no name of its own"),
        (TOY.replace('"post"', '"sber"'), "no name of its own"),
        (TOY.replace('"post"', '"a/b"'), "no name of its own"),
    ],
)
def test_a_file_that_is_none_stops_the_portal(folder: Path, written: str, why: str) -> None:
    (folder / "wrong_of_tests.py").write_text(dedent(written), "utf-8")
    with pytest.raises((TypeError, ValueError), match=why):
        spoken.dialects()
