"""What all tables stand on: their list, how a row is numbered, and what many columns say alike."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Text,
    TextClause,
    text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# SQLite counts rows itself only where the type is exactly INTEGER.
RowId = BigInteger().with_variant(Integer, "sqlite")

WAITING = text("state = 'waiting'")


def of_report(
    name: str = "instance_id",
    *,
    primary_key: bool = False,
    nullable: bool = False,
    unique: bool | None = None,
) -> Column[str]:
    """Make a column that names a report: the row goes when the report is erased."""
    report = ForeignKey("submissions.instance_id", ondelete="CASCADE")
    return Column(name, Text, report, primary_key=primary_key, nullable=nullable, unique=unique)


def of_contact(*, primary_key: bool = False, nullable: bool = False) -> Column[int]:
    """Make a column that names a contact: the row goes when the contact does."""
    contact = ForeignKey("contacts.id", ondelete="CASCADE")
    return Column("contact_id", BigInteger, contact, primary_key=primary_key, nullable=nullable)


def partial(name: str, *columns: str, where: TextClause) -> Index:
    """Make an index of those rows alone for which `where` holds, on both databases."""
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)
