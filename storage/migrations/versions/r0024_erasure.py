"""Contacts that were erased, and are yet to be told so, are found at once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

LEFT = sa.text("met_on = ''")


def upgrade() -> None:
    """Index the contacts of whom nothing is known."""
    op.create_index("ix_contacts_left", "contacts", ["id"], sqlite_where=LEFT,
                    postgresql_where=LEFT)  # fmt: skip


def downgrade() -> None:
    """Refuse: there is nothing to go back for."""
    said = "There is no way back from the index of erased contacts; restore a back-up."
    raise NotImplementedError(said)
