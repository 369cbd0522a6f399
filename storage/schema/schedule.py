"""What comes back later."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.schema.ground import WAITING, RowId, metadata, partial

ASKED = text("asked_at > 0")

due = Table(
    "due",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("programme", Text, nullable=False),
    Column("reporter", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("zone", Text, nullable=False),
    Column("wall", Text, nullable=False),
    Column("dedupe", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("leased_until_at", BigInteger, nullable=False),
    Column("leased_by", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("settled_at", BigInteger, nullable=False),
    Column("root", Text, nullable=False, server_default=""),
    Column("asked_at", BigInteger, nullable=False, server_default="0"),
    UniqueConstraint("dedupe"),
    CheckConstraint(
        "state IN ('waiting', 'asked', 'answered', 'done', 'cancelled', 'dropped')", name="state"
    ),
    partial("ix_due_waiting", "due_at", "id", where=WAITING),
    Index("ix_due_reporter", "reporter", "settled_at"),
    Index("ix_due_subject", "subject"),
    Index("ix_due_settled", "settled_at"),
    Index("ix_due_root", "root"),
    partial("ix_due_asked", "reporter", "asked_at", where=ASKED),
    partial("ix_due_ahead", "reporter", "due_at", where=WAITING),
    sqlite_autoincrement=True,
    postgresql_with={"fillfactor": 50},
)

takeovers = Table(
    "takeovers",
    metadata,
    Column("programme", Text, primary_key=True),
    Column("form_id", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("earlier", Text, nullable=False),
    Column("tally", Text, nullable=False),
    Column("last_id", Text, nullable=False),
    Column("role", BigInteger, nullable=False),
    Column("begun_at", BigInteger, nullable=False),
    Column("done_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("reports", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
