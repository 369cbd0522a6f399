"""What comes back later, and how a reporter can be written to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    """Make the tables; nothing is due yet, and nobody can be reached before they come back."""
    op.create_table(
        "due",
        sa.Column("id", ROW_ID, nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("programme", "reporter", "kind", "name", "subject")
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("zone", "wall", "dedupe", "state", "reason", "body")
        ),
        sa.Column("leased_until_at", sa.BigInteger(), nullable=False),
        sa.Column("leased_by", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_due"),
        sa.UniqueConstraint("dedupe", name="uq_due_dedupe"),
        sa.CheckConstraint(
            "state IN ('waiting', 'asked', 'answered', 'done', 'cancelled', 'dropped')",
            name=op.f("ck_due_state"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_due_waiting", "due", ["due_at", "id"], sqlite_where=WAITING, postgresql_where=WAITING
    )
    op.create_index("ix_due_reporter", "due", ["reporter", "settled_at"])
    op.create_index("ix_due_subject", "due", ["subject"])
    op.create_index("ix_due_settled", "due", ["settled_at"])
    op.create_table(
        "reach",
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("reporter", "programme", "sealed", "language", "zone", "area", "cell")
        ),
        sa.Column("invited_by", sa.Text(), nullable=False),
        sa.Column("met_on", sa.Text(), nullable=False),
        sa.Column("paused_until_at", sa.BigInteger(), nullable=False),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reporter", name="pk_reach"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_reach_area", "reach", ["programme", "area", "asked_at"])
    op.create_index("ix_reach_cell", "reach", ["programme", "cell", "asked_at"])


def downgrade() -> None:
    """Refuse: promises to come back would be forgotten."""
    said = "There is no way back from what is due; restore a back-up."
    raise NotImplementedError(said)
