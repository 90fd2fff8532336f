"""What is planned while a table is small holds for the whole session in which it grows."""

from sqlalchemy import insert, text

from portal.db.base import table_of
from portal.db.ledger import LedgerAccount

CHUNK = 501
"""The residents of one chunk of a run, and the operator."""


def test_a_table_that_was_empty_when_it_was_counted_is_searched_by_its_key(backend):
    """As each transfer asks for both of its ledger accounts."""
    asked = "SELECT 1 FROM ledger_account WHERE id = 1"

    def planned(session) -> str:
        session.execute(text("ANALYZE"))
        rows = [{"kind": "resident", "owner": str(number)} for number in range(CHUNK)]
        session.execute(insert(table_of(LedgerAccount)), rows)
        explain = "EXPLAIN" if session.is_postgresql else "EXPLAIN QUERY PLAN"
        return str(list(session.execute(text(f"{explain} {asked}"))))

    plan = backend.read_now(planned)
    assert "Seq Scan" not in plan
    assert "SCAN" not in plan
