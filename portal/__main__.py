"""The command line: words become calls.  `--help` imports neither NiceGUI nor SQLAlchemy."""

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, TypeVar

import typer
from typer.main import get_command

from portal.commands import words
from portal.commands.running import DEBUG, INTERRUPTED, PROGRAM, run
from portal.commands.russian import RussianCommand, RussianGroup

_F = TypeVar("_F", bound=Callable[..., Any])
_Period = Annotated[str, typer.Option("--period", help=words.PERIOD)]
_Operators = Annotated[list[str] | None, typer.Option("--operator", help=words.OPERATOR)]
_Login = Annotated[str, typer.Argument(metavar="ЛОГИН", help=words.LOGIN)]

_group = partial(
    typer.Typer,
    cls=RussianGroup,
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
)
app = _group(help=words.PORTAL, epilog=words.SETTINGS)
users = _group()
app.add_typer(users, name="user", help=words.USER, short_help=words.USER)
invoices = _group(invoke_without_command=True, no_args_is_help=True)
told = f"{words.INVOICES.short}\n{words.INVOICES.long}"
app.add_typer(invoices, name="invoices", help=told, short_help=words.INVOICES.short)
photos = _group()
app.add_typer(photos, name="photos", help=words.PHOTOS, short_help=words.PHOTOS)
imports = _group()
app.add_typer(imports, name="import", help=words.IMPORT, short_help=words.IMPORT)


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


def _command(name: str, story: words.Story, of: typer.Typer = app) -> Callable[[_F], _F]:
    told = f"{story.short}\n{story.long}"
    return of.command(name, cls=RussianCommand, short_help=story.short, help=told)


def _flag(name: str, told: str, answer: Callable[[], None] | None = None) -> Any:  # noqa: ANN401 - as Typer's Option
    """A switch; with `answer` it is answered in place of the command."""

    def called(is_asked: bool) -> bool:  # noqa: FBT001 - Typer's signature of a callback
        if is_asked and answer is not None:
            answer()
            raise typer.Exit
        return is_asked

    return typer.Option(name, help=told, callback=called, is_eager=answer is not None)


def _tell_version() -> None:
    from importlib.metadata import version

    typer.echo(f"{PROGRAM} {version(PROGRAM)}")


def _tell_format() -> None:
    from portal.commands.load import tell_format

    tell_format()


def _tell_sample() -> None:
    from portal.commands.load import tell_sample

    tell_sample()


@app.callback()
def _portal(
    *,
    _version: Annotated[bool, _flag("--version", words.VERSION, _tell_version)] = False,
    _debug: Annotated[bool, _flag(DEBUG, words.DEBUG)] = False,
) -> None:
    """`--debug` is listed here and was read before: it may follow any command."""


@_command("demo", words.DEMO)
def _demo() -> None:
    from portal.commands.demo import demo

    demo()


@_command("serve", words.SERVE)
def _serve() -> None:
    from portal.commands.serve import serve

    serve()


@_command("migrate", words.MIGRATE)
def _migrate() -> None:
    from portal.commands.migrate import migrate

    migrate()


@_command("check", words.CHECK)
def _check() -> int:
    from portal.commands.check import check

    return check()


@_command("load", words.LOAD)
def _load(
    file: Annotated[Path, typer.Argument(metavar="ФАЙЛ", help=words.FILE)],
    *,
    _format: Annotated[bool, _flag("--format", words.FORMAT, _tell_format)] = False,
    _sample: Annotated[bool, _flag("--sample", words.SAMPLE, _tell_sample)] = False,
) -> None:
    from portal.commands.load import load

    load(file)


@_command("bill", words.BILL)
def _bill(
    *,
    period: _Period,
    operator: _Operators = None,
    house: Annotated[str | None, typer.Option("--house", help=words.BILLED_HOUSE)] = None,
    dry: Annotated[bool, _flag("--dry-run", words.DRY_RUN)] = False,
    whole: Annotated[bool, _flag("--all", words.ALL)] = False,
) -> int:
    from portal.commands.bill import bill

    return bill(period, keys=operator or (), house=house, is_dry=dry, is_whole=whole)


@_command("close", words.CLOSE)
def _close(period: _Period, operator: _Operators = None) -> None:
    from portal.commands.months import close

    close(period, keys=operator or ())


@_command("reopen", words.REOPEN)
def _reopen(
    period: _Period,
    reason: Annotated[str, typer.Option("--reason", help=words.REASON)],
    operator: _Operators = None,
) -> None:
    from portal.commands.months import reopen

    reopen(period, keys=operator or (), reason=reason)


@invoices.callback()
def _invoices(
    context: typer.Context,
    *,
    period: Annotated[str | None, typer.Option("--period", help=words.PERIOD)] = None,
    operator: _Operators = None,
    dry: Annotated[bool, _flag("--dry-run", words.DRY_RUN)] = False,
) -> None:
    if context.invoked_subcommand is None:
        from portal.commands.invoices import issue

        issue(period, keys=operator or (), is_dry=dry)


@_command("cancel", words.CANCEL, invoices)
def _cancel(
    number: Annotated[str, typer.Argument(metavar="НОМЕР", help=words.NUMBER)],
    reason: Annotated[str, typer.Option("--reason", help=words.CANCEL_REASON)],
    operator: Annotated[str | None, typer.Option("--operator", help=words.ISSUER)] = None,
) -> None:
    from portal.commands.invoices import cancel

    cancel(number, key=operator, reason=reason)


@_command("audit", words.AUDIT)
def _audit() -> int:
    from portal.commands.audit import audit

    return audit()


@_command("stickers", words.STICKERS)
def _stickers(
    house: Annotated[str, typer.Option("--house", help=words.HOUSE)],
    flat: Annotated[list[str] | None, typer.Option("--flat", help=words.FLAT)] = None,
    out: Annotated[Path | None, typer.Option("--out", help=words.OUT)] = None,
    revoke: Annotated[list[str] | None, typer.Option("--revoke", help=words.REVOKE)] = None,
) -> None:
    from portal.commands.stickers import stickers

    stickers(house, flats=flat or (), out=out, revoked=revoke or ())


@_command("password", words.PASSWORD, users)
def _password(login: _Login, *, keep: Annotated[bool, _flag("--keep", words.KEEP)] = False) -> None:
    from portal.commands.user import password

    password(login, must_change=not keep)


@_command("end-sessions", words.END_SESSIONS, users)
def _end_sessions(login: _Login) -> None:
    from portal.commands.user import end_sessions

    end_sessions(login)


@_command("prune", words.PHOTOS_PRUNE, photos)
def _prune() -> None:
    from portal.commands.photos import prune

    prune()


@_command("usage", words.USAGE, imports)
def _usage(
    file: Annotated[Path, typer.Argument(metavar="ФАЙЛ", help=words.TABLE)],
    *,
    apply: Annotated[bool, _flag("--apply", words.APPLY)] = False,
) -> None:
    from portal.commands.imports import usage

    usage(file, is_applied=apply)


if __name__ == "__main__":
    main()
