"""Doubts about reports, and what the checks compare a new one with."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.schema.ground import RowId, metadata, of_report, partial

BY_PERSON = text("source = 'person'")

flags = Table(
    "flags",
    metadata,
    Column("id", RowId, primary_key=True),
    of_report(),
    Column("programme", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("action", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("other", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("raised_by", Text, nullable=False),
    Column("raised_at", BigInteger, nullable=False),
    Column("dedupe", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    UniqueConstraint("instance_id", "dedupe"),
    CheckConstraint("source IN ('check', 'sheet', 'person')", name="source"),
    Index("ix_flags_name", "programme", "name", "verdict", "instance_id"),
    partial("ix_flags_person", "raised_by", where=BY_PERSON),
    sqlite_autoincrement=True,
)

precedents = Table(
    "precedents",
    metadata,
    of_report(primary_key=True),
    Column("programme", Text, nullable=False),
    Column("form_id", Text, nullable=False),
    Column("cell", Text, nullable=False),
    Column("latitude", Float, nullable=False),
    Column("longitude", Float, nullable=False),
    Column("sent_at", BigInteger, nullable=False),
    Column("answers", Text, nullable=False),
    Index("ix_precedents_near", "programme", "form_id", "cell", "sent_at"),
)

measures = Table(
    "measures",
    metadata,
    Column("programme", Text, primary_key=True),
    Column("form_id", Text, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("sent_at", BigInteger, primary_key=True, autoincrement=False),
    of_report(primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("figure", Float, nullable=False),
    Index("ix_measures_report", "instance_id"),
    sqlite_with_rowid=False,
)

pictures = Table(
    "pictures",
    metadata,
    Column("programme", Text, primary_key=True),
    Column("band", Integer, primary_key=True, autoincrement=False),
    of_report(primary_key=True),
    Column("name", Text, primary_key=True),
    Column("look", BigInteger, nullable=False),
    Column("noted_at", BigInteger, nullable=False),
    Index("ix_pictures_like", "programme", "band", "noted_at"),
    Index("ix_pictures_report", "instance_id"),
)

OPEN_FIGURE = text("state = 'open'")
UNJUDGED = text("verdict = ''")

figure_cases = Table(
    "figure_cases",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("programme", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("form_id", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("claimed_by", BigInteger, nullable=False),
    Column("claimed_until_at", BigInteger, nullable=False),
    Column("decided_by", BigInteger, nullable=False),
    Column("decided_at", BigInteger, nullable=False),
    Column("look_by_at", BigInteger, nullable=False),
    Column("campaign_id", BigInteger, nullable=False),
    Column("shown", Integer, nullable=False),
    Column("corrected", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("weight", Float, nullable=False),
    Column("announced", Boolean, nullable=False),
    Column("told", Integer, nullable=False, server_default="-2"),
    UniqueConstraint("programme", "period", "form_id", "area"),
    CheckConstraint("state IN ('open', 'decided')", name="state"),
    partial("ix_figure_cases_queue", "programme", "look_by_at", "id", where=OPEN_FIGURE),
    sqlite_autoincrement=True,
)

figure_flags = Table(
    "figure_flags",
    metadata,
    Column("id", RowId, primary_key=True),
    Column(
        "figure_id", BigInteger, ForeignKey("figure_cases.id", ondelete="CASCADE"), nullable=False
    ),
    Column("raised_by", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("raised_at", BigInteger, nullable=False),
    UniqueConstraint("figure_id", "raised_by"),
    Index("ix_figure_flags_person", "raised_by"),
    partial("ix_figure_flags_untold", "figure_id", "id", where=UNJUDGED),
    sqlite_autoincrement=True,
)
