"""`export`: data for other programs."""

from contextlib import suppress
from pathlib import Path

import typer

from portal.backend import Backend
from portal.commands.database import backend_of, demand
from portal.commands.preconditions import effective_settings
from portal.commands.progress import working
from portal.db.session import Session
from portal.errors import Unavailable
from portal.services.office.settling.beancount import ledger_lines


def export_ledger(out: Path) -> None:
    """Raises Unavailable: the file cannot be written; the former one is as it was."""
    address = effective_settings().database_url
    demand(address)
    with backend_of(address) as backend, working("Выгружаю"):
        lines = _written(backend, out)
    typer.echo(f"{out}: строк {lines}.")


def _written(backend: Backend, out: Path) -> int:
    beside = out.with_name(f".{out.name}.part")

    def write(session: Session) -> int:
        count = 0
        with beside.open("w", encoding="utf-8") as file:
            for line in ledger_lines(session):
                file.write(f"{line}\n")
                count += 1
        return count

    try:
        count = backend.read_now(write)
        beside.replace(out)
    except OSError as fault:
        with suppress(OSError):
            beside.unlink()
        raise Unavailable(f"Не удалось записать {out}: {fault.strerror}") from fault
    return count
