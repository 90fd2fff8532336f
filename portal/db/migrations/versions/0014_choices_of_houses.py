"""What was decided for a house: how its heating is paid, what limits its common needs."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "house_choice",
        sa.Column("house_id", WHOLE, nullable=False),
        sa.Column("service_external_id", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("season_months", WHOLE, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "choice IN ('season', 'all_year', 'capped', 'uncapped')",
            name=op.f("ck_house_choice_choice"),
        ),
        sa.CheckConstraint(
            "season_months BETWEEN 1 AND 12", name=op.f("ck_house_choice_season_months")
        ),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_house_choice_house_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_choice")),
        sa.UniqueConstraint(
            "house_id",
            "service_external_id",
            "valid_from",
            name=op.f("uq_house_choice_house_id_service_external_id_valid_from"),
        ),
    )
