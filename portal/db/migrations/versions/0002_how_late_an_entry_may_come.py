"""How late an entry may come that waited for a network."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "operator",
        sa.Column("entry_tolerance_days", sa.BigInteger().with_variant(sa.Integer(), "sqlite")),
    )
