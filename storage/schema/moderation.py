"""Moderators' work: cases, acts, second looks, lessons, cards, and the audit."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.schema.ground import RowId, metadata, of_report, partial

UNDECIDED = text("state <> 'decided'")

DECIDED = text("state = 'decided'")

SERVED = ("language", "area", "form_id", "severity")
"""What a moderator serves is told from the index alone, without a look at each row."""

RARE_CASES = (
    ("claimed", ("claimed_by", "look_by_at", "instance_id"), text("claimed_by <> 0")),
    ("asked", ("look_by_at", "instance_id"), text("state = 'asked'")),
    ("escalated", ("look_by_at", "instance_id"), text("escalated")),
    ("appealed", ("decided_at", "instance_id"), text("appealed")),
)
"""Cases of which there are few at a time, each with an index that has them alone."""

cases = Table(
    "cases",
    metadata,
    of_report(primary_key=True),
    Column("programme", Text, nullable=False),
    Column("form_id", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("weight", Float, nullable=False),
    Column("state", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("claimed_by", BigInteger, nullable=False),
    Column("claimed_until_at", BigInteger, nullable=False),
    Column("first_by", BigInteger, nullable=False),
    Column("proposed", Text, nullable=False),
    Column("decided_by", BigInteger, nullable=False),
    Column("decided_at", BigInteger, nullable=False),
    Column("sources", Integer, nullable=False),
    Column("escalated", Boolean, nullable=False),
    Column("appealed", Boolean, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("look_by_at", BigInteger, nullable=False),
    CheckConstraint("state IN ('open', 'asked', 'second', 'decided')", name="state"),
    partial(
        *("ix_cases_queue", "programme", "look_by_at", "instance_id", *SERVED), where=UNDECIDED
    ),
    partial(
        *("ix_cases_decided", "programme", "decided_at", "instance_id", *SERVED), where=DECIDED
    ),
    partial(
        "ix_cases_decided_by", "programme", "decided_by", "decided_at", "instance_id", where=DECIDED
    ),
    *(
        partial(f"ix_cases_{name}", "programme", *columns, where=rare)
        for name, columns, rare in RARE_CASES
    ),
    partial("ix_cases_grave", "programme", "severity", "look_by_at", where=UNDECIDED),
)

UNSEALED = text("sealed IS NULL")

case_acts = Table(
    "case_acts",
    metadata,
    Column("id", RowId, primary_key=True),
    of_report(),
    Column("programme", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("act", Text, nullable=False),
    Column("by_role", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("done_at", BigInteger, nullable=False),
    Column("sealed", Text),
    Index("ix_case_acts_case", "instance_id", "id"),
    Index("ix_case_acts_done", "programme", "done_at"),
    partial("ix_case_acts_plain", "id", where=UNSEALED),
    sqlite_autoincrement=True,
)

second_looks = Table(
    "second_looks",
    metadata,
    of_report(primary_key=True),
    Column("programme", Text, nullable=False),
    Column("first_by", BigInteger, nullable=False),
    Column("first", Text, nullable=False),
    Column("second_by", BigInteger, nullable=False),
    Column("second", Text, nullable=False),
    Column("looked_at", BigInteger, nullable=False),
    Index("ix_second_looks_time", "programme", "looked_at"),
)

lessons = Table(
    "lessons",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("programme", Text, nullable=False),
    Column("role", BigInteger, nullable=False),
    of_report(),
    Column("decided", Text, nullable=False),
    Column("judged", Text, nullable=False),
    Column("shown_at", BigInteger, nullable=False),
    UniqueConstraint("role", "instance_id"),
    Index("ix_lessons_report", "instance_id"),
    Index("ix_lessons_role", "programme", "role", "id"),
    sqlite_autoincrement=True,
)

OPEN_CARD = text("is_open")

cards = Table(
    "cards",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("programme", Text, nullable=False),
    of_report(unique=True),
    Column("topic", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("held_until_at", BigInteger, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("says", Text, nullable=False),
    partial("ix_cards_open", "programme", "id", where=OPEN_CARD),
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    Column("number", RowId, primary_key=True, autoincrement=False),
    Column("noted_at", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("ix_audit_subject", "subject", "number"),
)
