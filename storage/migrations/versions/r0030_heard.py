"""What somebody heard of a report they looked at, and by which version of its form they read it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

# Whoever was told heard of the round as it stands, as far as anybody knows.
HEARD = """
    UPDATE asks SET heard = CASE WHEN (SELECT r.grade FROM rounds AS r WHERE r.id = asks.round_id)
        IN ('confirmed by residents', 'confirmed by a record', 'confirmed by a moderator')
        THEN 'confirmed' ELSE 'doubted' END
    WHERE told
"""

READ = """
    UPDATE asks SET form_version = coalesce((
        SELECT s.form_version FROM rounds AS r
        JOIN submissions AS s ON s.instance_id = r.instance_id
        WHERE r.id = asks.round_id), '')
    WHERE asked_at > 0
"""


def upgrade() -> None:
    """Keep what was heard in place of that something was; look versions up."""
    for name in ("heard", "form_version"):
        op.add_column("asks", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.execute(HEARD)
    op.execute(READ)
    op.drop_column("asks", "told")


def downgrade() -> None:
    """Refuse: there is nothing to go back for."""
    said = "There is no way back from what people heard; restore a back-up."
    raise NotImplementedError(said)
