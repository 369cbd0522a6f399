"""Published figures that people doubt: a case a figure, a doubt a person and figure."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNJUDGED = sa.text("verdict = ''")
OPEN_FIGURE = sa.text("state = 'open'")


def _column(name: str, kind: sa.types.TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def upgrade() -> None:
    """Make the tables."""
    texts = ("programme", "period", "form_id", "area", "state", "outcome")
    moments = ("opened_at", "claimed_by", "claimed_until_at", "decided_by", "decided_at")
    op.create_table(
        "figure_cases",
        sa.Column("id", ROW_ID, nullable=False),
        *(_column(name, sa.Text()) for name in texts),
        *(_column(name, sa.BigInteger()) for name in (*moments, "look_by_at", "campaign_id")),
        *(_column(name, sa.Integer()) for name in ("shown", "corrected", "version")),
        _column("severity", sa.SmallInteger()),
        _column("weight", sa.Float()),
        _column("announced", sa.Boolean()),
        sa.PrimaryKeyConstraint("id", name="pk_figure_cases"),
        sa.UniqueConstraint(
            *("programme", "period", "form_id", "area"),
            name="uq_figure_cases_programme_period_form_id_area",
        ),
        sa.CheckConstraint("state IN ('open', 'decided')", name="state"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_figure_cases_queue",
        "figure_cases",
        ["programme", "look_by_at", "id"],
        sqlite_where=OPEN_FIGURE,
        postgresql_where=OPEN_FIGURE,
    )
    op.create_table(
        "figure_flags",
        sa.Column("id", ROW_ID, nullable=False),
        _column("figure_id", sa.BigInteger()),
        *(_column(name, sa.Text()) for name in ("raised_by", "sealed", "reason", "verdict")),
        _column("raised_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_figure_flags"),
        sa.UniqueConstraint("figure_id", "raised_by", name="uq_figure_flags_figure_id_raised_by"),
        sa.ForeignKeyConstraint(
            ["figure_id"],
            ["figure_cases.id"],
            name="fk_figure_flags_figure_id",
            ondelete="CASCADE",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_figure_flags_person", "figure_flags", ["raised_by"])
    op.create_index(
        "ix_figure_flags_untold",
        "figure_flags",
        ["figure_id", "id"],
        sqlite_where=UNJUDGED,
        postgresql_where=UNJUDGED,
    )


def downgrade() -> None:
    """Refuse, as every step does."""
    said = "There is no way back from figures' cases; restore a back-up."
    raise NotImplementedError(said)
