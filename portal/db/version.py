"""Of which schema a database is.  Alembic could tell it too, but takes longer to import than most
commands take to do their work.
"""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text

SCRIPTS = Path(__file__).parent / "migrations"


def is_current(connection: Connection) -> bool:
    """Whether no migration is missing."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    stored = connection.scalars(text("SELECT version_num FROM alembic_version")).all()
    return stored == [newest_schema()]


@cache
def newest_schema() -> str:
    """The name of the schema that this program works with: of its migrations the last number."""
    return max(script.name.partition("_")[0] for script in (SCRIPTS / "versions").glob("0*.py"))
