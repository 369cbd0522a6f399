"""Forms, the workbooks they came of, and which of them are open."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, Table, Text

from storage.schema.ground import metadata

forms = Table(
    "forms",
    metadata,
    Column("programme", Text, primary_key=True),
    Column("form_id", Text, primary_key=True),
    Column("form_version", Text, primary_key=True),
    Column("xform", Text, nullable=False),
    Column("kept_at", BigInteger, nullable=False),
)

form_media = Table(
    "form_media",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("method", Text, primary_key=True),
    Column("file_id", Text, nullable=False),
)

offers = Table(
    "offers",
    metadata,
    Column("programme", Text, primary_key=True),
    Column("form_id", Text, primary_key=True),
    Column("form_version", Text, nullable=False),
    Column("is_open", Boolean, nullable=False),
)

workbooks = Table(
    "workbooks",
    metadata,
    Column("programme", Text, primary_key=True),
    Column("form_id", Text, primary_key=True),
    Column("form_version", Text, primary_key=True),
    Column("file_name", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("is_numbered", Boolean, nullable=False),
    Column("kept_at", BigInteger, nullable=False),
)
