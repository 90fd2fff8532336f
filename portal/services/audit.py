"""The proof of the books: no row is gone, altered or strange, and all money adds up."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from sqlalchemy import func, select

from portal.db.base import table_of
from portal.db.schema import TABLES
from portal.db.session import Session
from portal.services.audit_charges import charge_findings
from portal.services.audit_documents import document_findings
from portal.services.audit_finding import VALUE_FAULTS, Finding, Rule
from portal.services.audit_incoming import incoming_findings
from portal.services.audit_invoices import allocation_findings, invoice_findings
from portal.services.audit_journal import journal_findings
from portal.services.audit_ledger import balance_findings, ledger_findings
from portal.services.audit_letters import letter_findings
from portal.services.audit_months import month_findings
from portal.services.audit_penalties import penalty_findings
from portal.services.audit_promises import promise_findings
from portal.services.audit_readings import reading_findings
from portal.services.audit_references import reference_findings, schema_findings
from portal.services.audit_refunds import refund_findings
from portal.services.audit_settled import settlement_findings

FINDINGS_TOLD = 20
_RULES: Mapping[Rule, Callable[[Session], Iterator[Finding]]] = {
    Rule.SCHEMA: schema_findings,
    Rule.JOURNAL: journal_findings,
    Rule.REFERENCE: reference_findings,
    Rule.LEDGER: ledger_findings,
    Rule.BALANCE: balance_findings,
    Rule.INCOMING: incoming_findings,
    Rule.REFUND: refund_findings,
    Rule.CHARGE: charge_findings,
    Rule.PENALTY: penalty_findings,
    Rule.MONTH: month_findings,
    Rule.READING: reading_findings,
    Rule.INVOICE: invoice_findings,
    Rule.DOCUMENT: document_findings,
    Rule.ALLOCATION: allocation_findings,
    Rule.SETTLEMENT: settlement_findings,
    Rule.LETTER: letter_findings,
    Rule.PROMISE: promise_findings,
}


def proof(session: Session) -> tuple[tuple[Finding, ...], dict[str, int]]:
    """The findings and the sizes of the tables, of one and the same moment whoever writes
    meanwhile.  It must be the first that its transaction does.
    """
    if session.is_postgresql:
        session.connection.execution_options(isolation_level="REPEATABLE READ")
    return audit(session), row_counts(session)


def audit(session: Session) -> tuple[Finding, ...]:
    """Everything that is wrong; empty proves that nothing is."""
    return tuple(finding for rule in _RULES for finding in _guarded(session, rule))


def row_counts(session: Session) -> dict[str, int]:
    """How many rows each table has, for the report."""
    tables = [table_of(model) for model in TABLES]
    sizes = [select(func.count()).select_from(t).scalar_subquery().label(t.name) for t in tables]
    return {
        str(name): size for name, size in session.execute(select(*sizes)).mappings().one().items()
    }


def report_lines(findings: Sequence[Finding], counts: Mapping[str, int]) -> list[str]:
    """What the command prints: of each rule and table the first twenty, then how many more."""
    lines: list[str] = []
    told: Counter[tuple[Rule, str]] = Counter()
    for finding in findings:
        told[finding.rule, finding.table] += 1
        if told[finding.rule, finding.table] <= FINDINGS_TOLD:
            lines.append(str(finding))
    lines += [
        f"{table}: и ещё {count - FINDINGS_TOLD} ({rule})"
        for (rule, table), count in told.items()
        if count > FINDINGS_TOLD
    ]
    rows = f"таблиц {len(counts)}, строк {sum(counts.values())}"
    verdict = f"нарушений {len(findings)}" if findings else "нарушений нет"
    return [*lines, f"Проверено: {rows}; {verdict}"]


def _guarded(session: Session, rule: Rule) -> Iterator[Finding]:
    """A value that no column of its type can hold stops one rule, not the audit."""
    try:
        yield from _RULES[rule](session)
    except VALUE_FAULTS as fault:
        sentence = f"проверка прервана: в базе значение, которого не бывает ({fault})"
        yield Finding(Rule.UNREADABLE, rule.value, 0, sentence)
