"""Which messages are a bank's answers to questions of ours."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ASKED = sa.text("question IS NOT NULL")


def upgrade() -> None:
    op.add_column("inbox", sa.Column("question", sa.String(), nullable=True))
    op.create_index(
        "ix_inbox_question",
        "inbox",
        ["question", "channel_id"],
        sqlite_where=ASKED,
        postgresql_where=ASKED,
    )
