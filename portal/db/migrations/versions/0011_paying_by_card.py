"""Payments by card and through СБП: the shops of channels, what residents began, what became."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _channels()
    _intents()
    _events()
    _refund_requests()
    _refund_events()


def _channels() -> None:
    for name in ("place", "ways", "shop_id", "base_url"):
        op.add_column("pay_channel", sa.Column(name, sa.String(), nullable=True))
    op.add_column(
        "pay_channel",
        sa.Column("has_receipts", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    for name in ("vat_code", "tax_system"):
        op.add_column("pay_channel", sa.Column(name, WHOLE, nullable=True))


def _intents() -> None:
    op.create_table(
        "intent",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("channel_id", WHOLE, nullable=False),
        sa.Column("agreement_id", WHOLE, nullable=False),
        sa.Column("resident_id", WHOLE, nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_intent_amount")),
        sa.CheckConstraint("way IN ('card', 'sbp')", name=op.f("ck_intent_way")),
        *(
            sa.ForeignKeyConstraint(
                [f"{column}_id"], [f"{target}.id"], name=op.f(f"fk_intent_{column}_id")
            )
            for column, target in (
                ("channel", "pay_channel"),
                ("agreement", "agreement"),
                ("resident", "resident"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intent")),
        sa.UniqueConstraint("token", name=op.f("uq_intent_token")),
        sa.UniqueConstraint("resident_id", "key", name=op.f("uq_intent_resident_id_key")),
    )
    for column in ("agreement_id", "created_at"):
        op.create_index(f"ix_intent_{column}", "intent", [column])


def _events() -> None:
    op.create_table(
        "intent_invoice",
        sa.Column("intent_id", WHOLE, nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("invoice_id", WHOLE, nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["intent_id"], ["intent.id"], name=op.f("fk_intent_invoice_intent_id")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_intent_invoice_invoice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intent_invoice")),
        *(
            sa.UniqueConstraint(
                "intent_id", column, name=op.f(f"uq_intent_invoice_intent_id_{column}")
            )
            for column in ("position", "invoice_id")
        ),
    )
    op.create_index("ix_intent_invoice_invoice_id", "intent_invoice", ["invoice_id"])
    op.create_table(
        "intent_event",
        sa.Column("intent_id", WHOLE, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("confirmation_url", sa.String(), nullable=True),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "state IN ('sent', 'declined', 'canceled', 'strange', 'paid')",
            name=op.f("ck_intent_event_state"),
        ),
        sa.ForeignKeyConstraint(
            ["intent_id"], ["intent.id"], name=op.f("fk_intent_event_intent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intent_event")),
        sa.UniqueConstraint("intent_id", "state", name=op.f("uq_intent_event_intent_id_state")),
    )
    op.create_index("ix_intent_event_external_id", "intent_event", ["external_id"])


def _refund_requests() -> None:
    op.create_table(
        "refund_request",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("channel_id", WHOLE, nullable=False),
        sa.Column("payment_id", WHOLE, nullable=True),
        sa.Column("incoming_id", WHOLE, nullable=True),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("amount", WHOLE, nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refund_request_amount")),
        sa.CheckConstraint(
            "(payment_id IS NULL) <> (incoming_id IS NULL)", name=op.f("ck_refund_request_source")
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{column}_id"], [f"{target}.id"], name=op.f(f"fk_refund_request_{column}_id")
            )
            for column, target in (
                ("channel", "pay_channel"),
                ("payment", "payment"),
                ("incoming", "incoming"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_request")),
        sa.UniqueConstraint("token", name=op.f("uq_refund_request_token")),
        sa.UniqueConstraint(
            "channel_id", "document", name=op.f("uq_refund_request_channel_id_document")
        ),
    )
    for column in ("payment_id", "incoming_id", "created_at"):
        op.create_index(f"ix_refund_request_{column}", "refund_request", [column])


def _refund_events() -> None:
    op.create_table(
        "refund_event",
        sa.Column("request_id", WHOLE, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("id", WHOLE, nullable=False),
        sa.CheckConstraint(
            "state IN ('sent', 'declined', 'canceled', 'strange', 'lost', 'done')",
            name=op.f("ck_refund_event_state"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["refund_request.id"], name=op.f("fk_refund_event_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_event")),
        sa.UniqueConstraint("request_id", "state", name=op.f("uq_refund_event_request_id_state")),
    )
