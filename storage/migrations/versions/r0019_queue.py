"""The queue of whoever serves few cases is found in its index alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

UNDECIDED = sa.text("state <> 'decided'")


def upgrade() -> None:
    """Let the queue's index tell language, area and form."""
    op.drop_index("ix_cases_queue", "cases")
    op.create_index(
        "ix_cases_queue",
        "cases",
        ["programme", "look_by_at", "instance_id", "language", "area", "form_id"],
        sqlite_where=UNDECIDED,
        postgresql_where=UNDECIDED,
    )


def downgrade() -> None:
    """Refuse: there is nothing to go back for."""
    said = "There is no way back from the queue's index; restore a back-up."
    raise NotImplementedError(said)
