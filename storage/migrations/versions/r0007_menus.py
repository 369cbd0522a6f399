"""Which menu of commands stands in a contact's chat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the column; nobody has a menu of their own yet."""
    op.add_column("contacts", sa.Column("menu", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Refuse: menus would stand for ever that nobody knows of."""
    said = "There is no way back from menus of one's own; restore a back-up."
    raise NotImplementedError(said)
