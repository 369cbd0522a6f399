"""Lessons: decided reports on which moderators practise."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "lessons",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("role", sa.BigInteger(), nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.Column("judged", sa.Text(), nullable=False),
        sa.Column("shown_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lessons"),
        sa.UniqueConstraint("role", "instance_id", name="uq_lessons_role_instance_id"),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["submissions.instance_id"],
            name="fk_lessons_instance_id",
            ondelete="CASCADE",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_lessons_report", "lessons", ["instance_id"])
    op.create_index("ix_lessons_role", "lessons", ["programme", "role", "id"])


def downgrade() -> None:
    """Refuse, as every step does."""
    said = "There is no way back from lessons; restore a back-up."
    raise NotImplementedError(said)
