"""Who works for a programme, and what lies on their desks."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.schema.ground import RowId, metadata, of_contact, partial

roles = Table(
    "roles",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("programme", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("known_as", Text, nullable=False),
    Column("token_hash", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    of_contact(nullable=True),
    Column("taken_on", Text, nullable=False),
    Column("languages", Text, nullable=False, server_default=""),
    Column("areas", Text, nullable=False, server_default=""),
    Column("forms", Text, nullable=False, server_default=""),
    UniqueConstraint("token_hash"),
    UniqueConstraint("programme", "contact_id", "role"),
    # A number is never given twice, so that a late `revoke` cannot hit another.
    sqlite_autoincrement=True,
)

# Who may enter the console. A row goes with the role; nothing here leads to a reporter.
entrances = Table(
    "entrances",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("role_id", BigInteger, ForeignKey("roles.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False),
    CheckConstraint("kind IN ('link', 'session', 'spent')", name="kind"),
    Index("ix_entrances_role", "role_id"),
    Index("ix_entrances_end", "ends_at"),
)

AWAITED = text("source <> ''")

desks = Table(
    "desks",
    metadata,
    Column("programme", Text, primary_key=True),
    of_contact(primary_key=True),
    Column("body", Text, nullable=False),
    Column("upload", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("content", LargeBinary),
    Column("xform", Text),
    Column("due_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    partial("ix_desks_waiting", "programme", "due_at", where=AWAITED),
)

benches = Table(
    "benches",
    metadata,
    Column("programme", Text, primary_key=True),
    of_contact(primary_key=True),
    Column("body", Text, nullable=False),
)

digests = Table(
    "digests",
    metadata,
    Column("programme", Text, primary_key=True),
    of_contact(primary_key=True),
    Column("hour", SmallInteger, nullable=False),
    Column("weekly", Boolean, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Index("ix_digests_due", "programme", "next_at"),
)

# Where the cards of grave cases are put, and which card says what. The two know each other by
# programme alone: who is in a group is Telegram's to know.
groups = Table(
    "groups",
    metadata,
    Column("programme", Text, primary_key=True),
    of_contact(),
    Column("severity", SmallInteger, nullable=False),
    Column("is_forum", Boolean, nullable=False),
    Column("linked_by", BigInteger, nullable=False),
    Column("linked_on", Text, nullable=False),
    Index("ix_groups_contact", "contact_id"),
)
