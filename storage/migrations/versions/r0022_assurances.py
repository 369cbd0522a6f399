"""What authors are asked about doubted answers of theirs, before others see them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("state IN ('waiting', 'asked')")


def upgrade() -> None:
    """Make the table; nobody is asked about reports that were kept before."""
    words = ("programme", "reporter", "dedupe", "source", "name", "about", "state")
    op.create_table(
        "assurances",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in words),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("asked_at", "answered_at")),
        sa.PrimaryKeyConstraint("id", name="pk_assurances"),
        sa.UniqueConstraint("instance_id", "dedupe", name="uq_assurances_instance_id_dedupe"),
        sa.CheckConstraint(
            "state IN ('waiting', 'asked', 'right', 'wrong', 'changed', 'rather not', 'late')",
            name="state",
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["submissions.instance_id"],
            name="fk_assurances_instance_id",
            ondelete="CASCADE",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_assurances_open",
        "assurances",
        ["programme", "asked_at"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    """Refuse, as every step does."""
    said = "There is no way back from what authors said; restore a back-up."
    raise NotImplementedError(said)
