"""The audit from the command line: what was done, and whether anybody has tampered with it."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from bot.command_line import settings_and_log, told_plainly
from bot.settings import Settings
from bot.staffing import beside
from storage import audit
from storage.audit import Entry, Verified

SHOWN = 50
SHOWN_MAX = 100_000

auditing = typer.Typer(
    help="What was seen, changed, exported and decided, by whom; and whether that record is whole.",
    no_args_is_help=True,
)


@auditing.command()
def verify(
    expect: Annotated[
        str, typer.Option(help="A hash noted earlier, which must stand in the record.")
    ] = "",
) -> None:
    """Look through the whole record; exit status 1 where an entry was changed, added or removed.

    Note the hash it prints somewhere else from time to time, and give it to --expect later: that
    also shows a database that was put back to an earlier day.
    """
    with told_plainly():
        found = asyncio.run(_verify(settings_and_log(), expect))
    if found.broken is None:
        typer.echo(
            f"{found.entries} entries, and each fits. The newest hash: {found.head or 'none'}"
        )
        return
    if found.broken > found.entries:
        typer.echo(f"Entries are missing after number {found.entries}.", err=True)
    else:
        typer.echo(f"Entry {found.broken} does not fit: the record was tampered with.", err=True)
    raise typer.Exit(1)


@auditing.command()
def show(
    subject: Annotated[
        str, typer.Option(help="Only what was done to this: a report's instance id, `role:7`.")
    ] = "",
    who: Annotated[
        str, typer.Option(help="Only what somebody did: `role:7`, `reporter`, `command`.")
    ] = "",
    number: Annotated[
        int, typer.Option("--last", help="How many entries.", min=1, max=SHOWN_MAX)
    ] = SHOWN,
) -> None:
    """List the newest entries, the newest last; roles by their number in `baraza roles`."""
    with told_plainly():
        entries = asyncio.run(_newest(settings_and_log(), number, subject, who))
    for entry in reversed(entries):
        typer.echo(_line(entry))
    if not entries:
        typer.echo("Nothing is noted.")


def _line(entry: Entry) -> str:
    more = "  ".join(f"{name}={value}" for name, value in entry.body.items() if value)
    moment = f"{entry.noted_at:%Y-%m-%d %H:%M:%S} UTC"
    return f"{entry.number}  {moment}  {entry.who}  {entry.act}  {entry.subject}  {more}".rstrip()


async def _verify(settings: Settings, expect: str) -> Verified:
    async with beside(settings) as store, store.reading() as reading:
        return await audit.verify(reading, store, expect)


async def _newest(settings: Settings, number: int, subject: str, who: str) -> tuple[Entry, ...]:
    async with beside(settings) as store, store.reading() as reading:
        return await audit.newest(reading, number, subject, who)
