"""What charging the month needs: suppliers, houses, dated facts, rates."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _tables()
    _columns()


def _tables() -> None:
    op.create_table(
        "day_off",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_off")),
        sa.UniqueConstraint("day", name=op.f("uq_day_off_day")),
    )
    op.create_table(
        "key_rate",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("percent", WHOLE, nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_rate")),
        sa.UniqueConstraint("valid_from", name=op.f("uq_key_rate_valid_from")),
    )
    op.create_table(
        "rate_cap",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("percent", WHOLE, nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_cap")),
        sa.UniqueConstraint("valid_from", name=op.f("uq_rate_cap_valid_from")),
    )
    op.create_table(
        "supplier",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("inn", sa.String(), nullable=False),
        sa.Column("kpp", sa.String(), nullable=True),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("bank_name", sa.String(), nullable=False),
        sa.Column("bic", sa.String(), nullable=False),
        sa.Column("corr_account", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("site", sa.String(), nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier")),
        sa.UniqueConstraint("key", name=op.f("uq_supplier_key")),
    )
    op.create_table(
        "due_day",
        sa.Column("operator_id", WHOLE, nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("day", WHOLE, nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint("day BETWEEN 1 AND 28", name=op.f("ck_due_day_day")),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operator.id"], name=op.f("fk_due_day_operator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_day")),
        sa.UniqueConstraint(
            "operator_id", "valid_from", name=op.f("uq_due_day_operator_id_valid_from")
        ),
    )
    op.create_index(
        "uq_due_day_common",
        "due_day",
        ["valid_from"],
        unique=True,
        sqlite_where=sa.text("operator_id IS NULL"),
        postgresql_where=sa.text("operator_id IS NULL"),
    )
    op.create_table(
        "house",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("operator_id", WHOLE, nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operator.id"], name=op.f("fk_house_operator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house")),
        sa.UniqueConstraint("key", name=op.f("uq_house_key")),
    )
    op.create_index("ix_house_operator_id", "house", ["operator_id"], unique=False)
    op.create_table(
        "period_event",
        sa.Column("operator_id", WHOLE, nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "action IN ('close', 'reopen', 'sent')", name=op.f("ck_period_event_action")
        ),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operator.id"], name=op.f("fk_period_event_operator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_event")),
    )
    op.create_index(
        "ix_period_event_period", "period_event", ["operator_id", "period"], unique=False
    )
    op.create_table(
        "band",
        sa.Column("service_id", WHOLE, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("upto", WHOLE, nullable=True),
        sa.Column("price", WHOLE, nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_band_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_band")),
        sa.UniqueConstraint(
            "service_id",
            "valid_from",
            "position",
            name=op.f("uq_band_service_id_valid_from_position"),
        ),
    )
    op.create_table(
        "house_fact",
        sa.Column("house_id", WHOLE, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("value", WHOLE, nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "kind IN ('total_area', 'common_area')", name=op.f("ck_house_fact_kind")
        ),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_house_fact_house_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_fact")),
        sa.UniqueConstraint(
            "house_id", "kind", "valid_from", name=op.f("uq_house_fact_house_id_kind_valid_from")
        ),
    )
    op.create_table(
        "house_volume",
        sa.Column("house_id", WHOLE, nullable=False),
        sa.Column("service_external_id", sa.String(), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("volume", WHOLE, nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_house_volume_house_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_volume")),
        sa.UniqueConstraint(
            "house_id",
            "service_external_id",
            "period",
            "revision",
            name=op.f("uq_house_volume_house_id_service_external_id_period_revision"),
        ),
    )
    op.create_table(
        "service_fact",
        sa.Column("service_id", WHOLE, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("value", WHOLE, nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "kind IN ('norm', 'common_norm', 'heat_per_unit', 'coefficient')",
            name=op.f("ck_service_fact_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_service_fact_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_fact")),
        sa.UniqueConstraint(
            "service_id",
            "kind",
            "valid_from",
            name=op.f("uq_service_fact_service_id_kind_valid_from"),
        ),
    )
    op.create_table(
        "service_source",
        sa.Column("service_id", WHOLE, nullable=False),
        sa.Column("source_external_id", sa.String(), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_service_source_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_source")),
        sa.UniqueConstraint(
            "service_id",
            "source_external_id",
            name=op.f("uq_service_source_service_id_source_external_id"),
        ),
    )
    op.create_table(
        "service_terms",
        sa.Column("service_id", WHOLE, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("scheme", sa.String(), nullable=False),
        sa.Column("supplier_id", WHOLE, nullable=True),
        sa.Column("commission_percent", WHOLE, nullable=True),
        sa.Column("commission_fixed", WHOLE, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "(scheme = 'own') = (supplier_id IS NULL)", name=op.f("ck_service_terms_supplier")
        ),
        sa.CheckConstraint(
            "scheme IN ('own', 'agency', 'direct')", name=op.f("ck_service_terms_scheme")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_service_terms_service_id")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name=op.f("fk_service_terms_supplier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_terms")),
        sa.UniqueConstraint(
            "service_id", "valid_from", name=op.f("uq_service_terms_service_id_valid_from")
        ),
    )
    op.create_table(
        "absence",
        sa.Column("premises_id", WHOLE, nullable=False),
        sa.Column("left_on", sa.Date(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=False),
        sa.Column("persons", WHOLE, nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint("persons > 0", name=op.f("ck_absence_persons")),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_absence_premises_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
        sa.UniqueConstraint(
            "premises_id",
            "left_on",
            "document",
            name=op.f("uq_absence_premises_id_left_on_document"),
        ),
    )
    op.create_table(
        "premises_fact",
        sa.Column("premises_id", WHOLE, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("value", WHOLE, nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "kind IN ('area', 'heated_area', 'residents')", name=op.f("ck_premises_fact_kind")
        ),
        sa.ForeignKeyConstraint(
            ["premises_id"], ["premises.id"], name=op.f("fk_premises_fact_premises_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_premises_fact")),
        sa.UniqueConstraint(
            "premises_id",
            "kind",
            "valid_from",
            name=op.f("uq_premises_fact_premises_id_kind_valid_from"),
        ),
    )
    op.create_table(
        "account_fact",
        sa.Column("account_id", WHOLE, nullable=False),
        sa.Column("service_id", WHOLE, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("value", WHOLE, nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "kind IN ('quantity', 'meter_possible')", name=op.f("ck_account_fact_kind")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_fact_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_account_fact_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_fact")),
        sa.UniqueConstraint(
            "account_id",
            "service_id",
            "kind",
            "valid_from",
            name=op.f("uq_account_fact_account_id_service_id_kind_valid_from"),
        ),
    )
    op.create_table(
        "account_tariff",
        sa.Column("account_id", WHOLE, nullable=False),
        sa.Column("tariff_id", WHOLE, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_tariff_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["tariff_id"], ["tariff.id"], name=op.f("fk_account_tariff_tariff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_tariff")),
        sa.UniqueConstraint(
            "account_id", "valid_from", name=op.f("uq_account_tariff_account_id_valid_from")
        ),
    )
    op.create_table(
        "usage",
        sa.Column("account_id", WHOLE, nullable=False),
        sa.Column("service_id", WHOLE, nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("volume", WHOLE, nullable=False),
        sa.Column("amount", WHOLE, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_usage_account_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_usage_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage")),
        sa.UniqueConstraint(
            "account_id",
            "service_id",
            "external_id",
            name=op.f("uq_usage_account_id_service_id_external_id"),
        ),
    )
    op.create_table(
        "work",
        sa.Column("account_id", WHOLE, nullable=False),
        sa.Column("service_id", WHOLE, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("quantity", WHOLE, nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_work_account_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_work_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work")),
        sa.UniqueConstraint(
            "account_id", "service_id", "key", name=op.f("uq_work_account_id_service_id_key")
        ),
    )


def _columns() -> None:
    """Columns with a constraint are written out: of these Alembic makes a copy of the whole table
    on SQLite, and the references of others to the old one are in the way.
    """
    for name in ("removed_on", "broken_since"):
        op.add_column("meter", sa.Column(name, sa.Date()))
    op.add_column("meter", sa.Column("closing_value", WHOLE))
    op.add_column("charge", sa.Column("for_period", sa.String(7)))
    op.add_column(
        "operator",
        sa.Column("charges_penalty", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    _word("service", "fallback", "none", "average_then_norm")
    _word("charge", "part", "base", "excess", "recalculation", "penalty")
    _word("charge", "scheme", "own", "agency", "direct")
    _reference("premises", "house_id", "house")
    _reference("charge", "corrects_id", "charge")
    _reference("charge", "band_id", "band")
    _reference("charge", "supplier_id", "supplier")
    op.create_index("ix_premises_house_id", "premises", ["house_id"])
    op.create_index(
        "ix_charge_corrects",
        "charge",
        ["corrects_id"],
        sqlite_where=sa.text("corrects_id IS NOT NULL"),
        postgresql_where=sa.text("corrects_id IS NOT NULL"),
    )


def _word(table: str, column: str, absent: str, *others: str) -> None:
    words = ", ".join(f"'{word}'" for word in (absent, *others))
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR DEFAULT '{absent}' NOT NULL "
        f"CONSTRAINT ck_{table}_{column} CHECK ({column} IN ({words}))"
    )


def _reference(table: str, column: str, target: str) -> None:
    number = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} {number} "
        f"CONSTRAINT fk_{table}_{column} REFERENCES {target} (id)"
    )
