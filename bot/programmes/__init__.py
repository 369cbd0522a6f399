"""The programmes that ship with Baraza, each a folder as an organisation would write its own."""

from __future__ import annotations

from pathlib import Path

SHIPPED = ("kenya_mother_and_child",)
"""Their names; the first is served when none is named."""


class NoSuchProgramme(Exception):
    """Neither a folder nor a programme that ships; the message says what there is."""


def programme_folder(name: str) -> Path:
    """Return the folder of a programme named by its path or, if it ships, by its name."""
    shipped = Path(__file__).parent / name
    if name in SHIPPED:
        return shipped
    if Path(name).is_dir():
        return Path(name)
    raise NoSuchProgramme(
        f"There is no programme folder {name}. Name a folder with a programme.toml in it, "
        f"or one that ships: {', '.join(SHIPPED)}."
    )
