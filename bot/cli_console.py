"""`baraza console`: a way into the console for whoever sits at this machine."""

from __future__ import annotations

import asyncio

import typer

from bot.app import system_clock
from bot.command_line import ProgrammeArgument, settings_and_log, told_plainly
from bot.programmes import SHIPPED, programme_folder
from bot.settings import Settings, SettingsError
from bot.staffing import NoSuchRole, beside
from conversations.roles import REVIEWING
from storage import audit, entrances, roles
from storage.programmes import load_programme

LINK_MINUTES = 10

console_commands = typer.Typer()


@console_commands.command()
def console(
    programme: ProgrammeArgument = SHIPPED[0],
    role: int = typer.Option(
        0, help="Whose link: the number of a moderator's role, as `baraza roles` lists them."
    ),
) -> None:
    """Make a link that opens the console once, in a moderator's name, within ten minutes."""
    with told_plainly():
        settings = settings_and_log()
        settings.make_data_dir()
        loaded = load_programme(programme_folder(programme), settings.data_dir / "workbooks")
        if not settings.console:
            raise SettingsError(
                "BARAZA_CONSOLE_PORT: no console is served. Set a port, and run the bot with it."
            )
        typer.echo(asyncio.run(_link(settings, loaded.name, role)))


async def _link(settings: Settings, programme: str, number: int) -> str:
    """Make a link for the role of a number, or for the one moderator there is."""
    now = system_clock()
    async with beside(settings) as store, store.unit() as unit:
        given = await roles.of_programme(unit, programme)
        there = [one for one in given if one.taken_on and one.role in REVIEWING]
        meant = [one for one in there if one.id == number] if number else there
        if len(meant) != 1:
            known = ", ".join(f"{one.id} ({one.known_as or one.role})" for one in there) or "none"
            raise NoSuchRole(f"Say whose link it shall be with --role; moderators: {known}.")
        token = await entrances.link(unit, meant[0].id, now, LINK_MINUTES)
        await audit.note(unit, store, "command", "Link", f"role:{meant[0].id}", now)
    return f"{settings.console}/enter?token={token}"
