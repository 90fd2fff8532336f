"""Alembic's entry: always on the connection that `portal.db.migrate` hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import DateTime, String
from sqlalchemy.types import TypeDecorator

from portal.db.schema import METADATA


def plain_type(kind: str, item: Any, _context: object) -> str | Literal[False]:  # noqa: ANN401 - Alembic's
    """A migration names only SQLAlchemy's own types: ours may change after it was written."""
    if kind != "type" or not isinstance(item, TypeDecorator):
        return False
    match item.impl_instance:
        case String(length=length):
            return f"sa.String({length})"
        case DateTime():
            return "sa.DateTime(timezone=True)"
        case _:
            return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    render_item=plain_type,
)
with context.begin_transaction():
    context.run_migrations()
