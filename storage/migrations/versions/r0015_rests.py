"""Who wants no questions about other people's reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the table; everybody may be asked."""
    op.create_table(
        "rests",
        sa.Column("reporter", sa.Text(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reporter", name="pk_rests"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Refuse, as every step does."""
    said = "There is no way back from who wants to rest; restore a back-up."
    raise NotImplementedError(said)
