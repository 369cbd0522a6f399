"""Reports from the first answer on: sessions, submissions, their files, edits and links."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
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

from storage.schema.ground import WAITING, RowId, metadata, of_report, partial

sessions = Table(
    "sessions",
    metadata,
    Column("reporter", Text, primary_key=True),
    Column("programme", Text, primary_key=True),
    Column("session_key", Text, nullable=False),
    Column("form_id", Text, nullable=False),
    Column("form_version", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    UniqueConstraint("session_key"),
)

submissions = Table(
    "submissions",
    metadata,
    Column("instance_id", Text, primary_key=True),
    Column("programme", Text, nullable=False),
    Column("reporter", Text, nullable=False),
    Column("form_id", Text, nullable=False),
    Column("form_version", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("receipt", Text, nullable=False),
    Column("xml", Text, nullable=False),
    Column("review_state", Text, nullable=False),
    Column("kept_at", BigInteger, nullable=False),
    CheckConstraint(
        "review_state IN ('received', 'has issues', 'approved', 'rejected')", name="review_state"
    ),
    Index("ix_submissions_programme", "programme", "kept_at", "instance_id"),
    Index("ix_submissions_reporter", "reporter", "kept_at"),
    Index("ix_submissions_receipt", "programme", "receipt"),
)

# A report that was changed after it was sent: each row is one correction, kept beside what it
# corrects. A submission is corrected at most once, so that a report is one chain.
edits = Table(
    "edits",
    metadata,
    of_report(primary_key=True),
    of_report("replaces"),
    of_report("original"),
    Column("number", Integer, nullable=False),
    UniqueConstraint("replaces"),
    Index("ix_edits_original", "original"),
    sqlite_with_rowid=False,
)

attachments = Table(
    "attachments",
    metadata,
    Column("id", RowId, primary_key=True),
    # Foreign keys are checked at once, never at the commit, which others may share.
    Column("session_key", Text, ForeignKey("sessions.session_key", ondelete="CASCADE")),
    of_report(nullable=True),
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size_bytes", BigInteger),
    Column("sha256", Text),
    Column("state", Text, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("caption", Text, nullable=False, server_default=""),
    Column("look", BigInteger),
    Column("taken_at", BigInteger, nullable=False, server_default=text("0")),
    UniqueConstraint("session_key", "name"),
    UniqueConstraint("instance_id", "name"),
    CheckConstraint("(session_key IS NULL) <> (instance_id IS NULL)", name="belongs"),
    CheckConstraint("state IN ('waiting', 'kept', 'failed')", name="state"),
    partial("ix_attachments_waiting", "due_at", "id", where=WAITING),
    Index("ix_attachments_sha256", "sha256"),
    sqlite_autoincrement=True,
)

links = Table(
    "links",
    metadata,
    of_report(primary_key=True),
    of_report("parent"),
    of_report("root"),
    Column("name", Text, nullable=False),
    Column("due_id", BigInteger, nullable=False),
    Index("ix_links_parent", "parent"),
    Index("ix_links_root", "root"),
    sqlite_with_rowid=False,
)

sealed_texts = Table(
    "sealed_texts",
    metadata,
    Column("id", RowId, primary_key=True),
    of_report(),
    Column("reference", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("sealed_at", BigInteger, nullable=False),
    Index("ix_sealed_texts_report", "instance_id"),
    sqlite_autoincrement=True,
)

sealed_files = Table(
    "sealed_files",
    metadata,
    Column("id", RowId, primary_key=True),
    of_report(),
    Column("painted", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("sealed_at", BigInteger, nullable=False),
    Index("ix_sealed_files_report", "instance_id"),
    Index("ix_sealed_files_sealed", "sealed"),
    sqlite_autoincrement=True,
)
