"""From what went wrong to what a person is told and what the shell is told."""

import os
import secrets
import traceback
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import typer
from typer._click.core import Command
from typer._click.exceptions import UsageError

from portal.commands.russian import explained
from portal.config import load_settings
from portal.errors import PortalError

DONE, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130
PROGRAM = "zhkh-portal"
DEBUG = "--debug"
_LOG = "errors.log"


def run(command: Command, arguments: Sequence[str]) -> int:
    """The exit code of `command`, a function that returns its own or nothing; whatever goes
    wrong is a sentence on stderr.  `--debug` may stand anywhere among the arguments.
    """
    words = [word for word in arguments if word != DEBUG]
    try:
        code = command.main(words, prog_name=PROGRAM, standalone_mode=False)
    except UsageError as complaint:
        typer.echo(explained(complaint), err=True)
        return MISUSED
    except PortalError as refusal:
        typer.echo(str(refusal), err=True)
        return FAILED
    except Exception as fault:  # noqa: BLE001 - the last resort: its traceback is kept
        typer.echo(_unexpected(fault, is_debug=DEBUG in arguments), err=True)
        return FAILED
    return DONE if code is None else int(code)


def _unexpected(fault: Exception, *, is_debug: bool) -> str:
    """A calm sentence with the number under which the traceback stands in the log."""
    digits = secrets.token_hex(4).upper()
    number = f"{digits[:4]}-{digits[4:]}"
    trace = "".join(traceback.format_exception(fault))
    said = f"Непредвиденная ошибка, ее номер {number}."
    if is_debug:
        return f"{trace}\n{said}"
    log = _keep(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {number}\n{trace}\n")
    place = f"Подробности записаны в {log}." if log else "Записать подробности не удалось."
    return f"{said} {place} Увидеть их здесь: повторите команду с параметром {DEBUG}."


def _keep(record: str) -> Path | None:
    """Add to the log in the data directory, its owner's alone; None where that is impossible."""
    with suppress(PortalError, OSError):
        log = load_settings(os.environ).data_dir / _LOG
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(record)
        return log
    return None
