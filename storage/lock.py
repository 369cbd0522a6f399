"""One process a database file: a lock of the operating system on a file beside it.

The system lets go of the lock when the process ends, however it ends. The lock file itself stays;
it names the process that holds it, or held it last.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

from storage.errors import DatabaseRefused, StoreInUse

if sys.platform == "win32":
    import msvcrt

    BEHIND_THE_NAME = 64

    def _take(file: IO[str]) -> None:
        """Lock one byte behind the process's number, which others may then still read."""
        file.seek(BEHIND_THE_NAME)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FileLock:
    """The right to work on a database file, until `release` or the end of the process."""

    def __init__(self, database: Path) -> None:
        """Take the lock, or raise `StoreInUse`; `DatabaseRefused` where no file can be made."""
        path = database.with_name(database.name + ".lock")
        self._file = _open(path)
        try:
            _take(self._file)
        except OSError as error:
            raise StoreInUse(_in_use(database, self._file)) from error
        with suppress(OSError):  # Where the disk is full nobody reads who holds it; it is held.
            self._file.seek(0)
            self._file.truncate()
            self._file.write(f"{os.getpid()}\n")
            self._file.flush()

    def release(self) -> None:
        """Let others work on the database."""
        self._file.close()


def _open(path: Path) -> IO[str]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a+", encoding="ascii")
    except OSError as error:
        said = (
            f"The folder {path.parent} cannot be written ({error.strerror}); "
            "set BARAZA_DATA_DIR to one that can."
        )
        raise DatabaseRefused(said) from error


def _in_use(database: Path, file: IO[str]) -> str:
    holder = ""
    with file, suppress(OSError, ValueError):
        file.seek(0)
        holder = f" (process {int(file.read())})"
    return (
        f"The database {database} is in use by another Baraza{holder}; "
        "stop that one, or give this one its own BARAZA_DATABASE_URL."
    )
