"""What moderators wrote is sealed; what they wrote before is, once the key is there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

UNSEALED = sa.text("sealed IS NULL")


def upgrade() -> None:
    """Make room for seals, and an index of the rows that have none yet.

    A migration has no key; the running bot seals those rows (`storage.cases.seal_plain`).
    """
    op.add_column("case_acts", sa.Column("sealed", sa.Text()))
    op.create_index(
        "ix_case_acts_plain",
        "case_acts",
        ["id"],
        sqlite_where=UNSEALED,
        postgresql_where=UNSEALED,
    )


def downgrade() -> None:
    """Refuse: nobody would read the seals."""
    said = "There is no way back from sealed words; restore a back-up."
    raise NotImplementedError(said)
