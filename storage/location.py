"""Where a database URL points."""

from __future__ import annotations

from pathlib import Path

from storage.errors import DatabaseRefused


def location_of(database_url: str) -> Path | None:
    """Return the file of a `sqlite:///` URL, or None for `sqlite://`, which is memory.

    Raises `DatabaseRefused` for anything else.

    >>> location_of("sqlite:////srv/baraza.db").as_posix()
    '/srv/baraza.db'
    """
    scheme, colon, place = database_url.partition(":")
    if scheme != "sqlite" or not colon:
        # What follows the scheme may hold a password.
        said = f"BARAZA_DATABASE_URL begins with '{scheme[:40]}'; write {EXAMPLE}."
        raise DatabaseRefused(said)
    if place == "//":
        return None
    if not place.startswith("///") or place == "///" or "?" in place:
        said = f"'{database_url}' names no database file; write {EXAMPLE}."
        raise DatabaseRefused(said)
    return Path(place[3:])


EXAMPLE = "sqlite:///path/to/baraza.db"
