"""Leases by owner, the age of what waits in the outbox, and updates found by their age."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

GIVEN_UP = sa.text("state = 'given up'")


def upgrade() -> None:
    """Make the table of leases, the columns of the outbox and the index."""
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
        sqlite_with_rowid=False,
    )
    op.add_column("outbox", sa.Column("leased_by", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "outbox", sa.Column("put_at", sa.BigInteger(), server_default="0", nullable=False)
    )
    # How long these have waited is not known; what is due now was put no later.
    op.execute("UPDATE outbox SET put_at = due_at")
    op.create_index(
        "ix_outbox_given_up",
        "outbox",
        ["put_at"],
        sqlite_where=GIVEN_UP,
        postgresql_where=GIVEN_UP,
    )
    op.create_index("ix_updates_seen", "updates", ["seen_at"])


def downgrade() -> None:
    """Refuse: two processes could send the same."""
    said = "There is no way back from leases by owner; restore a back-up."
    raise NotImplementedError(said)
