"""The command that says what follow-ups would do with the reports there are, and lets them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot import replanning
from bot.command_line import MaybeProgrammeArgument, settings_and_log, told_plainly
from bot.naming import programme_meant
from bot.programmes import programme_folder
from locales.locale import locale_of
from storage.programmes import load_programme

followups = typer.Typer()


@followups.command("followups")
def replan(
    programme: MaybeProgrammeArgument = None,
    form: Annotated[
        Path | None, typer.Option(help="A workbook that is not in the folder yet.")
    ] = None,
    apply: Annotated[
        str,
        typer.Option(
            metavar="FORM_ID",
            help="Let earlier reports of this form go by the follow-ups of the version that is "
            "offered; the running bot does it page by page.",
        ),
    ] = "",
) -> None:
    """Count what follow-ups would do with the reports there are, row by row; nothing is changed.

    Reports go by the sheet they were made with. With --apply, what was not asked yet is planned
    anew by the version that is offered now; what has begun goes on as it began.
    """
    if form is not None and apply:
        raise typer.BadParameter("Say either --form or --apply.", param_hint="--apply")
    with told_plainly():
        settings = settings_and_log()
        meant = asyncio.run(programme_meant(settings, programme, "baraza followups FOLDER"))
        loaded = load_programme(programme_folder(meant), settings.data_dir / "workbooks")
        if apply:
            version = asyncio.run(replanning.apply(settings, loaded, apply))
            typer.echo(f"Earlier reports of {apply} go by version {version} from now on.")
            return
        counted = asyncio.run(replanning.count(settings, loaded, form))
    for one in counted:
        for line in replanning.lines_of(one, locale_of("en")):
            typer.echo(line)
    if not counted:
        typer.echo("No form has follow-ups.")
