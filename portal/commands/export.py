"""`export`: data for other programs."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import typer

from portal.backend import Backend
from portal.commands.database import backend_of, demand
from portal.commands.preconditions import effective_settings, officer
from portal.commands.progress import working
from portal.db.session import Session
from portal.documents.debts import ENCODING, LINE_END, debts_file_name, debts_lines
from portal.errors import Unavailable
from portal.services.incoming.file_channels import FileChannel, file_channel
from portal.services.office.debts import debts
from portal.services.office.settling.beancount import ledger_lines

Lines = Callable[[Session], Iterable[str]]


def export_ledger(out: Path) -> None:
    """Raises Unavailable: the file cannot be written; the former one is as it was."""
    address = effective_settings().database_url
    demand(address)
    with backend_of(address) as backend, working("Выгружаю"):
        lines = _written(backend, ledger_lines, out)
    typer.echo(f"{out}: строк {lines}.")


def export_debts(channel: str, out: Path, *, number: int) -> None:
    """Raises Refused: there is no such channel; Unavailable as `export_ledger`."""
    address = effective_settings().database_url
    demand(address)
    with backend_of(address) as backend, working("Выгружаю"):
        to = backend.read_now(file_channel, officer(), channel)
        file = out / _name(backend, to, number) if out.is_dir() else out
        owed = partial(_debts, operator_id=to.channel.operator_id)
        lines = _written(backend, owed, file, encoding=ENCODING, end=LINE_END)
    typer.echo(f"{file}: договоров {lines - 1}.")


def _debts(session: Session, operator_id: int) -> Iterable[str]:
    return debts_lines(debts(session, officer(), operator_id))


def _name(backend: Backend, to: FileChannel, number: int) -> str:
    today = backend.clock().astimezone(ZoneInfo(to.timezone)).date()
    return debts_file_name(to.inn, to.account, number, today)


def _written(
    backend: Backend, lines: Lines, out: Path, *, encoding: str = "utf-8", end: str = "\n"
) -> int:
    beside = out.with_name(f".{out.name}.part")

    def write(session: Session) -> int:
        count = 0
        with beside.open("w", encoding=encoding, newline="") as file:
            for line in lines(session):
                file.write(f"{line}{end}")
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
