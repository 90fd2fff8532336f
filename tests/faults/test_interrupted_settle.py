"""A settlement or a remittance broken off at any statement and run again is as run at once."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Select, make_url, select

from portal.backend import Backend
from portal.db.base import table_of
from portal.db.invoices import Allocation, InvoiceLine
from portal.db.ledger import LedgerAccount, Transfer
from portal.db.session import Session
from portal.db.settlements import Remittance, Share
from portal.domain.money import Money
from portal.services.audit import audit
from portal.services.office.billing.run import Order
from portal.services.office.settling import run
from portal.services.office.settling.remitting import Paper, remit
from tests.faults.test_interrupted_bill import BrokenOffError, Rows, Town, broken_at, copies
from tests.support.billed import LATE_NOVEMBER, NOVEMBER, OCTOBER, OFFICER, a_billed_house
from tests.support.invoiced import issues
from tests.support.settling import pays, settles
from tests.support.statements import counted

SOON = datetime(2026, 11, 5, 9, tzinfo=UTC)


class SettledTown(Town):
    def run(self, backend: Backend) -> None:
        order = Order(self.operator_id, NOVEMBER)
        for chunk in backend.read_now(run.chunks, OFFICER, order):
            backend.write_now(run.settle_chunk, OFFICER, order, chunk)


class RemittedTown(Town):
    def run(self, backend: Backend) -> None:
        sides, paper = (self.operator_id, 1), Paper("п/п 45", Money.parse("100"))
        backend.write_now(remit, OFFICER, sides, paper, LATE_NOVEMBER)


@pytest.fixture(params=["settle", "remit"])
def town(
    database_url: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Town:
    """Two chunks: one flat has paid all, the other a part, twice.  To be remitted is what was
    settled.
    """
    monkeypatch.setattr(run, "AT_ONCE", 1)
    backend = Backend(database_url, clock=lambda: LATE_NOVEMBER)
    house = a_billed_house(backend, 2, only=("upkeep", "zkh_cold"))
    house.bills(OCTOBER, LATE_NOVEMBER)
    house.closes(OCTOBER, LATE_NOVEMBER)
    issues(house)
    for number, amount in ((0, "2471,98"), (1, "1000"), (1, "200")):
        pays(house.flats[number], amount, SOON)
    kind: type[Town] = SettledTown
    if request.param == "remit":
        settles(house, NOVEMBER)
        kind = RemittedTown
    backend.close()
    return kind(house.house.operator_id, copies(request, make_url(database_url)))


def settled(session: Session) -> Rows:
    """Everything but the numbers of rows, which a lost transaction may use up."""
    queries: list[Select[Any]] = [_shares(), _remittances(), _transfers()]
    return [sorted(tuple(row) for row in session.execute(query)) for query in queries]


def _shares() -> Select[Any]:
    share, line, allocation = table_of(Share), table_of(InvoiceLine), table_of(Allocation)
    return (
        select(
            line.c.invoice_id, line.c.position, allocation.c.payment_id, share.c.amount,
            share.c.commission, share.c.period,
        )
        .join(line, line.c.id == share.c.invoice_line_id)
        .join(allocation, allocation.c.id == share.c.allocation_id)
    )  # fmt: skip


def _remittances() -> Select[Any]:
    table = table_of(Remittance)
    return select(*(column for column in table.columns if column.name != "id"))


def _transfers() -> Select[Any]:
    transfer, side = table_of(Transfer), table_of(LedgerAccount)
    debit, credit = side.alias(), side.alias()
    return (
        select(
            debit.c.kind, debit.c.owner, credit.c.kind, credit.c.owner, transfer.c.amount,
            transfer.c.code, transfer.c.posted_at,
        )
        .join(debit, debit.c.id == transfer.c.debit_id)
        .join(credit, credit.c.id == transfer.c.credit_id)
    )  # fmt: skip


@pytest.mark.full
@pytest.mark.timeout(600)
def test_broken_off_at_every_statement_and_run_again_is_as_one_run(town: Town, full: bool) -> None:
    """And once more: what is done is done.  Without `full` at every statement that writes, and at
    every third of those that read.
    """
    with town.copy() as backend:
        before = backend.read_now(settled)
        with counted(backend.engine) as statements:
            town.run(backend)
        whole = backend.read_now(settled)
    assert [len(rows) for rows in whole] > [len(rows) for rows in before]
    for number, statement in enumerate(statements, 1):
        if not (full or statement.startswith("INSERT") or number % 3 == 0):
            continue
        with town.copy() as backend:
            with broken_at(backend.engine, number), pytest.raises(BrokenOffError):
                town.run(backend)
            town.run(backend)
            town.run(backend)
            assert backend.read_now(settled) == whole, statement
            if full or number == len(statements):
                assert backend.read_now(audit) == ()
