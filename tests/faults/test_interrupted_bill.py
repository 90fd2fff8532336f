"""A run that is broken off at any of its statements and run again leaves what one run leaves."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Engine, event, make_url, select

from portal.backend import Backend
from portal.db.base import table_of
from portal.db.ledger import Charge, LedgerAccount, Transfer
from portal.db.parties import Operator
from portal.db.rates import KeyRate
from portal.db.session import Session
from portal.domain.quantity import Quantity
from portal.services.audit import audit
from portal.services.office.billing import run
from tests.conftest import _fold_the_log, sqlite_address
from tests.support.billed import (
    LATE_NOVEMBER,
    NOVEMBER,
    OCTOBER,
    OFFICER,
    BilledHouse,
    a_billed_house,
    is_read,
)
from tests.support.postgres import PostgresCluster
from tests.support.statements import counted

Rows = list[list[tuple[Any, ...]]]


class BrokenOffError(Exception):
    """The process is gone."""


@dataclass
class Town:
    """A database that a run has work in, and copies of it."""

    operator_id: int
    copy: Callable[[], AbstractContextManager[Backend]]

    def run(self, backend: Backend) -> None:
        order = run.Order(self.operator_id, NOVEMBER)
        for chunk in backend.read_now(run.chunks, OFFICER, order, None):
            backend.write_now(run.bill_chunk, OFFICER, order, chunk, LATE_NOVEMBER)


@pytest.fixture
def town(
    database_url: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Town:
    """Two chunks: what the first of them posted stays when the second is broken off.  There is
    something of all kinds to do: new lines, lines to be reversed, a closed month to be corrected,
    bills that are long overdue.
    """
    monkeypatch.setattr(run, "AT_ONCE", 1)
    backend = Backend(database_url, clock=lambda: LATE_NOVEMBER)
    house = a_billed_house(backend, 2, only=("upkeep", "zkh_cold", "gas"))
    house.leaves_its_house(house.flats[1])
    for month, value in ((6, "130"), (7, "136"), (8, "142"), (9, "148")):
        is_read(house.meters[0], value, date(2026, month, 20))
    house.bills(OCTOBER, LATE_NOVEMBER)
    house.closes(OCTOBER, LATE_NOVEMBER)
    house.bills(NOVEMBER, LATE_NOVEMBER)
    is_read(house.meters[0], "152", date(2026, 11, 20))
    house.services["upkeep"].costs("40", date(2026, 11, 16))
    house.services["new"] = house.house.a_periodic_service("Вывоз снега", "3")
    _is_overdue(house)
    backend.close()
    return Town(house.house.operator_id, copies(request, make_url(database_url)))


def copies(
    request: pytest.FixtureRequest, address: URL
) -> Callable[[], AbstractContextManager[Backend]]:
    """Of the database at `address`, as it is left."""
    if address.get_backend_name() == "sqlite":
        return _files(Path(address.database or ""), request.getfixturevalue("tmp_path"))
    return _databases(request.getfixturevalue("postgres"), address.database)


def _is_overdue(billed: BilledHouse) -> None:
    """Since 10 September: in the run of November from 11 to 31 October."""
    at = datetime(2026, 8, 20, 9, tzinfo=UTC)
    for flat, account in zip(billed.flats, billed.accounts, strict=True):
        charge = account.is_charged(billed.services["upkeep"], "54,3", at=at)
        flat.an_invoice([charge], due_on=date(2026, 9, 10))
    billed.house.adds(KeyRate, valid_from=date(2026, 1, 1), percent=Quantity.parse("16"))
    billed.house.changes(Operator, billed.house.operator_id, charges_penalty=True)


def _files(path: Path, folder: Path) -> Callable[[], AbstractContextManager[Backend]]:
    _fold_the_log(path)

    @contextmanager
    def copied() -> Iterator[Backend]:
        other = folder / "copy.db"
        shutil.copy(path, other)
        backend = Backend(sqlite_address(other), clock=lambda: LATE_NOVEMBER)
        yield backend
        backend.close()
        for file in folder.glob("copy.db*"):
            file.unlink()

    return copied


def _databases(
    cluster: PostgresCluster, template: str | None
) -> Callable[[], AbstractContextManager[Backend]]:
    @contextmanager
    def copied() -> Iterator[Backend]:
        name = cluster.create(template)
        backend = Backend(cluster.url(name), clock=lambda: LATE_NOVEMBER)
        yield backend
        backend.close()
        cluster.drop(name)

    return copied


@contextmanager
def broken_at(engine: Engine, number: int) -> Iterator[None]:
    """Instead of the statement of this number, the first of them being 1."""
    left = [number]

    def strike(*_told: Any) -> None:
        left[0] -= 1
        if not left[0]:
            raise BrokenOffError

    event.listen(engine, "before_cursor_execute", strike)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", strike)


def rows_of(session: Session) -> Rows:
    """Everything about money but the numbers of rows, which a lost transaction may use up."""
    charge, transfer, side = table_of(Charge), table_of(Transfer), table_of(LedgerAccount)
    debit, credit, other = side.alias(), side.alias(), charge.alias()
    own = [each for each in charge.columns if each.name not in {"id", "proof"}]
    charges = select(*own, other.c.key.label("other")).outerjoin(
        other, other.c.id == charge.c.corrects_id
    )
    transfers = (
        select(
            charge.c.key, charge.c.reverses_id, transfer.c.amount, transfer.c.code,
            transfer.c.posted_at, debit.c.kind, debit.c.owner, credit.c.kind, credit.c.owner,
        )
        .join(charge, charge.c.id == transfer.c.charge_id)
        .join(debit, debit.c.id == transfer.c.debit_id)
        .join(credit, credit.c.id == transfer.c.credit_id)
    )  # fmt: skip
    order = (charge.c.key, charge.c.reverses_id)
    found = (session.execute(each.order_by(*order)) for each in (charges, transfers))
    return [[tuple(row) for row in each] for each in found]


@pytest.mark.full
@pytest.mark.timeout(600)  # two hundred copies of a database
def test_broken_off_at_every_statement_and_run_again_is_as_one_run(town: Town, full: bool) -> None:
    """Without `full` at every statement that writes, and at every seventh of those that read."""
    with town.copy() as backend:
        before = backend.read_now(rows_of)
        with counted(backend.engine) as statements:
            town.run(backend)
        whole = backend.read_now(rows_of)
    assert len(whole[0]) > len(before[0])
    assert sum(str(row[0]).startswith("penalty/") for row in whole[0]) == 2
    for number, statement in enumerate(statements, 1):
        is_write = statement.startswith("INSERT")
        if not (full or is_write or number % 7 == 0):
            continue
        with town.copy() as backend:
            with broken_at(backend.engine, number), pytest.raises(BrokenOffError):
                town.run(backend)
            town.run(backend)
            assert backend.read_now(rows_of) == whole, statement
            if full or number == len(statements):
                assert backend.read_now(audit) == ()
