"""Flags, cases before moderators, what was done to them, and the audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BY_PERSON = sa.text("source = 'person'")
UNDECIDED = sa.text("state <> 'decided'")


def upgrade() -> None:
    """Make the tables; reports that were kept before have no case."""
    _flags()
    _cases()
    _case_acts()
    _audit()


def _flags() -> None:
    op.create_table(
        "flags",
        sa.Column("id", ROW_ID, nullable=False),
        *_texts("instance_id", "programme", "source", "name"),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        *_texts("action", "about", "other", "words", "raised_by"),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        *_texts("dedupe", "verdict"),
        sa.PrimaryKeyConstraint("id", name="pk_flags"),
        sa.UniqueConstraint("instance_id", "dedupe", name="uq_flags_instance_id_dedupe"),
        sa.CheckConstraint("source IN ('check', 'sheet', 'person')", name=op.f("ck_flags_source")),
        _report("flags"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_flags_person",
        "flags",
        ["raised_by"],
        sqlite_where=BY_PERSON,
        postgresql_where=BY_PERSON,
    )


def _cases() -> None:
    op.create_table(
        "cases",
        *_texts("instance_id", "programme", "form_id", "language", "area"),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        *_texts("state", "outcome"),
        sa.Column("version", sa.Integer(), nullable=False),
        *_moments("claimed_by", "claimed_until_at", "first_by"),
        *_texts("proposed"),
        *_moments("decided_by", "decided_at"),
        sa.Column("sources", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Boolean(), nullable=False)
            for name in ("escalated", "appealed", "held")
        ),
        *_moments("look_by_at"),
        sa.PrimaryKeyConstraint("instance_id", name="pk_cases"),
        sa.CheckConstraint(
            "state IN ('open', 'asked', 'second', 'decided')", name=op.f("ck_cases_state")
        ),
        _report("cases"),
    )
    op.create_index(
        "ix_cases_queue",
        "cases",
        ["programme", "look_by_at", "instance_id"],
        sqlite_where=UNDECIDED,
        postgresql_where=UNDECIDED,
    )
    op.create_index("ix_cases_decided", "cases", ["programme", "decided_at"])


def _case_acts() -> None:
    op.create_table(
        "case_acts",
        sa.Column("id", ROW_ID, nullable=False),
        *_texts("instance_id", "programme"),
        sa.Column("version", sa.Integer(), nullable=False),
        *_texts("act"),
        *_moments("by_role"),
        *_texts("body"),
        *_moments("done_at"),
        sa.PrimaryKeyConstraint("id", name="pk_case_acts"),
        _report("case_acts"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_case_acts_case", "case_acts", ["instance_id", "id"])
    op.create_index("ix_case_acts_done", "case_acts", ["programme", "done_at"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("number", ROW_ID, autoincrement=False, nullable=False),
        *_moments("noted_at"),
        *_texts("who", "act", "subject", "body", "hash"),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
    )
    op.create_index("ix_audit_subject", "audit", ["subject", "number"])


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _moments(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _report(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["instance_id"],
        ["submissions.instance_id"],
        name=f"fk_{table}_instance_id",
        ondelete="CASCADE",
    )


def downgrade() -> None:
    """Refuse: decisions about reports would be forgotten."""
    said = "There is no way back from cases; restore a back-up."
    raise NotImplementedError(said)
