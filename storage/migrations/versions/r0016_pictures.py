"""How pictures look, so that one that was sent before is found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the table; pictures that came before have no look."""
    look = sa.Column("look", sa.BigInteger())
    taken_at = sa.Column("taken_at", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    op.add_column("attachments", look)
    op.add_column("attachments", taken_at)
    op.create_table(
        "pictures",
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("band", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("look", sa.BigInteger(), nullable=False),
        sa.Column("noted_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("programme", "band", "instance_id", "name", name="pk_pictures"),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["submissions.instance_id"],
            name="fk_pictures_instance_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_pictures_like", "pictures", ["programme", "band", "noted_at"])
    op.create_index("ix_pictures_report", "pictures", ["instance_id"])


def downgrade() -> None:
    """Refuse: doubts would stand that nobody can explain."""
    said = "There is no way back from looks of pictures; restore a back-up."
    raise NotImplementedError(said)
