"""What came of what banks told strangely, and where the receipts of a card payment go."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "bank_resolution",
        sa.Column("intent_event_id", WHOLE, nullable=True),
        sa.Column("refund_event_id", WHOLE, nullable=True),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "(intent_event_id IS NULL) <> (refund_event_id IS NULL)",
            name=op.f("ck_bank_resolution_source"),
        ),
        sa.ForeignKeyConstraint(
            ["intent_event_id"],
            ["intent_event.id"],
            name=op.f("fk_bank_resolution_intent_event_id"),
        ),
        sa.ForeignKeyConstraint(
            ["refund_event_id"],
            ["refund_event.id"],
            name=op.f("fk_bank_resolution_refund_event_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_resolution")),
        sa.UniqueConstraint("intent_event_id", name=op.f("uq_bank_resolution_intent_event_id")),
        sa.UniqueConstraint("refund_event_id", name=op.f("uq_bank_resolution_refund_event_id")),
    )
    op.add_column("intent", sa.Column("receipt_email", sa.String(), nullable=True))
    op.add_column("intent", sa.Column("receipt_phone", sa.String(), nullable=True))
