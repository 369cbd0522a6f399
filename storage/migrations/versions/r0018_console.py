"""The console: ways into it, and second looks at decided cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "entrances",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("role_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_entrances"),
        sa.CheckConstraint("kind IN ('link', 'session', 'spent')", name=op.f("ck_entrances_kind")),
        sa.ForeignKeyConstraint(
            ["role_id"], ["roles.id"], name="fk_entrances_role_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_entrances_role", "entrances", ["role_id"])
    op.create_index("ix_entrances_end", "entrances", ["ends_at"])
    op.create_table(
        "second_looks",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("first_by", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("second_by", sa.BigInteger(), nullable=False),
        sa.Column("second", sa.Text(), nullable=False),
        sa.Column("looked_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", name="pk_second_looks"),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["submissions.instance_id"],
            name="fk_second_looks_instance_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_second_looks_time", "second_looks", ["programme", "looked_at"])


def downgrade() -> None:
    """Refuse, as every step does."""
    said = "There is no way back from the console; restore a back-up."
    raise NotImplementedError(said)
