"""`demo`: a believable house in a database of its own, and the portal over it."""

from dataclasses import replace
from datetime import date, datetime

import typer
from sqlalchemy import exists, select

from portal.commands.database import backend_of, prepare
from portal.commands.preconditions import effective_settings, officer
from portal.commands.progress import working
from portal.commands.serve import address, answer, refuse_a_taken_port
from portal.config import Settings
from portal.db.base import table_of
from portal.db.parties import Resident
from portal.db.session import Session
from portal.db.version import newest_schema
from portal.domain.demo import DEMO_LOGINS
from portal.imports.demo import make_demo
from portal.imports.demo.channels import CARDS
from portal.imports.demo.timeline import ZONE
from portal.settings.deployment import DEFAULT, secret_variable

_OPENED = ("utilities_enabled", "menu_zkh", "utility_stat_enabled")
_DATABASE = "ZHKH_DATABASE_URL"
_SANDBOX = "sandbox"
"""The demonstration's bank takes whatever it is told."""


def demo() -> None:
    given = effective_settings()
    refuse_a_taken_port(given)
    now = datetime.now(ZONE)
    settings = demo_settings(given, now.date())
    if given.origins[_DATABASE] != DEFAULT:
        typer.echo(f"Переменная {_DATABASE} не используется: у демонстрации своя база.")
    typer.echo(_filled(settings, now))
    typer.echo(f"\nПортал: {address(settings)}")
    for each in DEMO_LOGINS:
        typer.echo(f"  логин {each.login:<10} пароль {each.password:<13} {each.who}")
    typer.echo("\nКарты и СБП: учебный «Демо-банк», деньги не списываются.")
    typer.echo("Остановить: Ctrl-C")
    answer(settings, is_demo=True)


def demo_settings(given: Settings, today: date) -> Settings:
    """A database of this month, so that whoever lives in it lives now, and of this schema, so
    that one of another version of the program is left alone; the module opened by every flag
    that nobody set otherwise.
    """
    file = given.data_dir / f"demo-{today:%Y-%m}-{newest_schema()}.sqlite3"
    opened = {name for name in _OPENED if given.origins[name] == DEFAULT}
    flags = given.flags
    return replace(
        given,
        database_url=f"sqlite:///{file}",
        photos_dir=file.with_suffix(".photos"),
        pay_secrets={secret_variable(CARDS): _SANDBOX},
        smtp=None,  # nobody who is made up gets letters
        flags=replace(
            flags,
            utilities_enabled=flags.utilities_enabled or "utilities_enabled" in opened,
            menu_zkh=flags.menu_zkh or "menu_zkh" in opened,
            utility_stat_enabled=flags.utility_stat_enabled or "utility_stat_enabled" in opened,
        ),
    )


def _filled(settings: Settings, now: datetime) -> str:
    """What was done so that the house is there."""
    prepare(settings.database_url)
    file = settings.database_url.removeprefix("sqlite:///")
    with backend_of(settings.database_url) as backend:
        if backend.read_now(_is_inhabited):
            return f"Демонстрационная база: {file} (создана раньше)"
        with working("Создаю демонстрационный дом"):
            made = backend.write_now(make_demo, officer(), now.date(), backend.clock())
    return f"Демонстрационная база: {file} (создана, строк: {made.rows})"


def _is_inhabited(session: Session) -> bool:
    return bool(session.scalar(select(exists().where(table_of(Resident).c.id > 0))))
