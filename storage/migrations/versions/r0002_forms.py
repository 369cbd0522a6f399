"""Forms: every version that was served, for the answers that were given to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table of forms."""
    op.create_table(
        "forms",
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("form_version", sa.Text(), nullable=False),
        sa.Column("xform", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("programme", "form_id", "form_version", name="pk_forms"),
    )


def downgrade() -> None:
    """Refuse: answers would lose the questions they were given to."""
    said = "There is no way back from the table of forms; restore a back-up."
    raise NotImplementedError(said)
