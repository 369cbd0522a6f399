"""Commands that copy everything: back-ups, their return, and the move to another database."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

from bot import copies as errands
from bot.command_line import settings_and_log, told_plainly
from bot.copies import Place
from bot.settings import Settings
from bot.staffing import audited_if_keyed
from storage.copying import Manifest, Restored, summary
from storage.copying import verify as verify_archive

copies = typer.Typer()

LOST: Final = (
    "Attachments that reports name and that are gone, or are not what they were: {count}. The "
    "back-up is whole without them; look for them in an earlier one."
)


@copies.command()
def backup(
    out: Annotated[
        Path | None,
        typer.Option(
            help="The file to write, or a folder; a file named after the moment, here, if left out."
        ),
    ] = None,
    with_key: Annotated[  # noqa: FBT002 - typer's way to say --with-key.
        bool,
        typer.Option(
            "--with-key",
            help="Put the key into it: then one file is all, and whoever finds it can tell "
            "whose reports are whose.",
        ),
    ] = False,
) -> None:
    """Copy everything that is kept into one file, also while the bot runs.

    The key stays outside unless it is asked for: without it nobody can tell from the file whose
    report is whose. Keep a copy of it in another place; without it, neither can you.
    """
    with told_plainly():
        settings = settings_and_log()
        path, manifest = asyncio.run(errands.back_up(settings, out, with_key=with_key))
        typer.echo(f"{path}:")
        _tell(manifest)
        if lost := len(manifest.attachments.missing):
            typer.echo(LOST.format(count=lost), err=True)
        about = {"rows": sum(one.rows for one in manifest.tables), "with_key": int(with_key)}
        if not asyncio.run(audited_if_keyed(settings, "BackedUp", "database", about)):
            typer.echo("The audit does not say so: that takes the database's own key.")


@copies.command()
def restore(
    archive: Annotated[Path, typer.Argument(metavar="FILE", help="A file of `baraza backup`.")],
    into: Annotated[
        str,
        typer.Option(
            help="A folder to become the data folder, or a database's URL; where the settings "
            "say, if left out."
        ),
    ] = "",
    verify: Annotated[  # noqa: FBT002 - typer's way to say --verify.
        bool, typer.Option("--verify", help="Only read it from end to end, and say what it holds.")
    ] = False,
) -> None:
    """Bring a back-up back, after reading every row and attachment of it once.

    Nothing that is kept is ever overwritten: the database must be empty or not there. A back-up of
    an earlier version is brought up to this one.
    """
    with told_plainly():
        settings = settings_and_log()
        if verify:
            manifest, _ = verify_archive(archive)
            typer.echo(f"{archive} is whole:")
            _tell(manifest)
            return
        place = errands.place_of(settings, into)
        restored = asyncio.run(errands.restore(settings, archive, place))
        _tell(restored.manifest)
        _say_zeroes(restored.zeroes)
        has_key = asyncio.run(errands.has_its_key(settings, place))
    _say_what_is_left(settings, place, restored, has_key=has_key)


@copies.command()
def move(
    to: Annotated[
        str, typer.Option(help="The other database: postgresql://… or sqlite:///path/to/file.db.")
    ],
) -> None:
    """Take the database to another one, from one file to PostgreSQL or back; stop the bot first.

    Every table is read back and compared before anything counts. The old database stays as it is.
    """
    with told_plainly():
        settings = settings_and_log()
        moved = asyncio.run(errands.move(settings, to))
    for table, rows in moved.rows.items():
        typer.echo(f"{table}: {rows}")
    _say_zeroes(moved.zeroes)
    typer.echo(f"Counted and compared: {sum(moved.rows.values())} rows. Now set, in .env:")
    typer.echo(f"  BARAZA_DATABASE_URL={errands.shown(to)}")
    typer.echo("Attachments and key stay in the data folder. The old database is not used any more")
    typer.echo(
        "and stays as it is; do not start the bot on it again, and erase it when all is well."
    )


def _tell(manifest: Manifest) -> None:
    for line in summary(manifest):
        typer.echo(f"  {line}")


def _say_zeroes(zeroes: Mapping[str, int]) -> None:
    """Say where a character could not go as it was."""
    for table, rows in zeroes.items():
        typer.echo(
            f"{table}: {rows} rows hold a zero character, which no text of PostgreSQL's can; "
            "it stands there as ␀."
        )


def _say_what_is_left(
    settings: Settings, place: Place, restored: Restored, *, has_key: bool
) -> None:
    typer.echo(f"Restored into {errands.shown(place.database_url)}.")
    for line in errands.to_set(settings, place):
        typer.echo(f"To use it, set in .env: {line}")
    if not has_key:
        typer.echo(
            f"Put your copy of the file `key` into {place.data_dir} before the bot starts, or set "
            "BARAZA_KEY: without it nobody finds their reports."
        )
    if restored.unsent:
        typer.echo(
            f"{restored.unsent} message{'s' if restored.unsent > 1 else ''} waited to be sent when "
            "the back-up was made; the bot sends what waits when it starts."
        )
