"""The commands that every portal begins with, and the switches of the whole line."""

from pathlib import Path
from typing import Annotated

import typer

from portal.commands import words
from portal.commands.declared import app, command, flag
from portal.commands.running import DEBUG, PROGRAM


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
    _version: Annotated[bool, flag("--version", words.VERSION, _tell_version)] = False,
    _debug: Annotated[bool, flag(DEBUG, words.DEBUG)] = False,
) -> None:
    """`--debug` is listed here and was read before: it may follow any command."""


@command("demo", words.DEMO)
def _demo() -> None:
    from portal.commands.demo import demo

    demo()


@command("serve", words.SERVE)
def _serve() -> None:
    from portal.commands.serve import serve

    serve()


@command("migrate", words.MIGRATE)
def _migrate() -> None:
    from portal.commands.migrate import migrate

    migrate()


@command("check", words.CHECK)
def _check() -> int:
    from portal.commands.check import check

    return check()


@command("load", words.LOAD)
def _load(
    file: Annotated[Path, typer.Argument(metavar="ФАЙЛ", help=words.FILE)],
    *,
    _format: Annotated[bool, flag("--format", words.FORMAT, _tell_format)] = False,
    _sample: Annotated[bool, flag("--sample", words.SAMPLE, _tell_sample)] = False,
) -> None:
    from portal.commands.load import load

    load(file)
