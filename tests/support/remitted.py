"""A house whose payments were shared out to the lines that they paid, and a supplier sent money."""

from sqlalchemy import select

from portal.db.base import table_of
from portal.db.invoices import Allocation, InvoiceLine
from portal.db.ledger import LedgerAccount, Transfer
from portal.db.settlements import Remittance, Share
from portal.db.suppliers import Supplier
from portal.domain.money import ZERO, Money
from portal.domain.period import Period
from tests.builders import NOW, House, InvoiceRow

REMITTED = Money.parse("100")


def gets_settled(house: House, invoice: InvoiceRow) -> None:
    _shares(house, invoice)
    _remits(house)


def _shares(house: House, invoice: InvoiceRow) -> None:
    """The whole of the invoice's payment to its first line; of an own service nothing is kept."""
    part, line = table_of(Allocation), table_of(InvoiceLine)
    allocation = house.writes(
        lambda s: s.execute(select(part).where(part.c.invoice_id == invoice.id)).one()
    )
    line_id = house.writes(
        lambda s: s.scalar(select(line.c.id).where(line.c.invoice_id == invoice.id))
    )
    house.adds(
        Share, allocation_id=allocation.id, invoice_line_id=line_id, amount=allocation.amount,
        commission=ZERO, period=Period(2026, 10),
    )  # fmt: skip


def _remits(house: House) -> None:
    supplier_id = house.adds(
        Supplier, key=house.unique("supplier"), name="АО «Теплосеть»", inn="7736520080",
        account="40702810338360027201", bank_name="ПАО Сбербанк", bic="044525225",
    )  # fmt: skip
    remittance_id = house.adds(
        Remittance, operator_id=house.operator_id, supplier_id=supplier_id, document="п/п 45",
        amount=REMITTED, remitted_on=NOW.date(), accepted_at=NOW, officer="tests",
    )  # fmt: skip
    owner = f"{house.operator_id}/{supplier_id}"
    house.adds(
        Transfer,
        debit_id=house.adds(LedgerAccount, kind="supplier", owner=owner),
        credit_id=house.adds(LedgerAccount, kind="bank", owner=str(house.operator_id)),
        amount=REMITTED, code="remittance", posted_at=NOW, remittance_id=remittance_id,
    )  # fmt: skip
