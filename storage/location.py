"""Where a database URL points."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from storage.errors import DatabaseRefused

EXAMPLES = "sqlite:///path/to/baraza.db or postgresql://person:password@host/name"


def is_postgres(database_url: str) -> bool:
    """Tell whether a URL names a PostgreSQL database.

    >>> is_postgres("postgresql://baraza@localhost/baraza")
    True
    """
    return database_url.startswith(("postgresql://", "postgres://"))


def expect_driver() -> None:
    """Raise `DatabaseRefused` where what speaks to PostgreSQL is not installed."""
    if find_spec("asyncpg") is None:
        said = (
            "For PostgreSQL install Baraza with it: in its folder, where pyproject.toml is, "
            ".venv/bin/pip install '.[postgres]'."
        )
        raise DatabaseRefused(said)


def location_of(database_url: str) -> Path | None:
    """Return the file of a `sqlite:///` URL, or None for `sqlite://`, which is memory.

    Raises `DatabaseRefused` for anything else.

    >>> location_of("sqlite:////srv/baraza.db").as_posix()
    '/srv/baraza.db'
    """
    scheme, colon, place = database_url.partition(":")
    if scheme != "sqlite" or not colon:
        # What follows the scheme may hold a password.
        said = f"A database cannot be named by '{scheme[:40]}…'; write {EXAMPLES}."
        raise DatabaseRefused(said)
    if place == "//":
        return None
    if not place.startswith("///") or place == "///" or "?" in place:
        said = f"'{database_url}' names no database file; write {EXAMPLES}."
        raise DatabaseRefused(said)
    return Path(place[3:])
