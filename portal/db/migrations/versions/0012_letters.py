"""Letters to residents, and who wants none."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "resident",
        sa.Column("wants_receipts", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    _outbox()
    _events()


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("resident_id", WHOLE, nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint("kind IN ('receipt')", name=op.f("ck_outbox_kind")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_outbox_resident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_id")),
    )
    op.create_index("ix_outbox_resident_id", "outbox", ["resident_id"])


def _events() -> None:
    op.create_table(
        "outbox_event",
        sa.Column("outbox_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "state IN ('sent', 'failed', 'given_up')", name=op.f("ck_outbox_event_state")
        ),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.id"], name=op.f("fk_outbox_event_outbox_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_event")),
        sa.UniqueConstraint("outbox_id", "number", name=op.f("uq_outbox_event_outbox_id_number")),
    )
    ends = sa.text("state <> 'failed'")
    op.create_index(
        "uq_outbox_event_end", "outbox_event", ["outbox_id"],
        unique=True, sqlite_where=ends, postgresql_where=ends,
    )  # fmt: skip
