"""Invoices broken off at any statement and issued again are as issued at once."""

from typing import Any

import pytest
from sqlalchemy import make_url, select

from portal.backend import Backend
from portal.db.base import Base, table_of
from portal.db.invoices import Allocation, Invoice, InvoiceLine
from portal.db.session import Session
from portal.services.audit import audit
from portal.services.office.billing import run
from portal.services.office.invoicing.run import issue_chunk
from tests.faults.test_interrupted_bill import (
    BrokenOffError,
    Rows,
    Town,
    broken_at,
    copies,
)
from tests.support.billed import LATE_NOVEMBER, OCTOBER, OFFICER, a_billed_house
from tests.support.statements import counted


class InvoicedTown(Town):
    def run(self, backend: Backend) -> None:
        order = run.Order(self.operator_id, OCTOBER)
        for chunk in backend.read_now(run.chunks, OFFICER, order, None):
            backend.write_now(issue_chunk, OFFICER, order, chunk, LATE_NOVEMBER)


@pytest.fixture
def town(
    database_url: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> InvoicedTown:
    """Two chunks; one of the flats has paid in advance."""
    monkeypatch.setattr(run, "AT_ONCE", 1)
    backend = Backend(database_url, clock=lambda: LATE_NOVEMBER)
    house = a_billed_house(backend, 2, only=("upkeep", "zkh_cold"))
    house.leaves_its_house(house.flats[1])
    house.flats[0].a_payment("100", at=LATE_NOVEMBER)
    house.bills(OCTOBER, LATE_NOVEMBER)
    house.closes(OCTOBER, LATE_NOVEMBER)
    backend.close()
    return InvoicedTown(house.house.operator_id, copies(request, make_url(database_url)))


def documents(session: Session) -> Rows:
    return [_rows(session, model) for model in (Invoice, InvoiceLine, Allocation)]


def _rows(session: Session, model: type[Base]) -> list[tuple[Any, ...]]:
    """Everything but the numbers of rows, which a lost transaction may use up."""
    table, invoice = table_of(model), table_of(Invoice)
    own = [each for each in table.columns if each.name not in {"id", "invoice_id"}]
    if model is Invoice:
        query = select(*own).order_by(invoice.c.number)
    else:
        query = select(invoice.c.number, *own).join(invoice, invoice.c.id == table.c.invoice_id)
        query = query.order_by(invoice.c.number, table.c.amount)
    return [tuple(row) for row in session.execute(query)]


@pytest.mark.full
@pytest.mark.timeout(600)
def test_broken_off_at_every_statement_and_issued_again_is_as_issued_once(
    town: InvoicedTown, full: bool
) -> None:
    """Without `full` at every statement that writes, and at every seventh of those that read."""
    with town.copy() as backend:
        with counted(backend.engine) as statements:
            town.run(backend)
        whole = backend.read_now(documents)
    assert [len(rows) for rows in whole] == [2, 4, 1]
    for number, statement in enumerate(statements, 1):
        if not (full or statement.startswith("INSERT") or number % 7 == 0):
            continue
        with town.copy() as backend:
            with broken_at(backend.engine, number), pytest.raises(BrokenOffError):
                town.run(backend)
            town.run(backend)
            assert backend.read_now(documents) == whole, statement
            if full or number == len(statements):
                assert backend.read_now(audit) == ()
