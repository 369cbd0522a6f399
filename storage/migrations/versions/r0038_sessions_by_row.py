"""Sessions as rows of their own on SQLite, whose trees of keys part a body from its row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"

COLUMNS = "reporter, programme, session_key, form_id, form_version, stage, body, changed_at"


def upgrade() -> None:
    """Lay the table anew where it is a tree of keys; PostgreSQL keeps rows by themselves."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.create_table(
        "sessions_by_row",
        sa.Column("reporter", sa.Text(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("session_key", sa.Text(), nullable=False),
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("form_version", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reporter", "programme", name="pk_sessions"),
        sa.UniqueConstraint("session_key", name="uq_sessions_session_key"),
    )
    op.execute(f"INSERT INTO sessions_by_row ({COLUMNS}) SELECT {COLUMNS} FROM sessions")  # noqa: S608
    op.drop_table("sessions")
    op.rename_table("sessions_by_row", "sessions")


def downgrade() -> None:
    """Refuse: there is nothing to go back for."""
    said = "There is no way back from sessions as rows; restore a back-up."
    raise NotImplementedError(said)
