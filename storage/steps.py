"""The migrations as Alembic knows them, the same for every database.

Alembic runs without its ini file, on a connection of ours and in one transaction: a step that
fails leaves the database as it was.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.errors import NotMigrated, TooNew

FOLDER = Path(__file__).parent / "migrations"

REVISION = "SELECT version_num FROM alembic_version"


def config_on(connection: Connection) -> Config:
    """Return an Alembic configuration that works on a connection, in its transaction."""
    config = _config()
    config.attributes["connection"] = connection
    return config


def expect_head(revision: str | None, name: str) -> None:
    """Raise `NotMigrated` or `TooNew` unless a revision is this program's; None is no tables."""
    if revision is None:
        said = f"The database {name} has no tables of Baraza yet; run `baraza migrate`."
        raise NotMigrated(said)
    expect_known(revision, name)
    if revision != _steps().get_current_head():
        said = f"The database {name} is of an earlier Baraza; run `baraza migrate`."
        raise NotMigrated(said)


def expect_known(revision: str | None, name: str) -> None:
    """Raise `TooNew` where a revision is none of this program's."""
    if revision and not knows(revision):
        said = f"The database {name} was written by a later Baraza; install that version."
        raise TooNew(said)


def knows(revision: str) -> bool:
    """Tell whether a revision is this program's or an earlier one's."""
    return revision in {step.revision for step in _steps().walk_revisions()}


@cache
def _steps() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def revisions() -> tuple[str, ...]:
    """Return every revision there ever was, the first one first."""
    return tuple(step.revision for step in reversed(list(_steps().walk_revisions())))
