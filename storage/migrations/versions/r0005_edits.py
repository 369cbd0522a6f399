"""Edits: which submission corrects which, so that the original is kept beside its corrections."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table of edits."""
    op.create_table(
        "edits",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("replaces", sa.Text(), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", name="pk_edits"),
        sa.UniqueConstraint("replaces", name="uq_edits_replaces"),
        *(_belongs_to_a_submission(name) for name in ("instance_id", "replaces", "original")),
        sqlite_with_rowid=False,
    )


def _belongs_to_a_submission(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [name],
        ["submissions.instance_id"],
        name=f"fk_edits_{name}",
        ondelete="CASCADE",
    )


def downgrade() -> None:
    """Refuse: corrections would be taken for reports of their own."""
    said = "There is no way back from the table of edits; restore a back-up."
    raise NotImplementedError(said)
