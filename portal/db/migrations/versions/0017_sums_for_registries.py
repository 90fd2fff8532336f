"""Sums that banks pay for registries of many, and those registries."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "lump",
        sa.Column("channel_id", WHOLE, nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("registry_number", sa.String(), nullable=False),
        sa.Column("credited_on", sa.Date(), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("inbox_id", WHOLE, nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_lump_amount")),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["pay_channel.id"], name=op.f("fk_lump_channel_id")
        ),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_lump_inbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lump")),
        sa.UniqueConstraint(
            "channel_id", "external_id", name=op.f("uq_lump_channel_id_external_id")
        ),
        sa.UniqueConstraint("inbox_id", name=op.f("uq_lump_inbox_id")),
    )
    op.create_table(
        "registry",
        sa.Column("channel_id", WHOLE, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("payments", WHOLE, nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("transferred", WHOLE, nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_registry_amount")),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["pay_channel.id"], name=op.f("fk_registry_channel_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry")),
        sa.UniqueConstraint("channel_id", "digest", name=op.f("uq_registry_channel_id_digest")),
    )
