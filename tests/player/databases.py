"""Empty databases for tests: one is migrated in each process, every other is a copy of it.

A migration from nothing takes as long as many a test. Tests of migrations themselves do not come
here.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.location import is_postgres, location_of
from storage.migrate import migrate


def lay(url: str) -> None:
    """Make an empty database at a URL, with its folder, where there is none.

    On PostgreSQL it is there: `tests.player.postgres.new_database` has copied it.
    """
    if is_postgres(url):
        return
    path = location_of(url)
    if path is None or path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(empty_file())


@cache
def empty_file() -> bytes:
    """Return a SQLite file with this program's tables and nothing in them.

    It is made in a thread of its own, beside which nothing runs, for Alembic bears only one.
    """
    with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as alone:
        path = Path(folder) / "baraza.db"
        alone.submit(asyncio.run, migrate(f"sqlite:///{path}")).result()
        return path.read_bytes()
