"""A SQLite file's write-ahead log, written back into the file beside the units.

SQLite does that by itself within the commit that makes the log longer than 1,000 pages: two more
flushes of the disk and up to 4 MB, for which everybody in that commit waits, and at 200 turns a
second one commit in a hundred was such a one. Here a connection of its own does it, to which no
writer and no reader has to give way. It can begin the log anew only in a moment in which nobody
writes; should none come, or a reader stay for long, the writer does it after all where the log has
`PAGES_MAX` pages.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from storage.errors import StorageError
from storage.sqlite_connection import Connection, Raw

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 0.5
"""How often is looked whether enough was kept to write it back."""

UNITS_MIN: Final = 100
"""So many units make some 1,000 pages; where fewer were kept, the log is left as it is."""

TRIES: Final = 3
"""What was kept while the log was written back is less each time."""

PAGES_MAX: Final = 16_000
"""64 MB: where the log has grown so long, the writer itself writes it back."""

PRAGMA: Final = f"PRAGMA wal_autocheckpoint = {PAGES_MAX}"
"""For the writer."""

WRITE_BACK: Final = "PRAGMA wal_checkpoint(PASSIVE)"


async def keep_short(connect: Callable[[], Raw], name: str, kept: Callable[[], int]) -> None:
    """Write the log back whenever enough was `kept`, until cancelled."""
    connection = await Connection.open(connect, name)
    try:
        done = 0
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if (now := kept()) - done >= UNITS_MIN:
                done = now
                await _write_back(connection)
    finally:
        with suppress(asyncio.CancelledError):
            await connection.close()


async def _write_back(connection: Connection) -> None:
    try:
        for _ in range(TRIES):
            ((_, pages, written),) = await connection.rows(WRITE_BACK)
            if pages == written:
                return
    except StorageError as error:
        # The log holds it all; the writer will be told of whatever is wrong with the disk.
        log.warning("The log of the database is not written back: %s", error)
