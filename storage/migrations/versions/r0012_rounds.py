"""What others are asked about a report, what they answer, and how reliable each of them is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

REACH = {
    "ix_reach_longest": ("programme", "asked_at"),
    "ix_reach_language": ("programme", "language", "asked_at"),
    "ix_reach_area_lot": ("programme", "area", "reporter"),
    "ix_reach_cell_lot": ("programme", "cell", "reporter"),
    "ix_reach_language_lot": ("programme", "language", "reporter"),
}


def upgrade() -> None:
    """Make the tables; nobody is asked about reports that were kept before."""
    _make_rounds()
    _make_asks()
    _make_reliabilities()
    for name, columns in REACH.items():
        op.create_index(name, "reach", list(columns))


def _make_rounds() -> None:
    words = ("programme", "form_id", "name", "language", "area", "classes", "confirming", "state")
    moments = ("began_at", "expires_at", "decided_at")
    op.create_table(
        "rounds",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("instance_id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in words),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("says", "why", "grade")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("yes", "no")),
        sa.Column("moderator", sa.Text(), nullable=False),
        sa.Column("disagrees", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in moments),
        sa.Column("told", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rounds"),
        sa.UniqueConstraint("instance_id", "name", name="uq_rounds_instance_id_name"),
        sa.CheckConstraint(
            "state IN ('open', 'decided', 'for a moderator', 'expired', 'void')",
            name="state",
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["submissions.instance_id"],
            name="fk_rounds_instance_id",
            ondelete="CASCADE",
        ),
        sqlite_autoincrement=True,
    )
    _index_where("ix_rounds_open", "rounds", ["expires_at", "id"], "state = 'open'")
    op.create_index("ix_rounds_question", "rounds", ["programme", "form_id", "name", "began_at"])
    moderated = ["programme", "classes", "decided_at"]
    _index_where("ix_rounds_moderated", "rounds", moderated, "moderator <> ''")


def _make_asks() -> None:
    moments = ("planned_at", "asked_at", "first_at", "answered_at")
    op.create_table(
        "asks",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("round_id", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("validator", "source")),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("is_control", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("state", "choice")),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in moments),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_asks"),
        sa.UniqueConstraint("round_id", "validator", name="uq_asks_round_id_validator"),
        sa.CheckConstraint(
            "state IN ('waiting', 'asked', 'answered', 'declined', 'expired', 'withdrawn')",
            name="state",
        ),
        sa.CheckConstraint("source IN ('resident', 'record')", name="source"),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name="fk_asks_round_id", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_asks_validator", "asks", ["validator", "planned_at"])
    op.create_index("ix_asks_answered", "asks", ["answered_at"])


def _make_reliabilities() -> None:
    op.create_table(
        "reliabilities",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("programme", "classes")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("validator", "source")),
        sa.Column("counts", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("borne_out", "contradicted")),
        sa.PrimaryKeyConstraint("programme", "classes", "validator", name="pk_reliabilities"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_reliabilities_validator", "reliabilities", ["validator"])
    op.create_table(
        "estimates",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("programme", "classes")),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("resident_prior", sa.Text(), nullable=False),
        sa.Column("estimated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("programme", "classes", name="pk_estimates"),
    )


def _index_where(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    """Refuse, as every step does."""
    said = "There is no way back from what others answered; restore a back-up."
    raise NotImplementedError(said)
