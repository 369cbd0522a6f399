"""A command that names no programme says so where the database holds only other ones."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import main
from bot.naming import ProgrammeUnnamed, programme_meant
from bot.programmes import SHIPPED
from bot.settings import Settings
from conversations.replies import KeepSubmission
from conversations.session import Session
from storage import consents, sessions, submissions
from storage.opening import open_store
from tests.player.databases import lay

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
AMINA = 7_001_002_003
COMMANDS = {
    "baraza export FOLDER --out DIR": ("export", "--out", "reports"),
    "baraza invite coordinator FOLDER": ("invite", "coordinator"),
}


async def hold(folder: Path, *programmes: str, reports: int = 0) -> Settings:
    """Begin a database with a session, and so many reports, in each programme."""
    settings = Settings(data_dir=folder, token=None, _env_file=None)
    lay(settings.store_url)
    store = await open_store(settings.store_url, settings.pseudonym_key())
    async with store.unit() as unit:
        for name in programmes:
            reporter = store.reporter(name, AMINA)
            for mark in "01":  # The first of them is set aside.
                await sessions.set_aside(unit, reporter, name)
                session = Session(name.ljust(32, mark), "en", "summary")
                await sessions.keep(unit, reporter, name, session, NOW)
            await consents.keep(unit, reporter, name, "v1", "en", True, NOW)  # noqa: FBT003
            for number in range(reports):
                await submissions.keep(unit, reporter, name, report(f"{name}-{number}"), NOW)
    await store.close()
    return settings


def report(instance_id: str) -> KeepSubmission:
    """Return a finished report."""
    return KeepSubmission(instance_id, "wells", "1", "en", "KQ7M-3XPA", "<data/>", ())


@pytest.mark.parametrize("how", COMMANDS)
def test_a_command_asks_for_the_name_of_another_programme(tmp_path: Path, how: str) -> None:
    """It does nothing, names what the database holds, and shows how to name its folder."""
    asyncio.run(hold(tmp_path, "water_watch", reports=1))
    said = CliRunner().invoke(main, COMMANDS[how], env={"BARAZA_DATA_DIR": str(tmp_path)})
    assert said.exit_code == 1
    assert said.output == (
        f"This database holds 1 report of water_watch, and nothing of {SHIPPED[0]}. "
        f"Name the folder of the programme: {how}\n"
    )


async def test_what_was_begun_only_counts_too(tmp_path: Path) -> None:
    """A programme with open sessions alone is told of as well."""
    settings = await hold(tmp_path, "water_watch")
    with pytest.raises(ProgrammeUnnamed, match="unfinished reports of water_watch"):
        await programme_meant(settings, None, "")


@pytest.mark.parametrize(
    ("held", "named", "meant"),
    [
        ((), None, SHIPPED[0]),
        (("water_watch", SHIPPED[0]), None, SHIPPED[0]),
        (("water_watch",), "water", "water"),
    ],
)
async def test_the_shipped_programme_is_meant_where_nothing_speaks_against_it(
    tmp_path: Path, held: tuple[str, ...], named: str | None, meant: str
) -> None:
    """That is a database without others or with its reports; a name that is given always counts."""
    settings = await hold(tmp_path, *held)
    assert await programme_meant(settings, named, "") == meant


async def test_without_a_database_the_shipped_programme_is_meant(tmp_path: Path) -> None:
    """The first command of all makes none of its own."""
    settings = Settings(data_dir=tmp_path / "none", token=None, _env_file=None)
    assert await programme_meant(settings, None, "") == SHIPPED[0]
