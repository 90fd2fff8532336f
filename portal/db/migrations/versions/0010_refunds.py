"""What is given back of payments, and what a payer says that he pays."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SOURCES = ("charge_id", "payment_id", "share_id", "remittance_id", "incoming_id", "refund_id")
PAYING = ("payment_id", "credit_id", "refund_id")
AMOUNT = "amount <> 0 AND (amount > 0) = (refund_id IS NULL)"
ONCE = (
    ("payment_id", "invoice_id", "turn"),
    ("credit_id", "invoice_id", "turn"),
    ("refund_id", "invoice_id"),
)


def upgrade() -> None:
    _refunds()
    _stated()
    if op.get_bind().dialect.name == "sqlite":
        _copy()
    else:
        _change_allocations()
        _change_transfers()


def _one_of(columns: tuple[str, ...]) -> str:
    return " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in columns) + " = 1"


def _refunds() -> None:
    op.create_table(
        "refund",
        sa.Column("payment_id", WHOLE, nullable=True),
        sa.Column("incoming_id", WHOLE, nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("refunded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("officer", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refund_amount")),
        sa.CheckConstraint(
            "(payment_id IS NULL) <> (incoming_id IS NULL)", name=op.f("ck_refund_source")
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{target}_id"], [f"{target}.id"], name=op.f(f"fk_refund_{target}_id")
            )
            for target in ("payment", "incoming")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("channel", "external_id", name=op.f("uq_refund_channel_external_id")),
    )
    for column in ("payment_id", "incoming_id"):
        op.create_index(f"ix_refund_{column}", "refund", [column])


def _stated() -> None:
    op.create_table(
        "stated",
        sa.Column("payment_id", WHOLE, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("invoice_id", WHOLE, nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [f"{target}_id"], [f"{target}.id"], name=op.f(f"fk_stated_{target}_id")
            )
            for target in ("payment", "invoice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stated")),
        *(
            sa.UniqueConstraint("payment_id", column, name=op.f(f"uq_stated_payment_id_{column}"))
            for column in ("position", "invoice_id")
        ),
    )


def _change_allocations() -> None:
    op.add_column("allocation", sa.Column("refund_id", WHOLE))
    op.add_column(
        "allocation", sa.Column("turn", WHOLE, server_default=sa.text("0"), nullable=False)
    )
    op.create_foreign_key("fk_allocation_refund_id", "allocation", "refund", ["refund_id"], ["id"])
    for name, condition in (("amount", AMOUNT), ("source", _one_of(PAYING))):
        op.drop_constraint(op.f(f"ck_allocation_{name}"), "allocation")
        op.create_check_constraint(op.f(f"ck_allocation_{name}"), "allocation", condition)
    for source in ("payment_id", "credit_id"):
        op.drop_constraint(op.f(f"uq_allocation_{source}_invoice_id"), "allocation")
    for columns in ONCE:
        op.create_unique_constraint(_unique(columns), "allocation", columns)


def _unique(columns: tuple[str, ...]) -> str:
    return "uq_allocation_" + "_".join(columns)


def _change_transfers() -> None:
    op.add_column("transfer", sa.Column("refund_id", WHOLE))
    op.create_foreign_key("fk_transfer_refund_id", "transfer", "refund", ["refund_id"], ["id"])
    op.create_unique_constraint("uq_transfer_refund_id", "transfer", ["refund_id"])
    op.drop_constraint(op.f("ck_transfer_source"), "transfer")
    op.create_check_constraint(op.f("ck_transfer_source"), "transfer", _one_of(SOURCES))


def _copy() -> None:
    """Allocations and transfers anew with their rows, on SQLite, which cannot change a constraint;
    and shares, which stand between the two.  Each refers to the new one before it; the old ones
    go from the end, and renaming takes along what refers to it.
    """
    tables = (
        ("allocation", _allocations, ("invoice_id",)),
        ("share", _shares, ("invoice_line_id", "period")),
        ("transfer", _transfers, ("credit_id", "debit_id")),
    )
    for table, create, _ in tables:
        create(f"new_{table}")
        _fill(table)
    for table, _, _ in reversed(tables):
        op.drop_table(table)
    for table, _, indexed in tables:
        op.rename_table(f"new_{table}", table)
        for column in indexed:
            op.create_index(f"ix_{table}_{column}", table, [column])


def _fill(table: str) -> None:
    columns = [each["name"] for each in sa.inspect(op.get_bind()).get_columns(table)]
    old, new = (sa.table(name, *map(sa.column, columns)) for name in (table, f"new_{table}"))
    op.execute(sa.insert(new).from_select(columns, sa.select(old).order_by(old.c.id)))


def _allocations(name: str) -> None:
    op.create_table(
        name,
        sa.Column("payment_id", WHOLE, nullable=True),
        sa.Column("invoice_id", WHOLE, nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("credit_id", WHOLE, nullable=True),
        sa.Column("allocated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refund_id", WHOLE, nullable=True),
        sa.Column("turn", WHOLE, server_default=sa.text("0"), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint(AMOUNT, name=op.f("ck_allocation_amount")),
        sa.CheckConstraint(_one_of(PAYING), name=op.f("ck_allocation_source")),
        *(
            sa.ForeignKeyConstraint(
                [f"{column}_id"], [f"{target}.id"], name=op.f(f"fk_allocation_{column}_id")
            )
            for column, target in (
                ("payment", "payment"),
                ("invoice", "invoice"),
                ("credit", "invoice"),
                ("refund", "refund"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
        *(sa.UniqueConstraint(*columns, name=op.f(_unique(columns))) for columns in ONCE),
    )


def _shares(name: str) -> None:
    op.create_table(
        name,
        sa.Column("allocation_id", WHOLE, nullable=False),
        sa.Column("invoice_line_id", WHOLE, nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("commission", WHOLE, nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["new_allocation.id"], name=op.f("fk_share_allocation_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_line_id"], ["invoice_line.id"], name=op.f("fk_share_invoice_line_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share")),
        sa.UniqueConstraint(
            "allocation_id",
            "invoice_line_id",
            name=op.f("uq_share_allocation_id_invoice_line_id"),
        ),
    )


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
        sa.CheckConstraint(_one_of(SOURCES), name=op.f("ck_transfer_source")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_transfer_amount")),
        sa.CheckConstraint("debit_id <> credit_id", name=op.f("ck_transfer_sides")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_transfer_{column}"))
            for column, target in (
                ("charge_id", "charge"),
                ("payment_id", "payment"),
                ("share_id", "new_share"),
                ("remittance_id", "remittance"),
                ("incoming_id", "incoming"),
                ("refund_id", "refund"),
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
