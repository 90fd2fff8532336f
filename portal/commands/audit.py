"""`audit`: prove the books."""

import typer
from sqlalchemy.orm import Session

from portal.commands.database import backend_of, demand
from portal.commands.preconditions import effective_settings
from portal.commands.progress import working
from portal.commands.running import DONE, FAILED
from portal.services.audit import audit as findings_of
from portal.services.audit import report_lines, row_counts
from portal.services.audit_finding import Finding


def audit() -> int:
    address = effective_settings().database_url
    demand(address)
    with backend_of(address) as backend, working("Сверяю"):
        findings, counts = backend.read_now(_audited)
    for line in report_lines(findings, counts):
        typer.echo(line)
    return FAILED if findings else DONE


def _audited(session: Session) -> tuple[tuple[Finding, ...], dict[str, int]]:
    """In one transaction: on SQLite of one and the same moment."""
    return findings_of(session), row_counts(session)
