"""A house whose payments were shared out to the lines that they paid, and a supplier sent money."""

from portal.db.ledger import LedgerAccount, Transfer
from portal.db.settlements import Remittance
from portal.db.suppliers import Supplier
from portal.domain.money import Money
from portal.domain.period import Period
from portal.services.office.billing.run import Order
from portal.services.office.settling.run import chunks, settle_chunk
from tests.builders import BUILDER, NOW, House

REMITTED = Money.parse("100")


def gets_settled(house: House) -> None:
    """What was paid until now is shared; whether it was so much for the supplier nobody asks."""
    order = Order(house.operator_id, Period.at(NOW, house.zone))
    for part in house.backend.read_now(chunks, BUILDER, order):
        house.backend.write_now(settle_chunk, BUILDER, order, part)
    _remits(house)


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
