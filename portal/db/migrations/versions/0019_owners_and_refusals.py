"""How many own premises in which nobody lives, and who did not let anybody check a meter."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("premises_fact", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_premises_fact_kind"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_premises_fact_kind"),
            "kind IN ('area', 'heated_area', 'residents', 'owners')",
        )
    op.create_table(
        "refusal",
        sa.Column("account_id", WHOLE, nullable=False),
        sa.Column("service_id", WHOLE, nullable=False),
        sa.Column("refused_on", sa.Date(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("admitted_on", sa.Date(), nullable=True),
        sa.Column("admitted_value", WHOLE, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "(admitted_on IS NULL) = (admitted_value IS NULL)", name=op.f("ck_refusal_admitted")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_refusal_account_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_refusal_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusal")),
        sa.UniqueConstraint(
            "account_id",
            "service_id",
            "refused_on",
            name=op.f("uq_refusal_account_id_service_id_refused_on"),
        ),
    )
