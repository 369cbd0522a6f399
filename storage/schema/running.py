"""What the bot keeps about its own work: what it has seen, who holds which right, what failed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table, Text

from storage.schema.ground import RowId, metadata

store_facts = Table(
    "store_facts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

updates = Table(
    "updates",
    metadata,
    Column("update_id", RowId, primary_key=True, autoincrement=False),
    Column("seen_at", BigInteger, nullable=False),
    Index("ix_updates_seen", "seen_at"),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("until_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("update_id", RowId, primary_key=True, autoincrement=False),
    Column("raw", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("set_aside_at", BigInteger, nullable=False),
)
