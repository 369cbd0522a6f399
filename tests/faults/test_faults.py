"""The bot as a process of its own, on a bad day: what it was told is kept, once, and answered.

These are the short runs; `python -m tests.faults` runs as long as one likes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from storage.opening import open_readable
from tests.faults.databases import Kind, database
from tests.faults.nursery import Birth, Nursery
from tests.faults.run import Wish, each_point, play

PEOPLE = 16
DATABASES = pytest.mark.parametrize("kind", ["sqlite", "postgres"])
BOTS = pytest.mark.parametrize(
    ("kind", "workers"), [("sqlite", 0), ("postgres", 0), ("postgres", 2)]
)
STEPS_MAX = 100


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a folder that PostgreSQL's own user may enter, too, unlike those of pytest."""
    with TemporaryDirectory(prefix="baraza-faults-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@BOTS
async def test_killed_at_each_named_point(folder: Path, kind: Kind, workers: int) -> None:
    """Wherever between taking, keeping, sending and noting the bot dies, nobody notices."""
    wish = Wish(kind, seed=1, kills=1, updates=1, people=PEOPLE, workers=workers)
    await play(wish, folder, each_point)


@BOTS
async def test_everything_goes_wrong(folder: Path, kind: Kind, workers: int) -> None:
    """Nor where kills, Telegram's troubles and the database's fall together at any instants."""
    wish = Wish(kind, seed=20261126, kills=6, updates=200, people=PEOPLE, workers=workers)
    await play(wish, folder)


@DATABASES
async def test_killed_between_the_steps_of_a_migration(folder: Path, kind: Kind) -> None:
    """A migration broken off after any step is done as a whole by the next start."""
    async with database(kind, folder) as kept, Nursery() as nursery:
        data = str(folder / "disk" / "data")
        env = {"BARAZA_DATA_DIR": data, "BARAZA_DATABASE_URL": kept.url}
        for step in range(1, STEPS_MAX):
            point = (kind, "a step of the migration", step)
            birth = Birth(["migrate"], env, str(folder), str(folder / "log"), point)
            child = await nursery.bear(birth)
            if await child.end() == 0:
                break
        assert step > 1, (folder / "log").read_text("utf-8")
        readable = await open_readable(kept.url)  # Refuses tables that are not this program's.
        await readable.close()
