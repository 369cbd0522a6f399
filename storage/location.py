"""Where a database URL points."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from storage.errors import DatabaseRefused

MISREAD = (
    "The database's URL cannot be taken apart. Write it as "
    "postgresql://person:password@host:port/name; in a password, write / as %2F, # as %23, "
    "? as %3F, @ as %40, : as %3A, [ as %5B and % as %25."
)

EXAMPLES = "sqlite:///path/to/baraza.db or postgresql://person:password@host/name"


_HOST = re.compile(r"(\[[^]]*\]|[^:]*)(:\d*)?")


def is_postgres(database_url: str) -> bool:
    """Tell whether a URL names a PostgreSQL database.

    >>> is_postgres("postgresql://baraza@localhost/baraza")
    True
    """
    return database_url.startswith(("postgresql://", "postgres://"))


def expect_address(database_url: str) -> None:
    """Raise `DatabaseRefused` where a PostgreSQL URL cannot be taken apart; nothing is quoted.

    A password with a sign of its own meaning is the common reason, and what a reader takes for a
    host or a port then is a part of the password.

    >>> expect_address("postgresql://amina:pa%2Fss@localhost:5432/baraza")
    >>> expect_address("postgresql://amina:pa/ss@localhost:5432/baraza")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    storage.errors.DatabaseRefused: The database's URL ...
    """
    try:
        server = urlsplit(database_url).netloc
    except ValueError:
        raise DatabaseRefused(MISREAD) from None
    _, person, hosts = server.rpartition("@")
    cut_short = server and not person and "@" in database_url
    if cut_short or not all(_HOST.fullmatch(host) for host in hosts.split(",")):
        raise DatabaseRefused(MISREAD)


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
