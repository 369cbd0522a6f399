"""Migrations: how the tables came to be, step by step, and bringing a database up to date.

There is no way down: a downgrade would drop what people said. Restore a back-up instead.
"""

from __future__ import annotations


async def migrate(database_url: str) -> None:
    """Bring the database at a URL up to this program's tables, making it where there is none.

    All or nothing. Raises `DatabaseRefused` (`storage.errors`) as `open_store` does; a database in
    memory needs none of this.
    """
    raise NotImplementedError
