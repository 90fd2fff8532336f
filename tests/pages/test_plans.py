"""Which way SQLite goes to a page's rows: never by the index of a reference that hardly any row
has, to look for those that have none.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.backend import Backend
from portal.db.base import Base
from tests.builders import NOW
from tests.support.cabinet import OPEN, Cabinet, every_address, settings_of
from tests.support.settled import a_settled_resident
from tests.support.statements import counted

_LOOKED_UP = re.compile(r"USING (?:COVERING )?INDEX \S+ \((\w+)=\?\)")


@pytest.fixture
def backend(sqlite_url: str) -> Iterator[Backend]:
    backend = Backend(sqlite_url, clock=lambda: NOW)
    yield backend
    backend.close()


def seldom_set() -> set[str]:
    """The columns that may be empty, and are unique where they are not."""
    return {
        column.name
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.nullable and column.unique
    }


async def test_no_page_looks_for_a_reference_that_is_missing_by_its_index(
    backend: Backend, tmp_path: Path
):
    settled = a_settled_resident(backend, size=3)
    cabinet = Cabinet(
        backend, settled.person.id, settings_of(tmp_path, OPEN), session_id=settled.session_id
    )
    with counted(backend.engine) as asked:
        for address in every_address(settled):
            await cabinet.reads(address)

    assert "reverses_id" in seldom_set()
    assert [each for each in set(asked) if astray(backend, each)] == []


def astray(backend: Backend, statement: str) -> set[str]:
    """The columns whose missing values the statement looks up by their index."""
    missing = {name for name in seldom_set() if f"{name} IS NULL" in statement}
    places = (None,) * statement.count("?")
    with backend.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", places).all()
    return missing & {found for row in plan for found in _LOOKED_UP.findall(row.detail)}
