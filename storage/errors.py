"""What can go wrong in the keeping, and whose move it is.

Every message is one line that says what to do. Nothing that was acknowledged is lost by any of
these: a unit whose error is raised was not kept at all.

    StorageError
    ├── DatabaseRefused      the database cannot be opened: a person must do what the line says
    │   ├── StoreInUse       another process works on the same file
    │   ├── NotMigrated      its tables are older than this program: `baraza migrate`
    │   ├── TooNew           its tables are newer than this program: install the newer Baraza
    │   └── WrongKey         BARAZA_KEY is not the one the database was begun with
    ├── StorageFull          no room on the disk: make room, then try the same again
    ├── StorageUnavailable   the disk or database does not answer now: try the same again
    └── StorageBroken        the file is damaged: restore a back-up
    ConsentMissing           a submission without a standing consent was handed over (our mistake)
    SubmissionConflict       another submission is kept under the same instance id (our mistake)
"""

from __future__ import annotations

from typing import NoReturn


class StorageError(Exception):
    """The database or the attachments' folder could not do what was asked."""


class DatabaseRefused(StorageError):
    """The database cannot be opened as it is."""


class StoreInUse(DatabaseRefused):
    """Another process works on the same file."""


class NotMigrated(DatabaseRefused):
    """The database has no tables yet, or those of an earlier release."""


class TooNew(DatabaseRefused):
    """The database was written by a later release."""


class WrongKey(DatabaseRefused):
    """The key is not the one the database was begun with."""


class StorageFull(StorageError):
    """There is no room left on the disk."""


class StorageUnavailable(StorageError):
    """The disk or the database does not answer now."""


class StorageBroken(StorageError):
    """The database is damaged."""


class ConsentMissing(Exception):
    """A submission was handed over for which no consent stands."""


class SubmissionConflict(Exception):
    """Another submission is kept under the same instance id."""


def fail(told: Exception, error: Exception) -> NoReturn:
    """Raise what an error means because of it; one that means itself came of nothing."""
    if told is error:
        raise error
    raise told from error
