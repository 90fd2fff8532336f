"""What a test does with the invoices of a house whose months are charged."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from portal.db.base import Base, table_of
from portal.db.session import Session
from portal.domain.period import Period
from portal.services.office.billing.run import Order, chunks
from portal.services.office.invoicing.cancelling import cancel_invoice
from portal.services.office.invoicing.run import Issued, issue_chunk
from tests.support.billed import OCTOBER, OFFICER, BilledHouse

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def issues(
    town: BilledHouse, period: Period = OCTOBER, now: datetime = NOW, *, is_dry: bool = False
) -> Issued:
    order, door = Order(town.house.operator_id, period, is_dry), town.backend
    run = door.read_now if is_dry else door.write_now
    parts = door.read_now(chunks, OFFICER, order, None)
    return sum((run(issue_chunk, OFFICER, order, part, now) for part in parts), Issued())


def cancels(town: BilledHouse, number: str, now: datetime = NOW, reason: str = "Ошибка") -> str:
    by: str = town.backend.write_now(cancel_invoice, OFFICER, number, (), reason, now)
    return by


def rows(town: BilledHouse, model: type[Base], *columns: str) -> list[Any]:
    table = table_of(model)
    chosen = [table.c[name] for name in columns] or list(table.columns)

    def query(session: Session) -> list[Any]:
        return list(session.execute(select(*chosen).order_by(table.c.id)))

    return town.backend.read_now(query)
