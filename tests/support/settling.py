"""What a test does with the money that came for a house's invoices."""

from datetime import datetime

from portal.backend import Backend
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.settlement import Figures
from portal.services.office.billing.run import Order
from portal.services.office.invoicing.allocating import allocate
from portal.services.office.settling.remitting import Paper, Remitted, remit
from portal.services.office.settling.report import Party, settlement
from portal.services.office.settling.run import Shared, chunks, settle_chunk
from tests.builders import Flat
from tests.support.billed import OFFICER, BilledHouse


def pays(flat: Flat, amount: str, at: datetime) -> int:
    """The oldest of its invoices; the payment's id."""
    payment_id = flat.a_payment(amount, at=at)
    flat.house.writes(lambda session: allocate(session, [flat.id], at))
    return payment_id


def settles(
    town: BilledHouse, period: Period, *, is_dry: bool = False, backend: Backend | None = None
) -> Shared:
    """As the command does: chunk by chunk."""
    door = backend or town.backend
    order = Order(town.house.operator_id, period, is_dry)
    run = door.read_now if is_dry else door.write_now
    parts = door.read_now(chunks, OFFICER, order)
    return sum((run(settle_chunk, OFFICER, order, part) for part in parts), Shared())


def report(
    town: BilledHouse, period: Period, pending: Shared | None = None, *, is_detailed: bool = False
) -> dict[str, Party]:
    """By the names of the parties."""
    order = Order(town.house.operator_id, period)
    told = town.backend.read_now(settlement, OFFICER, order, pending, is_detailed=is_detailed)
    return {party.name: party for party in told}


def remits(town: BilledHouse, amount: str, document: str, now: datetime) -> Remitted:
    sides = town.house.operator_id, town.supplier_id
    paper = Paper(document, Money.parse(amount))
    return town.backend.write_now(remit, OFFICER, sides, paper, now)


def whole(parties: dict[str, Party]) -> Figures:
    return sum((party.figures for party in parties.values()), Figures())
