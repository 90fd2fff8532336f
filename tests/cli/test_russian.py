"""Every screen and every complaint of the command line is Russian."""

import re
from collections.abc import Iterator

import pytest
from typer._click.core import Command
from typer.core import TyperGroup
from typer.main import get_command

from portal.__main__ import app
from tests.cli.conftest import Cli

# What a Russian screen may say in Latin letters besides the commands and the options: names.
NAMES = {"zhkh-portal", "TOML", "PHP", "SQLite", "Ctrl-C", "PDF", "QR-", "A"}
NAMES |= {"CSV", "UTF-", "Windows", "beancount"}
NAMES |= {"CClientBankExchange", "sber", "qiwi", "lanbilling", "dbf"}
NAMES |= {"smtp", "Message-ID"}
SPELT_OUT = re.compile(r"«zhkh-portal [a-z]+»|ZHKH_[A-Z_]+|~/\S+\)|127\.0\.0\.1|--[a-z-]+")


def _screens(command: Command, *way: str) -> Iterator[tuple[str, ...]]:
    yield way
    if isinstance(command, TyperGroup):
        for name, inner in command.commands.items():
            yield from _screens(inner, *way, name)


SCREENS = list(_screens(get_command(app)))
COMMANDS = {word for way in SCREENS for word in way}


def foreign(screen: str) -> list[str]:
    """Latin words that are nobody's name."""
    words = re.findall(r"[A-Za-z][A-Za-z-]*", SPELT_OUT.sub(" ", screen))
    return [word for word in words if word not in NAMES | COMMANDS]


def test_all_commands_are_looked_at() -> None:
    assert {" ".join(way) for way in SCREENS} == {
        "",
        "demo",
        "serve",
        "migrate",
        "check",
        "load",
        "bill",
        "close",
        "reopen",
        "invoices",
        "invoices cancel",
        "remit",
        "settle",
        "export",
        "export ledger",
        "export debts",
        "resolve",
        "suspense",
        "assign",
        "refund",
        "poll",
        "promises",
        "audit",
        "send",
        "stickers",
        "user",
        "user password",
        "user end-sessions",
        "photos",
        "photos prune",
        "import",
        "import usage",
        "import bank",
        "reconcile",
    }


@pytest.mark.parametrize("way", SCREENS, ids=" ".join)
def test_help_is_russian(cli: Cli, way: tuple[str, ...]) -> None:
    told = cli(*way, "--help")
    assert told.code == 0
    assert not told.err
    assert told.out.startswith(f"Вызов: {' '.join(('zhkh-portal', *way))} [ПАРАМЕТРЫ]")
    assert "--help" in told.out
    assert foreign(told.out) == []


COMPLAINTS = [
    (["lod"], "Нет команды «lod». Может быть, «load»?"),
    (["xyz"], "Нет команды «xyz»."),
    (["--"], "Не понятно, что сделать: не хватает команды."),
    (["user", "--", "pasword"], "Нет команды «pasword». Может быть, «password»?"),
    (["--verzion"], "Нет параметра «--verzion». Может быть, «--version»?"),
    (["load"], "Не хватает: ФАЙЛ."),
    (["load", "a.toml", "b.toml", "c.toml"], "Лишнее: «b.toml», «c.toml»."),
    (["load", "--formta", "a.toml"], "Нет параметра «--formta». Может быть, «--format»?"),
    (["load", "-x", "a.toml"], "Нет параметра «-x»."),
    (["check", "--help=yes"], "Параметр «--help» пишется без значения."),
    (["user", "password"], "Не хватает: ЛОГИН."),
    (["user", "password", "--keep=1", "DOM-12"], "Параметр «--keep» пишется без значения."),
    (["migrate", "now"], "Лишнее: «now»."),
    (["stickers"], "Не хватает: --house."),
    (["stickers", "--house"], "У параметра «--house» нет значения."),
    (["stickers", "--house", "Лесная, 7"], "Не хватает: --out или --revoke."),
]


@pytest.mark.parametrize(
    ("words", "sentence"), COMPLAINTS, ids=[" ".join(words) for words, _ in COMPLAINTS]
)
def test_a_command_that_is_not_understood(cli: Cli, words: list[str], sentence: str) -> None:
    told = cli(*words)
    assert told.code == 2
    assert not told.out
    usage, help_, nothing, said = told.err.rstrip("\n").split("\n")
    assert usage.startswith("Вызов: zhkh-portal")
    assert help_.startswith("Справка: zhkh-portal")
    assert help_.endswith("--help")
    assert not nothing
    assert said == sentence


@pytest.mark.parametrize("way", [(), ("user",)], ids=" ".join)
def test_a_group_alone_shows_its_help(cli: Cli, way: tuple[str, ...]) -> None:
    told = cli(*way)
    assert told.code == 2
    assert told.err == cli(*way, "--help").out


def test_the_eye_sees_english() -> None:
    assert foreign("Usage: zhkh-portal load [OPTIONS] ФАЙЛ --help") == ["Usage", "OPTIONS"]
