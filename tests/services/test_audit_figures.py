"""What a document says was owed and paid is proved by the books as they stood at its issue."""

from datetime import UTC, datetime

import pytest

from portal.backend import Backend
from portal.db.invoices import Invoice
from portal.domain.money import NBSP, Money
from portal.services.audit import audit
from tests.support.billed import LATE_NOVEMBER, NOVEMBER, OCTOBER, BilledHouse, a_billed_house
from tests.support.invoiced import NOW, cancels, issues, rows

SEPTEMBER = datetime(2026, 9, 5, 9, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 2, 9, tzinfo=UTC)


@pytest.fixture
def town(backend: Backend) -> BilledHouse:
    """Owed since September 361,90 less 100; 30 are paid in October, by Moscow's midnight."""
    town = a_billed_house(backend, 1, only=("upkeep",))
    town.accounts[0].is_charged(town.services["upkeep"], "10", at=SEPTEMBER)
    town.flats[0].a_payment("100", at=datetime(2026, 9, 30, 20, 59, tzinfo=UTC))
    town.flats[0].a_payment("30", at=datetime(2026, 9, 30, 21, 0, tzinfo=UTC))
    town.bills(OCTOBER, NOW)
    town.closes(OCTOBER, NOW)
    issues(town)
    return town


def proved(town: BilledHouse) -> list[str]:
    return [str(finding).replace(NBSP, " ") for finding in town.backend.read_now(audit)]


def test_what_came_later_though_of_an_earlier_day_changes_no_figure(town: BilledHouse) -> None:
    town.flats[0].a_payment("7", at=SEPTEMBER)
    assert rows(town, Invoice, "opening", "paid") == [(Money.parse("261,90"), Money.parse("30"))]
    assert proved(town) == []


def test_of_each_of_the_following_documents_by_its_own_time(town: BilledHouse) -> None:
    town.flats[0].a_payment("7", at=SEPTEMBER)
    (number,) = (row[0] for row in rows(town, Invoice, "number"))
    cancels(town, number)
    issues(town)
    town.bills(NOVEMBER, LATE_NOVEMBER)
    town.closes(NOVEMBER, DECEMBER)
    issues(town, NOVEMBER, DECEMBER)
    assert proved(town) == []


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("opening", "долг на начало 1,00 ₽, а по книгам при выставлении было 261,90 ₽"),
        ("paid", "оплачено 1,00 ₽, а по книгам при выставлении было 30,00 ₽"),
    ],
)
def test_another_figure_is_found(town: BilledHouse, column: str, words: str) -> None:
    town.house.changes(Invoice, rows(town, Invoice, "id")[0][0], **{column: Money.parse("1")})
    assert f"invoice 1: {words}" in proved(town)
