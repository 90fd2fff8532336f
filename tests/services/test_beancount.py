"""A witness that is not ours: beancount balances the ledger of a year to the kopeck."""

from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from beancount import loader
from beancount.core.data import Balance, Entries, Transaction

from portal.backend import Backend
from portal.domain.period import Period
from portal.services.audit import audit
from portal.services.office.settling.beancount import ledger_lines
from tests.support.billed import BilledHouse, a_billed_house, is_read
from tests.support.invoiced import cancels, issues
from tests.support.settling import pays, remits, report, settles

WATER = "АО «Водоканал»"
YEAR = 2026


def moment(month: int, day: int) -> datetime:
    """Of the year, or of the one after it."""
    return datetime(YEAR + (month - 1) // 12, (month - 1) % 12 + 1, day, 9, tzinfo=UTC)


@pytest.fixture
def year(backend: Backend) -> BilledHouse:
    """Twelve months charged, asked for, paid in part, settled, sent on; one document taken back."""
    town = a_billed_house(backend, only=("upkeep", "zkh_cold", "internet"))
    for month in range(1, 13):
        period = Period(YEAR, month)
        for number, meter in enumerate(town.meters):
            if (month + number) % 5:
                is_read(meter, f"{100 + 7 * month + number},{month:03}", moment(month, 20).date())
        town.bills(period, moment(month, 28))
        settles(town, period)
        _sends(town, period, month)
        town.closes(period, moment(month + 1, 1))
        issues(town, period, moment(month + 1, 2))
        for number, flat in enumerate(town.flats):
            pays(flat, f"{1900 + 311 * number + 17 * month},{month:02}", moment(month + 1, 9))
    cancels(town, "2026-000003", moment(13, 10))
    settles(town, Period(YEAR + 1, 1))
    return town


def _sends(town: BilledHouse, period: Period, month: int) -> None:
    party = report(town, period).get(WATER)
    if party is not None and party.to_transfer.kopecks > 0 and month % 2:
        remits(town, party.to_transfer.plain, f"п/п {month}", moment(month, 28))


def read(town: BilledHouse, lines: list[str] | None = None) -> tuple[Entries, list[str]]:
    written = lines or town.backend.read_now(lambda session: list(ledger_lines(session)))
    entries, errors, _ = loader.load_string("\n".join(written))
    return entries, [error.message for error in errors]


def test_beancount_balances_a_year(year):
    assert year.backend.read_now(audit) == ()
    entries, errors = read(year)
    assert errors == []
    sums: dict[str, Decimal] = defaultdict(Decimal)
    codes = set()
    for entry in entries:
        if isinstance(entry, Transaction):
            codes.add(str(entry.narration).split()[0])
            for posting in entry.postings:
                assert posting.units is not None
                sums[posting.account] += posting.units.number or Decimal(0)
    assert codes == {"charge", "payment", "commission", "remittance"}
    told = {entry.account: entry.amount.number for entry in entries if isinstance(entry, Balance)}
    assert told == sums
    assert sum(sums.values()) == 0


def test_it_notices_a_kopeck(year):
    lines = year.backend.read_now(lambda session: list(ledger_lines(session)))
    last = lines[-1]
    number = last.split()[3]
    forged = f"{Decimal(number) + Decimal('0.01')}"
    _, errors = read(year, [*lines[:-1], last.replace(f" {number} ", f" {forged} ")])
    assert len(errors) == 1
    assert "Balance failed" in errors[0]
