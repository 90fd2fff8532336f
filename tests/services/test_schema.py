"""The migrated database is the described one, on either kind."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Engine, inspect

from portal.db.base import table_of
from portal.db.migrate import _config
from portal.db.schema import METADATA, TABLES
from portal.db.version import newest_schema


def test_the_migrations_lead_to_the_tables_that_the_code_describes(engine: Engine) -> None:
    """Tables, columns with their types, keys, indexes and references; Alembic's own comparison."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences: list[Any] = compare_metadata(context, METADATA)
    assert differences == []


def test_the_last_number_among_the_migrations_is_where_they_lead() -> None:
    assert ScriptDirectory.from_config(_config()).get_heads() == [newest_schema()]


def test_every_check_of_the_code_is_in_the_database(engine: Engine) -> None:
    """Which Alembic does not compare."""
    looked = inspect(engine)
    for model in TABLES:
        table = table_of(model)
        described = {
            str(each.name) for each in table.constraints if isinstance(each, CheckConstraint)
        }
        stored = {each["name"] for each in looked.get_check_constraints(table.name)}
        assert stored == described, table.name


def test_what_later_columns_begin_with_is_what_the_journal_does_not_speak_of(
    engine: Engine,
) -> None:
    """The rows of before got the default; the journal must take it for nothing said."""
    looked = inspect(engine)
    for model in TABLES:
        table = table_of(model)
        defaults = {each["name"]: each["default"] for each in looked.get_columns(table.name)}
        for column in table.columns:
            if "absent" in column.info:
                assert _value(defaults[column.name]) == column.info["absent"], column


def _value(default: str | None) -> object:
    """Of an SQL literal: `'off'` (PostgreSQL adds the type), `false`, `0`."""
    if default is None:
        return None
    literal = default.split("::", maxsplit=1)[0]
    return literal.strip("'") if "'" in literal else literal not in {"0", "false"}
