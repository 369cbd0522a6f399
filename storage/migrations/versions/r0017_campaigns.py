"""Messages to many people, how far each has come, and what people want to hear unasked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

FIGURES = ("counted", "put", "sent", "blocked", "failed", "left_out", "opened", "answered")


def upgrade() -> None:
    """Make the tables, and let a message in the outbox say which campaign it is of."""
    op.add_column(
        "outbox", sa.Column("campaign_id", sa.BigInteger(), nullable=False, server_default="0")
    )
    _index_where("ix_outbox_campaign", "outbox", ["campaign_id"], "campaign_id <> 0")
    _make_campaigns()
    _make_tables_of_people()
    op.create_table(
        "subscriptions",
        *_texts("reporter", "topic", "programme", "area"),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("reporter", "topic", name="pk_subscriptions"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_subscriptions_topic", "subscriptions", ["programme", "topic", "wanted"])


def _texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text(), nullable=False) for name in names)


def _numbers(*names: str) -> tuple[sa.Column[int], ...]:
    return tuple(sa.Column(name, sa.BigInteger(), nullable=False) for name in names)


def _make_campaigns() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", ROW_ID, nullable=False),
        *_texts("programme"),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        *_texts("dedupe", "title", "body", "state", "reason"),
        sa.Column("start_at", sa.BigInteger(), nullable=False),
        sa.Column("per_second", sa.Integer(), nullable=False),
        *_numbers("next_at", "reached"),
        sa.Column("listed", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in FIGURES),
        sa.PrimaryKeyConstraint("id", name="pk_campaigns"),
        sa.UniqueConstraint("programme", "dedupe", name="uq_campaigns_programme_dedupe"),
        sa.CheckConstraint(
            "state IN ('scheduled', 'running', 'paused', 'done', 'cancelled')", name="state"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["contacts.id"],
            name="fk_campaigns_contact_id",
            ondelete="SET NULL",
        ),
        sqlite_autoincrement=True,
    )
    under_way = "state IN ('scheduled', 'running')"
    _index_where("ix_campaigns_due", "campaigns", ["programme", "next_at"], under_way)


def _make_tables_of_people() -> None:
    op.create_table(
        "campaign_drafts",
        *_texts("programme"),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        *_texts("body"),
        sa.PrimaryKeyConstraint("programme", "contact_id", name="pk_campaign_drafts"),
        _to("campaign_drafts", "contact_id"),
    )
    op.create_table(
        "campaign_waits",
        *_numbers("campaign_id", "contact_id"),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "contact_id", name="pk_campaign_waits"),
        _to("campaign_waits", "campaign_id"),
        _to("campaign_waits", "contact_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_campaign_waits_due", "campaign_waits", ["campaign_id", "due_at"])
    op.create_index("ix_campaign_waits_contact", "campaign_waits", ["contact_id"])
    op.create_table(
        "campaign_taps",
        *_numbers("contact_id", "campaign_id"),
        *_texts("form_id"),
        sa.PrimaryKeyConstraint("contact_id", "campaign_id", name="pk_campaign_taps"),
        _to("campaign_taps", "contact_id"),
        _to("campaign_taps", "campaign_id"),
        sqlite_with_rowid=False,
    )


def _to(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{column.removesuffix('_id')}s.id"],
        name=f"fk_{table}_{column}",
        ondelete="CASCADE",
    )


def _index_where(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(
        name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )


def downgrade() -> None:
    """Refuse, as every step does."""
    said = "There is no way back from campaigns; restore a back-up."
    raise NotImplementedError(said)
