"""Messages to many people, and who wants which."""

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

from storage.schema.ground import RowId, metadata, of_contact, partial

UNDER_WAY = text("state IN ('scheduled', 'running')")

# One message to many people; `reached` is the last contact that was looked at.
campaigns = Table(
    "campaigns",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("programme", Text, nullable=False),
    Column("contact_id", BigInteger, ForeignKey("contacts.id", ondelete="SET NULL")),
    Column("dedupe", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("start_at", BigInteger, nullable=False),
    Column("per_second", Integer, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Column("reached", BigInteger, nullable=False),
    Column("listed", Boolean, nullable=False),
    *(
        Column(name, Integer, nullable=False)
        for name in ("counted", "put", "sent", "blocked", "failed", "left_out")
    ),
    Column("opened", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    UniqueConstraint("programme", "dedupe"),
    CheckConstraint(
        "state IN ('scheduled', 'running', 'paused', 'done', 'cancelled')", name="state"
    ),
    partial("ix_campaigns_due", "programme", "next_at", where=UNDER_WAY),
    sqlite_autoincrement=True,
)

campaign_drafts = Table(
    "campaign_drafts",
    metadata,
    Column("programme", Text, primary_key=True),
    of_contact(primary_key=True),
    Column("body", Text, nullable=False),
)

campaign_waits = Table(
    "campaign_waits",
    metadata,
    Column(
        "campaign_id", BigInteger, ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True
    ),
    of_contact(primary_key=True),
    Column("due_at", BigInteger, nullable=False),
    Index("ix_campaign_waits_due", "campaign_id", "due_at"),
    Index("ix_campaign_waits_contact", "contact_id"),
    sqlite_with_rowid=False,
)

campaign_taps = Table(
    "campaign_taps",
    metadata,
    of_contact(primary_key=True),
    Column(
        "campaign_id", BigInteger, ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True
    ),
    Column("form_id", Text, nullable=False),
    sqlite_with_rowid=False,
)

# In which hours of the last week somebody had a message to many.
written = Table(
    "written",
    metadata,
    Column("reporter", Text, primary_key=True),
    Column("hours", Text, nullable=False),
    sqlite_with_rowid=False,
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("reporter", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("programme", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("wanted", Boolean, nullable=False),
    Index("ix_subscriptions_topic", "programme", "topic", "wanted"),
    sqlite_with_rowid=False,
)
