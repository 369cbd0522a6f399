"""People as chats and, apart from that, as pseudonyms: see the rules of the package."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from storage.schema.ground import RowId, metadata, of_contact, partial

LEFT = text("met_on = ''")

contacts = Table(
    "contacts",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("met_on", Text, nullable=False),
    Column("low_data", Boolean, nullable=False, server_default=false()),
    Column("menu", Text, nullable=False, server_default=""),
    UniqueConstraint("chat_id"),
    CheckConstraint("state IN ('active', 'gone')", name="state"),
    partial("ix_contacts_left", "id", where=LEFT),
)

consents = Table(
    "consents",
    metadata,
    Column("reporter", Text, primary_key=True),
    Column("text_version", Text, primary_key=True),
    Column("kept_at", BigInteger, primary_key=True),
    Column("programme", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("agreed", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

reach = Table(
    "reach",
    metadata,
    Column("reporter", Text, primary_key=True),
    Column("programme", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("cell", Text, nullable=False),
    Column("invited_by", Text, nullable=False),
    Column("met_on", Text, nullable=False),
    Column("paused_until_at", BigInteger, nullable=False),
    Column("stopped", Boolean, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("place_by", Text, nullable=False, server_default=""),
    Index("ix_reach_area", "programme", "area", "asked_at"),
    Index("ix_reach_cell", "programme", "cell", "asked_at"),
    # Whom to ask about others' reports: whoever was not asked for longest, and somebody by chance.
    Index("ix_reach_longest", "programme", "asked_at"),
    Index("ix_reach_language", "programme", "language", "asked_at"),
    Index("ix_reach_area_lot", "programme", "area", "reporter"),
    Index("ix_reach_cell_lot", "programme", "cell", "reporter"),
    Index("ix_reach_language_lot", "programme", "language", "reporter"),
    sqlite_with_rowid=False,
)

floods = Table(
    "floods",
    metadata,
    of_contact(primary_key=True),
    Column("busy_until_at", BigInteger, nullable=False),
    Column("closed_until_at", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

uploads = Table(
    "uploads",
    metadata,
    Column("reporter", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("size_bytes", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
