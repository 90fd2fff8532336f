"""Bills of a house whose months are charged, and the rates that its penalties take."""

from datetime import UTC, date, datetime

from sqlalchemy import select

from portal.backend import Backend
from portal.db.base import table_of
from portal.db.ledger import Charge
from portal.db.parties import Operator
from portal.db.rates import KeyRate
from portal.db.session import Session
from portal.domain.money import Money
from portal.domain.period import Period
from portal.domain.quantity import Quantity
from portal.services.ledger import NewCharge
from tests.builders import ChargeRow, Flat, InvoiceRow
from tests.support.billed import LATE_OCTOBER, OCTOBER, BilledHouse, a_billed_house

JANUARY = Period(2027, 1)
FEBRUARY = JANUARY.shifted(1)
Penalty = tuple[str, Period, Money]


def a_house_that_charges_penalties(backend: Backend, *services: str) -> BilledHouse:
    """October is charged; its bills, once there are some, are due on 15 November 2026: from
    16 December on a day of delay costs a three hundredth of 9.5 % a year.
    """
    billed = a_billed_house(backend, only=services or ("upkeep", "zkh_cold"))
    billed.house.changes(Operator, billed.house.operator_id, charges_penalty=True)
    billed.house.adds(KeyRate, valid_from=date(2026, 1, 1), percent=Quantity.parse("16"))
    billed.bills(OCTOBER, LATE_OCTOBER)
    return billed


def within(period: Period, day: int = 20) -> datetime:
    return datetime(period.year, period.month, day, 9, tzinfo=UTC)


def billed_to(billed: BilledHouse, flat: Flat, period: Period = OCTOBER) -> InvoiceRow:
    """The bill of a month, of all charges that were posted in it."""
    return flat.an_invoice(charges_of(billed, flat, period), period=period)


def charges_of(billed: BilledHouse, flat: Flat, period: Period) -> list[ChargeRow]:
    table = table_of(Charge)
    query = select(table).where(table.c.agreement_id == flat.id, table.c.period == period)

    def read(session: Session) -> list[ChargeRow]:
        rows = session.execute(query.order_by(table.c.id)).mappings()
        return [ChargeRow(row["id"], _charge(billed, dict(row))) for row in rows]

    return billed.backend.read_now(read)


def _charge(billed: BilledHouse, row: dict[str, object]) -> NewCharge:
    row.pop("id")
    return NewCharge(**row, operator_id=billed.house.operator_id)  # type: ignore[arg-type]  # a row


def penalties(billed: BilledHouse) -> list[Penalty]:
    """Of which service, in which month, how much; in the order in which they were posted."""
    codes = {service.id: code for code, service in billed.services.items()}
    rows = billed.charges("service_id", "period", "part", "amount")
    return [(codes[row[0]], row[1], row[3]) for row in rows if row[2] == "penalty"]
