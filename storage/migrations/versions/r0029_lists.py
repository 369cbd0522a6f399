"""Lists of cases are found in indexes alone, by whatever they are filtered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

UNDECIDED = sa.text("state <> 'decided'")
DECIDED = sa.text("state = 'decided'")
WHAT = ("language", "area", "form_id", "severity")


def upgrade() -> None:
    """Let the indexes of lists tell what lists are filtered by, and know what is rare."""
    op.drop_index("ix_cases_queue", "cases")
    op.drop_index("ix_cases_decided", "cases")
    _index("queue", ("look_by_at", "instance_id", *WHAT), UNDECIDED)
    _index("decided", ("decided_at", "instance_id", *WHAT), DECIDED)
    _index("decided_by", ("decided_by", "decided_at", "instance_id"), DECIDED)
    _index("claimed", ("claimed_by", "look_by_at", "instance_id"), sa.text("claimed_by <> 0"))
    _index("asked", ("look_by_at", "instance_id"), sa.text("state = 'asked'"))
    _index("escalated", ("look_by_at", "instance_id"), sa.text("escalated"))
    _index("appealed", ("decided_at", "instance_id"), sa.text("appealed"))
    op.create_index("ix_flags_name", "flags", ["programme", "name", "verdict", "instance_id"])


def _index(name: str, columns: tuple[str, ...], where: sa.TextClause) -> None:
    op.create_index(
        f"ix_cases_{name}",
        "cases",
        ["programme", *columns],
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    """Refuse: there is nothing to go back for."""
    said = "There is no way back from the lists' indexes; restore a back-up."
    raise NotImplementedError(said)
