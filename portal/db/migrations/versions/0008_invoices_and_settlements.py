"""What issuing invoices and settling with suppliers needs."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SOURCES = ("charge_id", "payment_id", "share_id", "remittance_id")
ONE_SOURCE = " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in SOURCES) + " = 1"

KINDS = "kind IN ('month', 'cancellation')"
CANCELS = "(kind = 'cancellation') = (cancels_id IS NOT NULL)"
SEQUENCE = "(sequence IS NULL) = (year IS NULL)"


def upgrade() -> None:
    _invoices()
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if on_sqlite:
        _copied("invoice_line", _invoice_lines, ())
        _copied("allocation", _allocations, ("invoice_id",))
    else:
        _change_lines_and_allocations()
    _tables()
    if on_sqlite:
        _copied("transfer", _transfers, ("credit_id", "debit_id"))
    else:
        _change_transfers()


def _invoices() -> None:
    """Columns with a constraint are written out, as in 0007."""
    for name in ("opening", "charged", "recalculated", "penalty", "paid", "sequence"):
        op.add_column("invoice", sa.Column(name, WHOLE))
    op.add_column("invoice", sa.Column("reason", sa.String()))
    number = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    for definition in (
        f"kind VARCHAR DEFAULT 'month' NOT NULL {_check('kind', KINDS)}",
        f"supplier_id {number} CONSTRAINT fk_invoice_supplier_id REFERENCES supplier (id)",
        f"cancels_id {number} CONSTRAINT fk_invoice_cancels_id REFERENCES invoice (id)",
        f"year {number} {_check('cancels', CANCELS)} {_check('sequence', SEQUENCE)}",
    ):
        op.execute(f"ALTER TABLE invoice ADD COLUMN {definition}")
    op.create_index("uq_invoice_cancels_id", "invoice", ["cancels_id"], unique=True)
    op.create_index(
        "uq_invoice_sequence", "invoice", ["operator_id", "year", "sequence"], unique=True
    )
    op.create_index("ix_invoice_period", "invoice", ["operator_id", "period"])


def _check(name: str, condition: str) -> str:
    return f"CONSTRAINT ck_invoice_{name} CHECK ({condition})"


def _change_lines_and_allocations() -> None:
    op.add_column(
        "invoice_line", sa.Column("turn", WHOLE, server_default=sa.text("0"), nullable=False)
    )
    op.drop_constraint("uq_invoice_line_charge_id", "invoice_line")
    op.create_unique_constraint(
        "uq_invoice_line_charge_id_turn", "invoice_line", ["charge_id", "turn"]
    )
    op.alter_column("allocation", "payment_id", nullable=True)
    op.add_column("allocation", sa.Column("credit_id", WHOLE))
    op.add_column("allocation", sa.Column("allocated_at", sa.DateTime(timezone=True)))
    op.create_foreign_key("fk_allocation_credit_id", "allocation", "invoice", ["credit_id"], ["id"])
    op.create_unique_constraint(
        "uq_allocation_credit_id_invoice_id", "allocation", ["credit_id", "invoice_id"]
    )
    op.create_check_constraint(
        op.f("ck_allocation_source"), "allocation", "(payment_id IS NULL) <> (credit_id IS NULL)"
    )


def _tables() -> None:
    op.create_table(
        "share",
        sa.Column("allocation_id", WHOLE, nullable=False),
        sa.Column("invoice_line_id", WHOLE, nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("commission", WHOLE, nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["allocation.id"], name=op.f("fk_share_allocation_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_line_id"], ["invoice_line.id"], name=op.f("fk_share_invoice_line_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share")),
        sa.UniqueConstraint(
            "allocation_id", "invoice_line_id", name=op.f("uq_share_allocation_id_invoice_line_id")
        ),
    )
    op.create_index("ix_share_invoice_line_id", "share", ["invoice_line_id"])
    op.create_index("ix_share_period", "share", ["period"])
    op.create_table(
        "remittance",
        sa.Column("operator_id", WHOLE, nullable=False),
        sa.Column("supplier_id", WHOLE, nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("remitted_on", sa.Date(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_remittance_amount")),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operator.id"], name=op.f("fk_remittance_operator_id")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name=op.f("fk_remittance_supplier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remittance")),
        sa.UniqueConstraint(
            "operator_id",
            "supplier_id",
            "document",
            name=op.f("uq_remittance_operator_id_supplier_id_document"),
        ),
    )


def _change_transfers() -> None:
    for source in ("share", "remittance"):
        op.add_column("transfer", sa.Column(f"{source}_id", WHOLE))
        op.create_foreign_key(
            f"fk_transfer_{source}_id", "transfer", source, [f"{source}_id"], ["id"]
        )
        op.create_unique_constraint(f"uq_transfer_{source}_id", "transfer", [f"{source}_id"])
    op.drop_constraint(op.f("ck_transfer_source"), "transfer")
    op.create_check_constraint(op.f("ck_transfer_source"), "transfer", ONE_SOURCE)


def _copied(table: str, create: Callable[[str], None], indexed: tuple[str, ...]) -> None:
    """The table anew with its rows, on SQLite, which cannot change a column or a constraint.  None
    of these tables has been referred to by another one; renaming takes along what refers to itself.
    """
    columns = [each["name"] for each in sa.inspect(op.get_bind()).get_columns(table)]
    create(f"new_{table}")
    old, new = (sa.table(name, *map(sa.column, columns)) for name in (table, f"new_{table}"))
    op.execute(sa.insert(new).from_select(columns, sa.select(old).order_by(old.c.id)))
    op.drop_table(table)
    op.rename_table(f"new_{table}", table)
    for column in indexed:
        op.create_index(f"ix_{table}_{column}", table, [column])


def _invoice_lines(name: str) -> None:
    op.create_table(
        name,
        sa.Column("invoice_id", WHOLE, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("charge_id", WHOLE, nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("volume", WHOLE, nullable=True),
        sa.Column("price", WHOLE, nullable=True),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("turn", WHOLE, server_default=sa.text("0"), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["charge_id"], ["charge.id"], name=op.f("fk_invoice_line_charge_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_line_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_line")),
        sa.UniqueConstraint("charge_id", "turn", name=op.f("uq_invoice_line_charge_id_turn")),
        sa.UniqueConstraint(
            "invoice_id", "position", name=op.f("uq_invoice_line_invoice_id_position")
        ),
    )


def _allocations(name: str) -> None:
    op.create_table(
        name,
        sa.Column("payment_id", WHOLE, nullable=True),
        sa.Column("invoice_id", WHOLE, nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("credit_id", WHOLE, nullable=True),
        sa.Column("allocated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_allocation_amount")),
        sa.CheckConstraint(
            "(payment_id IS NULL) <> (credit_id IS NULL)", name=op.f("ck_allocation_source")
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{column}_id"], [f"{target}.id"], name=op.f(f"fk_allocation_{column}_id")
            )
            for column, target in (
                ("payment", "payment"),
                ("invoice", "invoice"),
                ("credit", "invoice"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
        sa.UniqueConstraint(
            "payment_id", "invoice_id", name=op.f("uq_allocation_payment_id_invoice_id")
        ),
        sa.UniqueConstraint(
            "credit_id", "invoice_id", name=op.f("uq_allocation_credit_id_invoice_id")
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
