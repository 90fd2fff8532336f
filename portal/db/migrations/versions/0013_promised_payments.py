"""Promised payments and their terms, and what came of payments that were refused."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "promise_terms",
        sa.Column("operator_id", WHOLE, nullable=False),
        sa.Column("amount_min", WHOLE, nullable=False),
        sa.Column("amount_max", WHOLE, nullable=False),
        sa.Column("days", WHOLE, nullable=False),
        sa.Column("debt_max", WHOLE, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "amount_min > 0 AND amount_min <= amount_max", name=op.f("ck_promise_terms_amounts")
        ),
        sa.CheckConstraint("days > 0", name=op.f("ck_promise_terms_days")),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operator.id"], name=op.f("fk_promise_terms_operator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_terms")),
        sa.UniqueConstraint("operator_id", name=op.f("uq_promise_terms_operator_id")),
    )
    op.create_table(
        "promise",
        sa.Column("agreement_id", WHOLE, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_promise_amount")),
        sa.CheckConstraint("due_on >= promised_on", name=op.f("ck_promise_due_on")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_promise_agreement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
        sa.UniqueConstraint("agreement_id", "key", name=op.f("uq_promise_agreement_id_key")),
    )
    op.create_table(
        "resolution",
        sa.Column("conflict_id", WHOLE, nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["conflict_id"], ["conflict.id"], name=op.f("fk_resolution_conflict_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution")),
        sa.UniqueConstraint("conflict_id", name=op.f("uq_resolution_conflict_id")),
    )
