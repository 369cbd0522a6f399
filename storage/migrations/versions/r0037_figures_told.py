"""As what a published figure was told last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    """Add the column; what the results have named already is known as it stands."""
    op.add_column(
        "figure_cases", sa.Column("told", sa.Integer(), server_default="-2", nullable=False)
    )
    op.execute("UPDATE figure_cases SET told = shown")
    op.execute("UPDATE figure_cases SET told = corrected WHERE announced AND outcome = 'corrected'")
    op.execute("UPDATE figure_cases SET told = -1 WHERE announced AND outcome = 'withdrawn'")


def downgrade() -> None:
    """Refuse: there is nothing to go back for."""
    said = "There is no way back from what was told of figures; restore a back-up."
    raise NotImplementedError(said)
