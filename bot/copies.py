"""Back-ups, their return, and the move to another database, for the command line.

The key goes its own way: with the database alone nobody can tell whose report is whose, so an
archive has it only where it was asked for.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from bot.app import system_clock
from bot.settings import Settings
from storage import copying, keys
from storage.copying import Manifest, Moved, Restored
from storage.errors import WrongKey
from storage.files import Files
from storage.location import is_postgres
from storage.opening import open_readable

OTHER_KEY: Final = (
    "There is another key in {place} than in the back-up, so something else is kept there; "
    "nothing was done. Restore --into another folder."
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a restored bot lives: the settings that its next start needs."""

    data_dir: Path
    database_url: str


async def back_up(
    settings: Settings,
    out: Path | None,
    *,
    with_key: bool = False,
    now: Callable[[], datetime] = system_clock,
) -> tuple[Path, Manifest]:
    """Make a back-up at `out`, or in that folder, or here; return where it is and what it holds."""
    moment = now()
    path = _named(out, f"baraza-{moment:%Y%m%dT%H%M%SZ}.tar")
    key = settings.pseudonym_key() if with_key else None
    files = Files(settings.data_dir)
    return path, await copying.back_up(settings.store_url, files, path, moment, key)


def _named(out: Path | None, name: str) -> Path:
    if out is None:
        return Path(name)
    return out / name if out.is_dir() else out


def place_of(settings: Settings, into: str) -> Place:
    """Say where a back-up goes: into a folder, a database, or where the settings say."""
    if not into:
        return Place(settings.data_dir, settings.store_url)
    if "://" in into:
        return Place(settings.data_dir, into)
    folder = Path(into)
    return Place(folder, f"sqlite:///{folder.resolve() / 'baraza.db'}")


async def restore(settings: Settings, archive: Path, place: Place) -> Restored:
    """Bring a back-up back, and its key if it has one; where that fails, no folder is made."""
    there = settings.model_copy(update={"data_dir": place.data_dir})
    _, key = copying.verify(archive)
    if key and there.has_key() and there.pseudonym_key().hex() != key:
        raise WrongKey(OTHER_KEY.format(place=place.data_dir))
    made_now = not place.data_dir.exists()
    there.make_data_dir()
    try:
        restored = await copying.restore(archive, place.database_url, Files(place.data_dir))
    except BaseException:
        if made_now:
            shutil.rmtree(place.data_dir, ignore_errors=True)  # Locks at most.
        raise
    if key and not there.has_key():
        there.keep_key(key)
    return restored


async def has_its_key(settings: Settings, place: Place) -> bool:
    """Tell whether the key that goes with a restored database is in its place."""
    there = settings.model_copy(update={"data_dir": place.data_dir})
    if not there.has_key():
        return False
    store = await open_readable(place.database_url)
    try:
        async with store.reading() as reading:
            return await keys.is_its_own(reading, there.pseudonym_key())
    finally:
        await store.close()


async def move(settings: Settings, url: str) -> Moved:
    """Take the database to another one; attachments and key stay where they are."""
    return await copying.move(settings.store_url, url)


def to_set(settings: Settings, place: Place) -> Iterator[str]:
    """Name the settings, as lines of `.env`, that make a bot use a place; a password is left out.

    The password is known to whoever gave the URL, and a terminal is not where it should stay.
    """
    if place.data_dir != settings.data_dir:
        yield f"BARAZA_DATA_DIR={place.data_dir}"
    own = f"sqlite:///{place.data_dir.resolve() / 'baraza.db'}"
    if place.database_url != own:
        yield f"BARAZA_DATABASE_URL={shown(place.database_url)}"
    elif settings.database_url:
        yield "BARAZA_DATABASE_URL= (left empty)"


def shown(database_url: str) -> str:
    """Return a database's URL with dots for its password.

    >>> shown("postgresql://amina:secret@db.example.org/baraza")
    'postgresql://amina:…@db.example.org/baraza'
    """
    if not is_postgres(database_url):
        return database_url
    parts = urlsplit(database_url)
    if not parts.password:
        return database_url
    return database_url.replace(f":{parts.password}@", ":…@", 1)
