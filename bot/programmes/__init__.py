"""The programmes that ship with the package: folders beside this file, read like any other.

A programme of one's own is a folder of the same shape anywhere on the disk; copying a shipped one
is a good beginning.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

SHIPPED: Final = ("kenya_mother_and_child",)
"""The names of the shipped programmes; the first is what `baraza run` serves by default."""


class NoSuchProgramme(Exception):
    """There is neither such a folder nor a shipped programme of that name."""


def programme_folder(name: str) -> Path:
    """Return the folder a programme is read from: a shipped one's by its name, else the path.

    Raises NoSuchProgramme.
    """
    if name in SHIPPED:
        return Path(__file__).with_name(name)
    folder = Path(name)
    if not folder.is_dir():
        message = (
            f"There is no programme {name}. Give a folder with a programme.toml, or one of those "
            f"that ship: {', '.join(SHIPPED)}."
        )
        raise NoSuchProgramme(message)
    return folder
