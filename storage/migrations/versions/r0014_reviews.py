"""Whom a role serves, where moderators stand, questions back to reporters, what was blacked out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("state <> 'answered'")


def upgrade() -> None:
    """Make the tables; a role that was given before serves all."""
    for name in ("languages", "areas", "forms"):
        op.add_column("roles", sa.Column(name, sa.Text(), server_default="", nullable=False))
    _benches()
    _clarifications()
    _sealed_texts()


def _benches() -> None:
    op.create_table(
        "benches",
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("programme", "contact_id", name="pk_benches"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_benches_contact_id", ondelete="CASCADE"
        ),
    )


def _clarifications() -> None:
    op.create_table(
        "clarifications",
        sa.Column("id", ROW_ID, nullable=False),
        *_texts("instance_id", "programme", "reporter", "words", "about"),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        *_texts("state", "answer"),
        sa.Column("answered_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clarifications"),
        sa.CheckConstraint(
            "state IN ('asked', 'answering', 'answered')", name=op.f("ck_clarifications_state")
        ),
        _report("clarifications"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_clarifications_report", "clarifications", ["instance_id", "id"])
    op.create_index(
        "ix_clarifications_reporter",
        "clarifications",
        ["reporter"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def _sealed_texts() -> None:
    op.create_table(
        "sealed_texts",
        sa.Column("id", ROW_ID, nullable=False),
        *_texts("instance_id", "reference", "sealed"),
        sa.Column("sealed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sealed_texts"),
        _report("sealed_texts"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sealed_texts_report", "sealed_texts", ["instance_id"])


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _report(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["instance_id"],
        ["submissions.instance_id"],
        name=f"fk_{table}_instance_id",
        ondelete="CASCADE",
    )


def downgrade() -> None:
    """Refuse: what reporters answered would be lost."""
    said = "There is no way back from questions to reporters; restore a back-up."
    raise NotImplementedError(said)
