"""A house whose payments were shared out to the lines that they paid, and a supplier sent money."""

from datetime import date

from sqlalchemy import select

from portal.db.base import table_of
from portal.db.ledger import LedgerAccount, Transfer
from portal.db.session import Session
from portal.db.settlements import Remittance
from portal.db.suppliers import ServiceTerms, Supplier
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.settlement import Scheme
from portal.services.office.billing.run import Order
from portal.services.office.settling.run import chunks, settle_chunk
from tests.builders import BUILDER, NOW, Flat, House

REMITTED = Money.parse("100")


def gets_settled(house: House, flat: Flat) -> None:
    """What was paid until now is shared; the supplier of the heating has all that is his."""
    supplier_id = _supplier(house)
    _pays_for_heating(flat, supplier_id)
    order = Order(house.operator_id, Period.at(NOW, house.zone))
    for part in house.backend.read_now(chunks, BUILDER, order):
        house.backend.write_now(settle_chunk, BUILDER, order, part)
    _remits(house, supplier_id)


def _supplier(house: House) -> int:
    return house.adds(
        Supplier, key=house.unique("supplier"), name="АО «Теплосеть»", inn="7736520080",
        account="40702810338360027201", bank_name="ПАО Сбербанк", bic="044525225",
    )  # fmt: skip


def _pays_for_heating(flat: Flat, supplier_id: int) -> None:
    house = flat.house
    service = house.a_periodic_service("Отопление", REMITTED.plain)
    house.adds(
        ServiceTerms, service_id=service.id, valid_from=date(2026, 1, 1),
        scheme=Scheme.AGENCY.value, supplier_id=supplier_id,
    )  # fmt: skip
    account = flat.an_account("Отопление", serial=None)
    charge = account.is_charged(service, scheme=Scheme.AGENCY.value, supplier_id=supplier_id)
    invoice = flat.an_invoice([charge])
    flat.a_payment(REMITTED.plain, pays=[(invoice, REMITTED.plain)])


def _remits(house: House, supplier_id: int) -> None:
    remittance_id = house.adds(
        Remittance, operator_id=house.operator_id, supplier_id=supplier_id, document="п/п 45",
        amount=REMITTED, remitted_on=NOW.date(), accepted_at=NOW, officer="tests",
    )  # fmt: skip
    owner = f"{house.operator_id}/{supplier_id}"
    (debit_id,) = house.backend.read_now(_side_of, owner)
    house.adds(
        Transfer,
        debit_id=debit_id,
        credit_id=house.adds(LedgerAccount, kind="bank", owner=str(house.operator_id)),
        amount=REMITTED, code="remittance", posted_at=NOW, remittance_id=remittance_id,
    )  # fmt: skip


def _side_of(session: Session, owner: str) -> list[int]:
    """The supplier's, opened with the charge."""
    sides = table_of(LedgerAccount)
    found = select(sides.c.id).where(sides.c.kind == "supplier", sides.c.owner == owner)
    return list(session.scalars(found))
