"""A loaded payment that does not say what it pays pays what fell due first, at once."""

from portal.db.invoices import Allocation
from portal.domain.money import Money
from portal.services.audit import audit
from tests.imports.conftest import HOUSE, Town

_OWED = Money.parse("2198,81")
"""Of the invoice on 2498,81, of which 300 are paid by the file of the house."""


def payment(number: int, amount: str, *, more: str = "") -> str:
    return f"""
[[payments]]
channel = "bank"
external_id = "{number}"
agreement = "DOM-2"
amount = "{amount}"
paid_at = 2026-11-10T12:00:00
{more}
"""


def parts(town: Town) -> list[tuple[int | None, Money]]:
    return [(row.payment_id, row.amount) for row in town.rows(Allocation)]


def test_it_pays_what_is_unpaid_and_the_rest_is_an_advance(town: Town) -> None:
    """The other payment named this very invoice with 300 of its 500: it gives no more to it."""
    town.loads()
    town.loads(payment(1, "3 000,00"))
    assert parts(town) == [(1, Money(300_00)), (2, _OWED)]
    assert town.backend.read_now(audit) == ()


def test_a_file_with_the_invoices_says_itself_what_they_were_paid_with(town: Town) -> None:
    town.loads(HOUSE + payment(1, "100,00"))
    assert parts(town) == [(1, Money(300_00))]


def test_who_says_what_he_pays_pays_that_alone(town: Town) -> None:
    """The rest of it stays an advance until invoices are issued."""
    town.loads()
    town.loads(payment(1, "500,00", more='invoices = [{ number = "2026-10", amount = "10,00" }]'))
    assert parts(town) == [(1, Money(300_00)), (2, Money(10_00))]


def test_loading_twice_pays_once(town: Town) -> None:
    town.loads()
    text = payment(1, "100,00")
    town.loads(text)
    assert len(parts(town)) == 2
    before = town.counts()
    report = town.loads(text)
    assert (report.new, report.changed) == (0, 0)
    assert town.counts() == before


def test_a_refused_file_pays_nothing(town: Town) -> None:
    town.loads()
    town.refuses(payment(1, "100,00") + payment(1, "100,00"))
    assert parts(town) == [(1, Money(300_00))]
