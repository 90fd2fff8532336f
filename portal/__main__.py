"""The command line: words become calls.  `--help` imports neither NiceGUI nor SQLAlchemy."""

import os
import signal
import sys
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from typer.main import get_command

from portal.commands import basic, monthly, taking, words  # noqa: F401 - in the order of the help
from portal.commands.declared import app, command, flag, group
from portal.commands.running import INTERRUPTED, run

__all__ = ["app", "main"]
_Login = Annotated[str, typer.Argument(metavar="ЛОГИН", help=words.LOGIN)]

users = group()
app.add_typer(users, name="user", help=words.USER, short_help=words.USER)
photos = group()
app.add_typer(photos, name="photos", help=words.PHOTOS, short_help=words.PHOTOS)


def main() -> None:
    """The console script.  What it makes is its owner's alone: there are people in it."""
    os.umask(0o077)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal of KOI8-R has no «№»
    signal.signal(signal.SIGTERM, _ended)
    try:
        sys.exit(run(get_command(app), sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _ended(number: int, _frame: FrameType | None) -> None:
    """A transaction under way is rolled back as the stack unwinds."""
    sys.exit(128 + number)


@command("audit", words.AUDIT)
def _audit() -> int:
    from portal.commands.audit import audit

    return audit()


@command("send", words.SEND)
def _send() -> None:
    from portal.commands.send import send

    send()


@command("stickers", words.STICKERS)
def _stickers(
    house: Annotated[str, typer.Option("--house", help=words.HOUSE)],
    flat: Annotated[list[str] | None, typer.Option("--flat", help=words.FLAT)] = None,
    out: Annotated[Path | None, typer.Option("--out", help=words.OUT)] = None,
    revoke: Annotated[list[str] | None, typer.Option("--revoke", help=words.REVOKE)] = None,
) -> None:
    from portal.commands.stickers import stickers

    stickers(house, flats=flat or (), out=out, revoked=revoke or ())


@command("password", words.PASSWORD, users)
def _password(login: _Login, *, keep: Annotated[bool, flag("--keep", words.KEEP)] = False) -> None:
    from portal.commands.user import password

    password(login, must_change=not keep)


@command("end-sessions", words.END_SESSIONS, users)
def _end_sessions(login: _Login) -> None:
    from portal.commands.user import end_sessions

    end_sessions(login)


@command("prune", words.PHOTOS_PRUNE, photos)
def _prune() -> None:
    from portal.commands.photos import prune

    prune()


if __name__ == "__main__":
    main()
