"""`audit`: prove the books."""

import typer

from portal.commands.database import backend_of, demand
from portal.commands.preconditions import effective_settings
from portal.commands.progress import working
from portal.commands.running import DONE, FAILED
from portal.services.audit import proof, report_lines


def audit() -> int:
    address = effective_settings().database_url
    demand(address)
    with backend_of(address) as backend, working("Сверяю"):
        findings, counts = backend.read_now(proof)
    for line in report_lines(findings, counts):
        typer.echo(line)
    return FAILED if findings else DONE
