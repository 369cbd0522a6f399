"""Why somebody says that a number should not be asked about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Add the column."""
    column = sa.Column("objection", sa.Text(), server_default="", nullable=False)
    op.add_column("count_asks", column)


def downgrade() -> None:
    """Refuse: there is nothing to go back for."""
    said = "There is no way back from what people object to; restore a back-up."
    raise NotImplementedError(said)
