"""Pictures of which a part was blacked out: where their originals stand, sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "sealed_files",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("painted", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sealed_files"),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["submissions.instance_id"],
            name="fk_sealed_files_instance_id",
            ondelete="CASCADE",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sealed_files_report", "sealed_files", ["instance_id"])
    op.create_index("ix_sealed_files_sealed", "sealed_files", ["sealed"])


def downgrade() -> None:
    """Refuse: nobody would find the originals again."""
    said = "There is no way back from sealed pictures; restore a back-up."
    raise NotImplementedError(said)
