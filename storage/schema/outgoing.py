"""What is still to be said, and where what was said stands."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Integer, SmallInteger, Table, Text, text

from storage.schema.ground import WAITING, RowId, metadata, of_contact, partial

OF_MANY = text("campaign_id <> 0")

GIVEN_UP = text("state = 'given up'")

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowId, primary_key=True),
    of_contact(),
    Column("method", Text, nullable=False),
    Column("params", Text, nullable=False),
    Column("slot", Text, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("leased_until_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("leased_by", Text, nullable=False, server_default=""),
    Column("put_at", BigInteger, nullable=False, server_default="0"),
    Column("campaign_id", BigInteger, nullable=False, server_default="0"),
    CheckConstraint("state IN ('waiting', 'given up')", name="state"),
    partial("ix_outbox_queue", "contact_id", "id", where=WAITING),
    partial("ix_outbox_priority", "priority", "id", where=WAITING),
    partial("ix_outbox_campaign", "campaign_id", where=OF_MANY),
    partial("ix_outbox_given_up", "put_at", where=GIVEN_UP),
    # An id is never given twice, so a late word about a row cannot hit another.
    sqlite_autoincrement=True,
)

slots = Table(
    "slots",
    metadata,
    of_contact(primary_key=True),
    Column("slot", Text, primary_key=True),
    Column("message_id", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
