"""Every row of every table against what the journal says was written."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table, select

from portal.db import journal
from portal.db.audit_records import AuditRecord
from portal.db.base import table_of
from portal.db.digest import digest as digest_of
from portal.db.schema import TABLES
from portal.db.session import Session
from portal.services.audit_finding import VALUE_FAULTS, Finding, Rule, stream_facts

Claims = dict[str, dict[int, str]]
"""The digest that each row should have now, by table and row id."""

_record = table_of(AuditRecord)


def journal_findings(session: Session) -> Iterator[Finding]:
    """Rows that are gone, altered, or that nobody wrote through the journal; records of the
    journal itself that were altered, or that later ones refer to in vain.
    """
    claims: Claims = defaultdict(dict)
    for record in stream_facts(session, select(_record).order_by(_record.c.id)):
        yield from _record_findings(record, claims)
    for model in TABLES:
        if model is not AuditRecord:
            yield from _table_findings(session, table_of(model), claims)
    for table in sorted(claims):
        yield from (_missing(table, row_id) for row_id in sorted(claims[table]))


def _record_findings(record: dict[str, Any], claims: Claims) -> Iterator[Finding]:
    """Checks one record and adds what it claims to `claims`."""
    written = dict(record["claims"] or {})
    own = written.pop(_record.name, None)
    if own != {journal.ITSELF: digest_of(_record, record | {"claims": written})}:
        yield _of_record(record, "запись журнала изменена")
    for table, row_id, claim in _claimed(written):
        digest, _, replaced = claim.partition(journal.REPLACES)
        if claims[table].get(row_id, "") != replaced:
            yield _of_record(
                record,
                f"нет записи о том, какой была строка {table} {row_id} раньше"
                if replaced
                else f"строка {table} {row_id} записана дважды",
            )
        claims[table][row_id] = digest


def _claimed(written: dict[str, Any]) -> Iterator[tuple[str, int, str]]:
    """Table, row and claim; of a record that was altered, what can still be understood."""
    for table, rows in written.items():
        for row_id, claim in rows.items() if isinstance(rows, dict) else ():
            if row_id.isdecimal() and isinstance(claim, str):
                yield table, int(row_id), claim


def _table_findings(session: Session, table: Table, claims: Claims) -> Iterator[Finding]:
    """Strikes off the claims whose rows are there."""
    try:
        for row in stream_facts(session, select(table)):
            yield from _row_findings(table, row, claims[table.name].pop(row["id"], None))
    except VALUE_FAULTS:
        claims.pop(table.name, None)
        yield from _unreadable(session, table)


def _row_findings(table: Table, row: dict[str, Any], digest: str | None) -> Iterator[Finding]:
    if digest is None:
        yield Finding(Rule.JOURNAL, table.name, row["id"], "строка появилась мимо журнала")
    elif digest != digest_of(table, row):
        yield Finding(Rule.JOURNAL, table.name, row["id"], "строка изменена мимо журнала")


def _unreadable(session: Session, table: Table) -> Iterator[Finding]:
    """One by one, to name the rows: some value is of no kind that their columns can hold."""
    for row_id in session.scalars(select(table.c.id).order_by(table.c.id)).all():
        try:
            session.execute(select(table).where(table.c.id == row_id)).one()
        except VALUE_FAULTS as fault:
            sentence = f"строка изменена мимо журнала: в ней значение, которого не бывает ({fault})"
            yield Finding(Rule.UNREADABLE, table.name, row_id, sentence)


def _missing(table: str, row_id: int) -> Finding:
    return Finding(Rule.JOURNAL, table, row_id, "строка была записана, а теперь ее нет")


def _of_record(record: dict[str, Any], sentence: str) -> Finding:
    return Finding(Rule.JOURNAL, _record.name, record["id"], sentence)
