"""Everything that is kept, read as one and written as one: back-ups, their return, and moves.

`back_up` writes a database and its attachments into one archive, `verify` reads an archive from
end to end, `restore` brings one back, `move` takes a database to another one. They share one way
of reading rows (`rows`), driven by `storage.schema`, so that no table is ever forgotten, and two
places where rows go (`sqlite_target`, `postgres_target`).

Rules. What is read is one snapshot: whatever the bot keeps meanwhile is not in it. What is written
is counted and summed by reading it back before it is used. Memory is bounded by a page of rows and
one attachment. Nothing appears under its final name before it is whole and on disk.
"""

from storage.copying.backup import back_up
from storage.copying.manifest import BackupRefused, Manifest, summary
from storage.copying.moving import Moved, move
from storage.copying.restoring import Restored, restore, verify

__all__ = (
    "BackupRefused",
    "Manifest",
    "Moved",
    "Restored",
    "back_up",
    "move",
    "restore",
    "summary",
    "verify",
)
