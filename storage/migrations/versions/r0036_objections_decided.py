"""What became of it that people say that a number should not be asked about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Add what was decided, of a number and for each of those who said so."""
    for table, name in (("count_checks", "decided"), ("count_asks", "outcome")):
        column = sa.Column(name, sa.Text(), server_default="", nullable=False)
        op.add_column(table, column)
    op.create_index(
        "ix_count_asks_undecided",
        "count_asks",
        ["check_id"],
        unique=False,
        sqlite_where=sa.text("objection <> '' AND outcome = ''"),
        postgresql_where=sa.text("objection <> '' AND outcome = ''"),
    )


def downgrade() -> None:
    """Refuse: there is nothing to go back for."""
    said = "There is no way back from what was decided about objections; restore a back-up."
    raise NotImplementedError(said)
