"""What every command of the line is made of: the application, its groups, its switches."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import typer

from portal.commands import words
from portal.commands.russian import RussianCommand, RussianGroup

F = TypeVar("F", bound=Callable[..., Any])

group = partial(
    typer.Typer,
    cls=RussianGroup,
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
)
app = group(help=words.PORTAL, epilog=words.SETTINGS)


def command(name: str, story: words.Story, of: typer.Typer = app) -> Callable[[F], F]:
    """A command of the application, or of a group."""
    told = f"{story.short}\n{story.long}"
    return of.command(name, cls=RussianCommand, short_help=story.short, help=told)


def flag(name: str, told: str, answer: Callable[[], None] | None = None) -> Any:  # noqa: ANN401 - as Typer's Option
    """A switch; with `answer` it is answered in place of the command."""

    def called(is_asked: bool) -> bool:  # noqa: FBT001 - Typer's signature of a callback
        if is_asked and answer is not None:
            answer()
            raise typer.Exit
        return is_asked

    return typer.Option(name, help=told, callback=called, is_eager=answer is not None)
