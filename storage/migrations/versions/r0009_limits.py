"""Who is very fast, and how many bytes of files were taken of each reporter on each day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the tables; nothing is counted yet."""
    op.create_table(
        "floods",
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("busy_until_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_until_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name="pk_floods"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_floods_contact_id", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "uploads",
        sa.Column("reporter", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reporter", "day", name="pk_uploads"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Refuse: what was taken today would be taken once more."""
    said = "There is no way back from the counts of limits; restore a back-up."
    raise NotImplementedError(said)
