"""Stickers on meters."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sticker",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("meter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["meter_id"], ["meter.id"], name=op.f("fk_sticker_meter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sticker")),
        sa.UniqueConstraint("number", name=op.f("uq_sticker_number")),
    )
    with op.batch_alter_table("sticker", schema=None) as batch_op:
        batch_op.create_index(
            "uq_sticker_valid",
            ["meter_id"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
