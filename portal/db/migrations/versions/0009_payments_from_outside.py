"""What terminals and banks bring: channels, what they said, money whose owner is not known yet."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SOURCES = ("charge_id", "payment_id", "share_id", "remittance_id", "incoming_id")
ONE_SOURCE = " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in SOURCES) + " = 1"


def upgrade() -> None:
    _channels()
    _incoming()
    _after()
    _payments()
    if op.get_bind().dialect.name == "sqlite":
        _copy_transfers()
    else:
        _change_transfers()


def _channels() -> None:
    op.create_table(
        "pay_channel",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("operator_id", WHOLE, nullable=False),
        sa.Column("dialect", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("account_pattern", sa.String(), nullable=True),
        sa.Column("amount_min", WHOLE, nullable=True),
        sa.Column("amount_max", WHOLE, nullable=True),
        sa.Column("networks", sa.String(), nullable=False),
        sa.Column("login", sa.String(), nullable=True),
        sa.Column("secret_digest", sa.String(), nullable=True),
        sa.Column("certificate", sa.String(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operator.id"], name=op.f("fk_pay_channel_operator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pay_channel")),
        sa.UniqueConstraint("key", name=op.f("uq_pay_channel_key")),
    )
    op.create_table(
        "inbox",
        sa.Column("channel_id", WHOLE, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["pay_channel.id"], name=op.f("fk_inbox_channel_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
    )


def _incoming() -> None:
    op.create_table(
        "incoming",
        sa.Column("channel_id", WHOLE, nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("inbox_id", WHOLE, nullable=False),
        sa.Column("agreement_id", WHOLE, nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_incoming_amount")),
        *(
            sa.ForeignKeyConstraint(
                [f"{column}_id"], [f"{target}.id"], name=op.f(f"fk_incoming_{column}_id")
            )
            for column, target in (
                ("channel", "pay_channel"),
                ("inbox", "inbox"),
                ("agreement", "agreement"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming")),
        sa.UniqueConstraint(
            "channel_id", "external_id", name=op.f("uq_incoming_channel_id_external_id")
        ),
        sa.UniqueConstraint("inbox_id", name=op.f("uq_incoming_inbox_id")),
    )
    op.create_index("ix_incoming_agreement_id", "incoming", ["agreement_id"])


def _after() -> None:
    """What can become of a message: another one under its number, an owner who was found late."""
    op.create_table(
        "assignment",
        sa.Column("incoming_id", WHOLE, nullable=False),
        sa.Column("agreement_id", WHOLE, nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["incoming_id"], ["incoming.id"], name=op.f("fk_assignment_incoming_id")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_assignment_agreement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("incoming_id", name=op.f("uq_assignment_incoming_id")),
    )
    op.create_table(
        "conflict",
        sa.Column("inbox_id", WHOLE, nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_conflict_inbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
        sa.UniqueConstraint("inbox_id", name=op.f("uq_conflict_inbox_id")),
    )


def _payments() -> None:
    """The column with its constraint written out, as in 0007."""
    number = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    op.execute(
        f"ALTER TABLE payment ADD COLUMN incoming_id {number} "
        "CONSTRAINT fk_payment_incoming_id REFERENCES incoming (id)"
    )
    op.create_index("uq_payment_incoming_id", "payment", ["incoming_id"], unique=True)


def _change_transfers() -> None:
    op.add_column("transfer", sa.Column("incoming_id", WHOLE))
    op.create_foreign_key(
        "fk_transfer_incoming_id", "transfer", "incoming", ["incoming_id"], ["id"]
    )
    op.create_unique_constraint("uq_transfer_incoming_id", "transfer", ["incoming_id"])
    op.drop_constraint(op.f("ck_transfer_source"), "transfer")
    op.create_check_constraint(op.f("ck_transfer_source"), "transfer", ONE_SOURCE)


def _copy_transfers() -> None:
    """The table anew with its rows, on SQLite, which cannot change a constraint: as in 0008."""
    columns = [each["name"] for each in sa.inspect(op.get_bind()).get_columns("transfer")]
    _transfers("new_transfer")
    old, new = (sa.table(name, *map(sa.column, columns)) for name in ("transfer", "new_transfer"))
    op.execute(sa.insert(new).from_select(columns, sa.select(old).order_by(old.c.id)))
    op.drop_table("transfer")
    op.rename_table("new_transfer", "transfer")
    for column in ("credit_id", "debit_id"):
        op.create_index(f"ix_transfer_{column}", "transfer", [column])


def _transfers(name: str) -> None:
    op.create_table(
        name,
        sa.Column("debit_id", WHOLE, nullable=False),
        sa.Column("credit_id", WHOLE, nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(column, WHOLE, nullable=True) for column in (*SOURCES, "reverses_id")),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint(ONE_SOURCE, name=op.f("ck_transfer_source")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_transfer_amount")),
        sa.CheckConstraint("debit_id <> credit_id", name=op.f("ck_transfer_sides")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_transfer_{column}"))
            for column, target in (
                ("charge_id", "charge"),
                ("payment_id", "payment"),
                ("share_id", "share"),
                ("remittance_id", "remittance"),
                ("incoming_id", "incoming"),
                ("debit_id", "ledger_account"),
                ("credit_id", "ledger_account"),
                ("reverses_id", name),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        *(
            sa.UniqueConstraint(column, name=op.f(f"uq_transfer_{column}"))
            for column in (*SOURCES, "reverses_id")
        ),
    )
