"""Numbers of a month: which reports are in them, who looks at them, and what they say."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("state = 'open'")
STATES = "'waiting', 'asked', 'answered', 'declined', 'expired', 'withdrawn'"


def upgrade() -> None:
    """Make the tables; reports from now on are counted."""
    _make_counted()
    _make_checks()
    op.create_table(
        "count_asks",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("check_id", sa.BigInteger(), nullable=False),
        *_texts("validator", "state", "choice"),
        sa.Column("late", sa.Boolean(), nullable=False),
        *_moments("planned_at", "asked_at", "answered_at"),
        sa.PrimaryKeyConstraint("id", name="pk_count_asks"),
        sa.UniqueConstraint("check_id", "validator", name="uq_count_asks_check_id_validator"),
        sa.CheckConstraint(f"state IN ({STATES})", name="state"),
        sa.ForeignKeyConstraint(
            *(["check_id"], ["count_checks.id"]), name="fk_count_asks_check_id", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_count_asks_validator", "count_asks", ["validator", "planned_at"])


def _make_counted() -> None:
    op.create_table(
        "counted",
        *_texts("instance_id", "name", "programme", "form_id", "place", "month"),
        sa.PrimaryKeyConstraint("instance_id", "name", name="pk_counted"),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["submissions.instance_id"],
            name="fk_counted_instance_id",
            ondelete="CASCADE",
        ),
        sqlite_with_rowid=False,
    )
    number = ["programme", "form_id", "name", "month", "place"]
    op.create_index("ix_counted_number", "counted", number)
    op.create_table(
        "count_rows",
        *_texts("programme", "form_id", "name"),
        *_moments("since_at"),
        *_texts("month"),
        sa.PrimaryKeyConstraint("programme", "form_id", "name", name="pk_count_rows"),
        sqlite_with_rowid=False,
    )


def _make_checks() -> None:
    number = ("programme", "form_id", "name", "month", "place")
    op.create_table(
        "count_checks",
        sa.Column("id", ROW_ID, nullable=False),
        *_texts("programme", "form_id", "form_version", "name", "place", "month"),
        sa.Column("counted", sa.Integer(), nullable=False),
        *_texts("state", "says", "told"),
        *_moments("began_at", "expires_at"),
        sa.PrimaryKeyConstraint("id", name="pk_count_checks"),
        sa.UniqueConstraint(*number, name="uq_count_checks_programme_form_id_name_month_place"),
        sa.CheckConstraint("state IN ('open', 'ended', 'void')", name="state"),
        sa.CheckConstraint("says IN ('', 'right', 'few', 'many', 'divided')", name="says"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_count_checks_open",
        "count_checks",
        ["programme", "id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_count_checks_month", "count_checks", ["programme", "month"])
    op.create_index("ix_count_checks_began", "count_checks", ["programme", "began_at"])


def _texts(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text(), nullable=False) for name in names)


def _moments(*names: str) -> tuple[sa.Column[int], ...]:
    return tuple(sa.Column(name, sa.BigInteger(), nullable=False) for name in names)


def downgrade() -> None:
    """Refuse, as every step does."""
    said = "There is no way back from numbers that people looked at; restore a back-up."
    raise NotImplementedError(said)
