"""What reporters are asked about their own reports: by moderators, and by the bot in doubt."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.schema.ground import RowId, metadata, of_report, partial

OPEN_CLARIFICATION = text("state <> 'answered'")

clarifications = Table(
    "clarifications",
    metadata,
    Column("id", RowId, primary_key=True),
    of_report(),
    Column("programme", Text, nullable=False),
    Column("reporter", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("answered_at", BigInteger, nullable=False),
    CheckConstraint("state IN ('asked', 'answering', 'answered')", name="state"),
    Index("ix_clarifications_report", "instance_id", "id"),
    partial("ix_clarifications_reporter", "reporter", where=OPEN_CLARIFICATION),
    sqlite_autoincrement=True,
)

OPEN_ASSURANCE = text("state IN ('waiting', 'asked')")

assurances = Table(
    "assurances",
    metadata,
    Column("id", RowId, primary_key=True),
    of_report(),
    Column("programme", Text, nullable=False),
    Column("reporter", Text, nullable=False),
    Column("dedupe", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("answered_at", BigInteger, nullable=False),
    UniqueConstraint("instance_id", "dedupe"),
    CheckConstraint(
        "state IN ('waiting', 'asked', 'right', 'wrong', 'changed', 'rather not', 'late')",
        name="state",
    ),
    partial("ix_assurances_open", "programme", "asked_at", where=OPEN_ASSURANCE),
    sqlite_autoincrement=True,
)
