"""Digests: which moderator hears when what waits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "digests",
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("hour", sa.SmallInteger(), nullable=False),
        sa.Column("weekly", sa.Boolean(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("programme", "contact_id", name="pk_digests"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_digests_contact_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_digests_due", "digests", ["programme", "next_at"])


def downgrade() -> None:
    """Refuse, as every step does."""
    said = "There is no way back from digests; restore a back-up."
    raise NotImplementedError(said)
