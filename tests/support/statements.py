"""How many statements a piece of work sends to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

_TRANSACTIONAL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements, as they come; transaction words do not count."""
    statements: list[str] = []

    def notice(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(_TRANSACTIONAL):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", notice)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", notice)
