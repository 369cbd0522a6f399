"""The key behind the pseudonyms: a database knows its own, by a fingerprint."""

from __future__ import annotations

from storage.errors import WrongKey
from storage.reporters import fingerprint
from storage.store import Reading, Unit

BEGUN_WITH = "SELECT value FROM store_facts WHERE name = 'key'"

# Two workers may begin the same database at once.
BEGIN_WITH = """
    INSERT INTO store_facts (name, value) VALUES ('key', $1) ON CONFLICT (name) DO NOTHING
"""

OTHER = (
    "The key is not the one this database was begun with. Put back your copy of the file "
    "`key` in the data folder, or set BARAZA_KEY to the old one; without it nobody finds "
    "their reports."
)


async def expect_key(unit: Unit, key: bytes) -> None:
    """Notice another key, under which every reporter would be a stranger to their own data.

    The first key a database is opened with becomes its own. Raises `WrongKey`.
    """
    await unit.run(BEGIN_WITH, fingerprint(key))
    begun_with = await unit.row(BEGUN_WITH)
    if begun_with is None or begun_with["value"] != fingerprint(key):
        raise WrongKey(OTHER)


async def is_its_own(reading: Reading, key: bytes) -> bool:
    """Tell whether a database was begun with a key, or with none yet."""
    begun_with = await reading.row(BEGUN_WITH)
    return begun_with is None or begun_with["value"] == fingerprint(key)
