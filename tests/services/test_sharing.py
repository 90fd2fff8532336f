"""Whose line of an invoice was paid by what."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from portal.backend import Backend
from portal.db.base import table_of
from portal.db.invoices import Allocation, InvoiceLine
from portal.domain.money import Money
from portal.errors import Refused
from portal.services.office.settling.sharing import LineShare, invoice_shares, line_shares
from tests.builders import NOW, Account, ChargeRow, Flat, InvoiceRow, a_house
from tests.support.statements import counted

_line = table_of(InvoiceLine)


@dataclass
class Paying:
    """One flat whose invoices have lines of so many roubles each."""

    flat: Flat
    account: Account

    @classmethod
    def on(cls, backend: Backend, key: str = "uk") -> "Paying":
        flat = a_house(backend, key).a_resident().an_agreement()
        return cls(flat, flat.an_account())

    def asks(self, *roubles: str) -> InvoiceRow:
        return self.flat.an_invoice([self._charged(amount) for amount in roubles])

    def _charged(self, roubles: str) -> ChargeRow:
        service = self.flat.house.a_service(price="1", kind="periodic", method="fixed")
        return self.account.is_charged(service, roubles)

    def parts(self, invoice: InvoiceRow) -> list[list[tuple[int, str]]]:
        """Of each line what each allocation paid of it, in roubles."""
        backend = self.flat.house.backend
        found = backend.read_now(line_shares, [self.flat.id])
        ids = select(_line.c.id).where(_line.c.invoice_id == invoice.id).order_by(_line.c.position)
        lines = backend.read_now(lambda session: list(session.scalars(ids)))
        return [
            [(one.allocation_id, one.amount.plain) for one in found.get(line, ())] for line in lines
        ]


@pytest.fixture
def paying(backend: Backend) -> Paying:
    return Paying.on(backend)


def test_a_payment_in_part_is_shared_in_proportion_to_the_lines(paying):
    invoice = paying.asks("600", "300", "100")
    paying.flat.a_payment("500", pays=[(invoice, "500")])
    assert paying.parts(invoice) == [[(1, "300,00")], [(1, "150,00")], [(1, "50,00")]]


def test_what_is_paid_in_parts_ends_at_the_lines(paying):
    invoice = paying.asks("0,10", "0,10", "0,10")
    for part in ("0,10", "0,10", "0,10"):
        paying.flat.a_payment(part, pays=[(invoice, part)])
    parts = paying.parts(invoice)
    whole = [Money.total(Money.parse(amount) for _, amount in line) for line in parts]
    assert whole == [Money(10)] * 3
    assert parts[0][0] == (1, "0,04")


def test_a_line_in_the_residents_favour_has_a_part_below_zero(paying):
    invoice = paying.asks("1000", "-400")
    paying.flat.a_payment("300", pays=[(invoice, "300")])
    assert paying.parts(invoice) == [[(1, "500,00")], [(1, "-200,00")]]


def test_one_payment_pays_two_invoices_each_by_its_own_lines(paying):
    first, second = paying.asks("100"), paying.asks("30", "70")
    paying.flat.a_payment("200", pays=[(first, "100"), (second, "50")])
    assert paying.parts(first) == [[(1, "100,00")]]
    assert paying.parts(second) == [[(2, "15,00")], [(2, "35,00")]]


def test_a_line_of_which_nothing_was_paid_is_not_there(paying):
    invoice = paying.asks("100")
    assert paying.parts(invoice) == [[]]
    assert paying.flat.house.backend.read_now(line_shares, []) == {}


def test_it_is_paid_on_the_payments_day_where_the_operator_is(paying):
    invoice = paying.asks("100")
    late = datetime(2026, 11, 9, 22, tzinfo=UTC)
    paying.flat.a_payment("100", at=late, pays=[(invoice, "100")])
    ((share,),) = paying.flat.house.backend.read_now(line_shares, [paying.flat.id]).values()
    assert share == LineShare(1, date(2026, 11, 10), Money(100_00))


def test_of_an_invoice_alone_it_is_the_same(paying):
    first, second = paying.asks("100", "33"), paying.asks("30", "70")
    paying.flat.a_payment("150", pays=[(second, "77"), (first, "73")])
    backend = paying.flat.house.backend
    both = backend.read_now(line_shares, [paying.flat.id])
    each = [dict(backend.read_now(invoice_shares, [one.id])) for one in (first, second)]
    assert each[0] | each[1] == both
    assert not each[0].keys() & each[1].keys()


def test_of_others_nothing_is_told(paying):
    other = Paying(neighbour := paying.flat.person.an_agreement(), neighbour.an_account())
    invoice = other.asks("100")
    neighbour.a_payment("100", pays=[(invoice, "100")])
    backend = paying.flat.house.backend
    assert backend.read_now(line_shares, [paying.flat.id]) == {}
    assert len(backend.read_now(line_shares, [paying.flat.id, neighbour.id])) == 1


def test_more_than_an_invoice_asks_for_is_no_share(paying):
    invoice = paying.asks("100")
    paying.flat.a_payment("150", pays=[(invoice, "150")])
    with pytest.raises(Refused, match=f"Счет № {invoice.number} оплачен больше, чем в нем стоит"):
        paying.parts(invoice)


def test_the_number_of_statements_does_not_grow(paying):
    for _ in range(5):
        invoice = paying.asks("100", "50")
        paying.flat.a_payment("120", pays=[(invoice, "120")])
    backend = paying.flat.house.backend
    with counted(backend.engine) as statements:
        backend.read_now(line_shares, [paying.flat.id])
    assert len(statements) == 2


def test_a_document_in_the_residents_favour_pays_with_what_its_lines_take_back(paying):
    invoice, credit = paying.asks("600", "200"), paying.asks("-300", "-100")
    paying.flat.house.adds(
        Allocation, credit_id=credit.id, invoice_id=invoice.id, amount=Money(100_00),
        allocated_at=NOW,
    )  # fmt: skip
    assert paying.parts(invoice) == [[(1, "75,00")], [(1, "25,00")]]
    assert paying.parts(credit) == [[(1, "-75,00")], [(1, "-25,00")]]
    shares = paying.flat.house.backend.read_now(line_shares, [paying.flat.id])
    # The day of a credit is that of its document.
    assert {one.paid_on for line in shares.values() for one in line} == {date(2026, 12, 1)}
