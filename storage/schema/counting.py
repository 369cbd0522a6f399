"""Numbers of a month: which reports are in them, who looks at them, and what they say."""

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

UNDECIDED = text("objection <> '' AND outcome = ''")

# In which numbers of its sheet a report is.
counted = Table(
    "counted",
    metadata,
    of_report(primary_key=True),
    Column("name", Text, primary_key=True),
    Column("programme", Text, nullable=False),
    Column("form_id", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("month", Text, nullable=False),
    Index("ix_counted_number", "programme", "form_id", "name", "month", "place"),
    sqlite_with_rowid=False,
)

# Since when a row of a sheet counts, and the last month that was looked at.
count_rows = Table(
    "count_rows",
    metadata,
    Column("programme", Text, primary_key=True),
    Column("form_id", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("since_at", BigInteger, nullable=False),
    Column("month", Text, nullable=False),
    sqlite_with_rowid=False,
)

# A number that was put to people. It is a published figure, and stays when its reports go.
count_checks = Table(
    "count_checks",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("programme", Text, nullable=False),
    Column("form_id", Text, nullable=False),
    Column("form_version", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("counted", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("says", Text, nullable=False),
    Column("told", Text, nullable=False),
    Column("decided", Text, nullable=False, server_default=""),
    Column("began_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    UniqueConstraint("programme", "form_id", "name", "month", "place"),
    CheckConstraint("state IN ('open', 'ended', 'void')", name="state"),
    CheckConstraint("says IN ('', 'right', 'few', 'many', 'divided')", name="says"),
    partial("ix_count_checks_open", "programme", "id", where=text("state = 'open'")),
    Index("ix_count_checks_month", "programme", "month"),
    Index("ix_count_checks_began", "programme", "began_at"),
    sqlite_autoincrement=True,
)

count_asks = Table(
    "count_asks",
    metadata,
    Column("id", RowId, primary_key=True),
    Column(
        "check_id", BigInteger, ForeignKey("count_checks.id", ondelete="CASCADE"), nullable=False
    ),
    Column("validator", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("choice", Text, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("planned_at", BigInteger, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("answered_at", BigInteger, nullable=False),
    Column("objection", Text, nullable=False, server_default=""),
    Column("outcome", Text, nullable=False, server_default=""),
    UniqueConstraint("check_id", "validator"),
    CheckConstraint(
        "state IN ('waiting', 'asked', 'answered', 'declined', 'expired', 'withdrawn')",
        name="state",
    ),
    Index("ix_count_asks_validator", "validator", "planned_at"),
    partial("ix_count_asks_undecided", "check_id", where=UNDECIDED),
    sqlite_autoincrement=True,
)
