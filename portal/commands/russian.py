"""Typer's help and its complaints in Russian.

Typer carries its own copy of Click, most of whose words cannot be translated from outside, so the
screens are written here and its complaints are told by their class.  Both use names that Typer
keeps to itself: pyproject.toml holds its minor version, and tests/cli reads every screen.
"""

from collections.abc import Sequence
from difflib import get_close_matches

from typer._click.core import Command, Context, Parameter
from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)
from typer._click.formatting import HelpFormatter
from typer.core import TyperCommand, TyperGroup, TyperOption


class Misuse(UsageError):
    """The command line cannot be understood; `message` is the Russian sentence."""


class _Russian(Command):
    def get_help_option(self, ctx: Context) -> TyperOption | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Показать эту справку."
        return option

    def format_usage(self, ctx: Context, formatter: HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix="Вызов: ")

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        arguments = [_named(param) for param in self.get_params(ctx) if _is_argument(param)]
        return ["[ПАРАМЕТРЫ]", *arguments]

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        params = self.get_params(ctx)
        _section(formatter, "Аргументы", [_row(p) for p in params if _is_argument(p)])
        _section(formatter, "Параметры", [_row(p) for p in params if not _is_argument(p)])

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Raises UsageError that knows which command it is about."""
        try:
            return super().parse_args(ctx, args)
        except UsageError as complaint:
            complaint.ctx = complaint.ctx or ctx
            raise


class RussianCommand(_Russian, TyperCommand):
    """A command; made with `app.command(cls=RussianCommand)`."""

    allow_extra_args = True  # refused here, in Russian

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Raises UsageError."""
        rest = super().parse_args(ctx, args)
        if rest:
            raise Misuse(f"Лишнее: {', '.join(f'«{word}»' for word in rest)}.", ctx)
        return rest


class RussianGroup(_Russian, TyperGroup):
    """A command that has commands; made with `Typer(cls=RussianGroup)`."""

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        return [*super().collect_usage_pieces(ctx), "КОМАНДА", "..."]

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        rows = [(name, command.short_help or "") for name, command in self.commands.items()]
        _section(formatter, "Команды", rows)

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, Command | None, list[str]]:
        """Raises UsageError."""
        if args[0] not in self.commands:
            near = get_close_matches(args[0], self.commands)
            raise Misuse(f"Нет команды «{args[0]}».{_guess(near)}", ctx)
        return super().resolve_command(ctx, args)


def explained(complaint: UsageError) -> str:
    """What a person is told: how the command is called, and what was wrong."""
    ctx = complaint.ctx
    if isinstance(complaint, NoArgsIsHelpError):
        return complaint.message
    sentence = _sentence(complaint)
    return (
        f"{ctx.get_usage()}\nСправка: {ctx.command_path} --help\n\n{sentence}" if ctx else sentence
    )


def _sentence(complaint: UsageError) -> str:
    match complaint:
        case Misuse():
            return complaint.message
        case NoSuchOption():
            return f"Нет параметра «{complaint.option_name}».{_guess(complaint.possibilities)}"
        case MissingParameter(param=Parameter() as param):
            return f"Не хватает: {_named(param)}."
        case BadOptionUsage():
            return _misused(complaint)
        case BadParameter(param=Parameter() as param):
            return f"{_named(param)}: {complaint.message}"
        case _:
            return "Не понятно, что сделать: не хватает команды."


def _misused(complaint: BadOptionUsage) -> str:
    name = complaint.option_name
    params = complaint.ctx.command.params if complaint.ctx else []
    options = [param for param in params if isinstance(param, TyperOption) and name in param.opts]
    if any(not option.is_flag for option in options):
        return f"У параметра «{name}» нет значения."
    return f"Параметр «{name}» пишется без значения."


def _guess(near: Sequence[str] | None) -> str:
    return f" Может быть, «{near[0]}»?" if near else ""


def _is_argument(param: Parameter) -> bool:
    return param.param_type_name == "argument"


def _named(param: Parameter) -> str:
    return str(param.metavar) if _is_argument(param) else ", ".join(param.opts)


def _row(param: Parameter) -> tuple[str, str]:
    return _named(param), str(getattr(param, "help", ""))


def _section(formatter: HelpFormatter, title: str, rows: Sequence[tuple[str, str]]) -> None:
    if rows:
        with formatter.section(title):
            formatter.write_dl(rows)
