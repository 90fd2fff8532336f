"""When a known device was forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("known_device", sa.Column("forgotten_at", sa.DateTime(timezone=True)))
