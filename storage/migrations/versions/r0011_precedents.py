"""What earlier reports of a form say, for comparison; and edits found by their original."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the tables; reports that were kept before are compared with nothing."""
    op.create_table(
        "precedents",
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("cell", sa.Text(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", name="pk_precedents"),
        _report("precedents"),
    )
    op.create_index("ix_precedents_near", "precedents", ["programme", "form_id", "cell", "sent_at"])
    op.create_table(
        "measures",
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("figure", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint(
            *("programme", "form_id", "path", "sent_at", "instance_id", "number"),
            name="pk_measures",
        ),
        _report("measures"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_measures_report", "measures", ["instance_id"])
    op.create_index("ix_edits_original", "edits", ["original"])


def _report(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["instance_id"],
        ["submissions.instance_id"],
        name=f"fk_{table}_instance_id",
        ondelete="CASCADE",
    )


def downgrade() -> None:
    """Refuse, as every step does."""
    said = "There is no way back from precedents; restore a back-up."
    raise NotImplementedError(said)
