"""Doubts about reports, and what the checks compare a new one with."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
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
