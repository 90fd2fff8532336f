"""One transaction, as services see it.

The portal speaks to the database in SQLAlchemy's Core alone.  An ORM session around a connection
would cost every statement a fifth of its time, for an identity map that nobody uses.
"""

from typing import Any

from sqlalchemy import Connection

from portal.domain.letter import Letterhead


class Session:
    """A connection and what is noted beside it until the transaction ends.  Where there is a
    `letterhead`, residents get letters of what it does.
    """

    def __init__(self, connection: Connection, letterhead: Letterhead | None = None) -> None:
        self.connection = connection
        self.letterhead = letterhead
        self.execute = connection.execute
        self.scalar = connection.scalar
        self.scalars = connection.scalars
        self.info: dict[str, Any] = {}

    @property
    def is_postgresql(self) -> bool:
        return self.connection.dialect.name == "postgresql"
