"""Room on the pages of `due` for rows as they are claimed: indexes need not hear of it then."""

from __future__ import annotations

from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Leave half of each page free on PostgreSQL; a claim changes no column that is indexed."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE due SET (fillfactor = 50)")


def downgrade() -> None:
    """Refuse: there is nothing to go back for."""
    said = "There is no way back from pages half full; restore a back-up."
    raise NotImplementedError(said)
