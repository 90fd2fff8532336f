"""What became known of months after they were charged, and which of it a run has looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "late_fact",
        sa.Column("agreement_id", WHOLE, nullable=False),
        sa.Column("first_period", sa.String(length=7), nullable=False),
        sa.Column("last_period", sa.String(length=7), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint("first_period <= last_period", name=op.f("ck_late_fact_periods")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_late_fact_agreement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_fact")),
    )
    op.create_index(op.f("ix_late_fact_agreement_id"), "late_fact", ["agreement_id"])
    op.create_table(
        "late_fact_taken",
        sa.Column("late_fact_id", WHOLE, nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["late_fact_id"], ["late_fact.id"], name=op.f("fk_late_fact_taken_late_fact_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_fact_taken")),
        sa.UniqueConstraint("late_fact_id", name=op.f("uq_late_fact_taken_late_fact_id")),
    )
