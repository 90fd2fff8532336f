"""`migrate`: bring the database to the present schema."""

import typer

from portal.commands.database import Schema, answering, schema_of
from portal.commands.preconditions import effective_settings
from portal.commands.progress import working
from portal.db.schema import TABLES
from portal.errors import Refused
from portal.settings.effective import masked


def migrate() -> None:
    address = effective_settings().database_url
    before = schema_of(address)
    if before is not Schema.CURRENT:
        _upgrade(address)
    done = {
        Schema.ABSENT: f"создана, таблиц: {len(TABLES)}",
        Schema.EMPTY: f"создана, таблиц: {len(TABLES)}",
        Schema.OTHER: f"обновлена, таблиц: {len(TABLES)}",
        Schema.CURRENT: "уже актуальна, изменений: 0",
    }
    typer.echo(f"База данных {masked(address)}\nСхема {done[before]}")


def _upgrade(address: str) -> None:
    from alembic.util import CommandError  # noqa: PLC0415 - as `prepare` does

    from portal.db.migrate import upgrade  # noqa: PLC0415 - likewise

    try:
        with answering(address), working("Обновляю схему"):
            upgrade(address)
    except CommandError as fault:
        raise Refused(
            f"Схема базы данных {masked(address)} этой программе не известна: база новее программы "
            "или чужая. Ничего не изменено. Обновите портал или проверьте ZHKH_DATABASE_URL"
        ) from fault
