"""By whose word it is known which place somebody knows: their own, or a report of theirs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

# Until now nobody's place was known but by their own word.
OWN = "UPDATE reach SET place_by = 'person' WHERE area <> '' OR cell NOT IN ('', '?')"


def upgrade() -> None:
    """Add the column."""
    column = sa.Column("place_by", sa.Text(), server_default="", nullable=False)
    op.add_column("reach", column)
    op.execute(OWN)


def downgrade() -> None:
    """Refuse: there is nothing to go back for."""
    said = "There is no way back from by whose word a place is known; restore a back-up."
    raise NotImplementedError(said)
