"""The command with which the team erases a report, or a person, who asked for it by a code."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from bot import erasures
from bot.command_line import MaybeProgrammeArgument, settings_and_log, told_plainly
from bot.erasures import Found
from bot.naming import programme_meant
from bot.programmes import programme_folder
from storage.programmes import load_programme

erasure_commands = typer.Typer()


@erasure_commands.command()
def forget(
    receipt: Annotated[str, typer.Argument(help="The code of a report, such as 4T7K-9WXM.")],
    programme: MaybeProgrammeArgument = None,
    person: Annotated[  # noqa: FBT002 - typer's way to say --person.
        bool, typer.Option("--person", help="All that is kept of whoever sent it, and their chat.")
    ] = False,
    original: Annotated[
        str, typer.Option("--id", help="Which one, where two reports have one code.")
    ] = "",
    yes: Annotated[  # noqa: FBT002 - typer's way to say --yes.
        bool, typer.Option("--yes", help="Do not ask once more.")
    ] = False,
) -> None:
    """Erase a report for good, with all its changes, or everything about whoever sent it.

    It goes from the database at once, also while the bot runs; files go with the bot's next sweep,
    within two hours. What was exported or backed up before is yours to erase: `baraza backup` anew
    and delete the older ones. That something was erased, and when, stands in the audit.
    """
    with told_plainly():
        settings = settings_and_log()
        how = f"baraza forget {receipt} FOLDER"
        meant = asyncio.run(programme_meant(settings, programme, how))
        loaded = load_programme(programme_folder(meant), settings.data_dir / "workbooks")
        found = asyncio.run(erasures.find(settings, loaded.name, receipt, original))
        if not yes:
            typer.confirm(_asked(found, receipt, person=person), abort=True)
        erase = erasures.erase_person if person else erasures.erase_report
        gone = asyncio.run(erase(settings, loaded, found))
    what = "submission" if gone.submissions == 1 else "submissions, versions and later answers too"
    typer.echo(f"Erased: {gone.submissions} {what}.")
    if person and not gone.contact:
        typer.echo("Nothing led to their chat any more; /forget in the chat itself erases it.")


def _asked(found: Found, receipt: str, *, person: bool) -> str:
    about = f"{receipt}: {found.form_id}, sent {found.sent_at:%Y-%m-%d}"
    if person:
        return f"{about}. Erase all of its sender, {found.others} other submissions too, for good?"
    return f"{about}. Erase it for good?"
