"""Follow-ups: when each was put to its person, the report its chain began with, what it got."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

WAITING = sa.text("state = 'waiting'")
ASKED = sa.text("asked_at > 0")


def upgrade() -> None:
    """Make the columns and the table; what was asked before counts from when it was settled."""
    op.add_column("due", sa.Column("root", sa.Text(), server_default="", nullable=False))
    op.add_column("due", sa.Column("asked_at", sa.BigInteger(), server_default="0", nullable=False))
    op.execute("UPDATE due SET asked_at = settled_at WHERE state IN ('asked', 'answered')")
    op.create_index("ix_due_root", "due", ["root"])
    op.create_index(
        *("ix_due_asked", "due", ["reporter", "asked_at"]),
        sqlite_where=ASKED,
        postgresql_where=ASKED,
    )
    op.create_index(
        *("ix_due_ahead", "due", ["reporter", "due_at"]),
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_table(
        "links",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("instance_id", "parent", "root")),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", name="pk_links"),
        *(_report(column) for column in ("instance_id", "parent", "root")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_links_parent", "links", ["parent"])
    op.create_index("ix_links_root", "links", ["root"])


def _report(column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["submissions.instance_id"], name=f"fk_links_{column}", ondelete="CASCADE"
    )


def downgrade() -> None:
    """Refuse: answers would not be found from the report that they belong to."""
    said = "There is no way back from linked follow-ups; restore a back-up."
    raise NotImplementedError(said)
