"""Which programme a command means that names none.

The first that ships is meant, as by `baraza run`; but not where the database shows that another
one runs here: then a command would work on nothing, or for nobody, and say that all is well.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.programmes import SHIPPED
from bot.settings import Settings
from storage import figures
from storage.errors import NotMigrated
from storage.opening import open_readable


class ProgrammeUnnamed(Exception):
    """The database holds only other programmes than the one that is meant where none is named."""


async def programme_meant(settings: Settings, named: str | None, command: str) -> str:
    """Return the programme that was named, else the first that ships.

    `command` shows how to name one, as in `baraza export FOLDER --out DIR`. Raises
    `ProgrammeUnnamed` where the database holds something of other programmes alone.
    """
    if named is not None:
        return named
    held = await _held(settings)
    if held and SHIPPED[0] not in held:
        told = ", ".join(_told(name, reports) for name, reports in held.items())
        raise ProgrammeUnnamed(
            f"This database holds {told}, and nothing of {SHIPPED[0]}. Name the folder of the "
            f"programme: {command}"
        )
    return SHIPPED[0]


async def _held(settings: Settings) -> Mapping[str, int]:
    try:
        readable = await open_readable(settings.store_url)
    except NotMigrated:
        return {}
    try:
        async with readable.reading() as reading:
            return await figures.programmes(reading)
    except NotMigrated:  # SQLite connects with the first reading.
        return {}
    finally:
        await readable.close()


def _told(name: str, reports: int) -> str:
    if not reports:
        return f"unfinished reports of {name}"
    return f"{reports} {'report' if reports == 1 else 'reports'} of {name}"
