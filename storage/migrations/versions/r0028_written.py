"""How often people had messages to many lately, for caps over all that they are written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Make the table; what was sent before is not counted."""
    op.create_table(
        "written",
        sa.Column("reporter", sa.Text(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reporter", name="pk_written"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Refuse: there is nothing to go back for."""
    said = "There is no way back from counting messages to many; restore a back-up."
    raise NotImplementedError(said)
