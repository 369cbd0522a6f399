"""Takeovers: reports that were made before a sheet changed, and go by the new one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Make the table."""
    texts = ("programme", "form_id", "version", "earlier", "tally", "last_id")
    numbers = ("role", "begun_at", "done_at", "last_at", "reports")
    op.create_table(
        "takeovers",
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in numbers),
        sa.PrimaryKeyConstraint("programme", "form_id", name="pk_takeovers"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Refuse: what was planned would go by a sheet of which nothing tells any more."""
    said = "There is no way back from reports that were taken over; restore a back-up."
    raise NotImplementedError(said)
