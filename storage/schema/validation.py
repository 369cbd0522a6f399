"""What others say about a report: one question, whom it was put to, and what it added up to."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.schema.ground import RowId, metadata, of_report, partial

OPEN = text("state = 'open'")

MODERATED = text("moderator <> ''")

# One question to others about one report, what they answered, and what it added up to.
rounds = Table(
    "rounds",
    metadata,
    Column("id", RowId, primary_key=True),
    of_report(),
    Column("programme", Text, nullable=False),
    Column("form_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("classes", Text, nullable=False),
    Column("confirming", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("says", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("grade", Text, nullable=False),
    Column("yes", Integer, nullable=False),
    Column("no", Integer, nullable=False),
    Column("moderator", Text, nullable=False),
    Column("disagrees", Boolean, nullable=False),
    Column("began_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("decided_at", BigInteger, nullable=False),
    Column("told", Text, nullable=False),
    UniqueConstraint("instance_id", "name"),
    CheckConstraint(
        "state IN ('open', 'decided', 'for a moderator', 'expired', 'void')", name="state"
    ),
    partial("ix_rounds_open", "expires_at", "id", where=OPEN),
    Index("ix_rounds_question", "programme", "form_id", "name", "began_at"),
    partial("ix_rounds_moderated", "programme", "classes", "decided_at", where=MODERATED),
    sqlite_autoincrement=True,
)

asks = Table(
    "asks",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("round_id", BigInteger, ForeignKey("rounds.id", ondelete="CASCADE"), nullable=False),
    Column("validator", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("is_control", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("choice", Text, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("changes", Integer, nullable=False),
    Column("planned_at", BigInteger, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("answered_at", BigInteger, nullable=False),
    Column("heard", Text, nullable=False, server_default=""),
    Column("form_version", Text, nullable=False, server_default=""),
    UniqueConstraint("round_id", "validator"),
    CheckConstraint(
        "state IN ('waiting', 'asked', 'answered', 'declined', 'expired', 'withdrawn')",
        name="state",
    ),
    CheckConstraint("source IN ('resident', 'record')", name="source"),
    Index("ix_asks_validator", "validator", "planned_at"),
    Index("ix_asks_answered", "answered_at"),
    sqlite_autoincrement=True,
)

reliabilities = Table(
    "reliabilities",
    metadata,
    Column("programme", Text, primary_key=True),
    Column("classes", Text, primary_key=True),
    Column("validator", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("counts", Text, nullable=False),
    Column("borne_out", Integer, nullable=False),
    Column("contradicted", Integer, nullable=False),
    Index("ix_reliabilities_validator", "validator"),
    sqlite_with_rowid=False,
)

estimates = Table(
    "estimates",
    metadata,
    Column("programme", Text, primary_key=True),
    Column("classes", Text, primary_key=True),
    Column("answers", Integer, nullable=False),
    Column("resident_prior", Text, nullable=False),
    Column("estimated_at", BigInteger, nullable=False),
)

# Until when somebody wants no questions about others' reports.
rests = Table(
    "rests",
    metadata,
    Column("reporter", Text, primary_key=True),
    Column("until_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
