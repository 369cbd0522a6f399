"""Commands for whoever looks after the bot: what waits to be sent, and what was set aside."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from typing import Annotated

import typer

from bot import upkeep as errands
from bot.command_line import (
    MaybeProgrammeArgument,
    settings_and_log,
    told_plainly,
)
from bot.naming import programme_meant
from bot.programmes import programme_folder
from bot.status import KINDS, lines_of, look
from bot.steadiness import said
from storage.backlog import Waiting
from storage.programmes import load_programme
from storage.updates import DeadLetter

upkeep = typer.Typer()

_SAFE = re.compile(r"unreadable|a turn failed: \w+")
"""The part of a dead letter's reason that is ours; what follows may quote a person."""


@upkeep.command()
def outbox(
    retry: Annotated[  # noqa: FBT002 - typer's way to say --retry.
        bool, typer.Option("--retry", help="Try at once what was put off after a failure.")
    ] = False,
) -> None:
    """Say what waits to be sent and why, without anybody's name.

    A line counts messages alike: replies, follow-ups or campaigns; since when the oldest waits; why
    (Telegram's own words where it gave a reason); how many are put off after a failure, and until
    when at the soonest. `in line` waits for those before it.

    A message that was given up cannot be tried again: its words were cleared then.
    """
    with told_plainly():
        settings = settings_and_log()
        if retry:
            freed = asyncio.run(errands.retry(settings))
            typer.echo(f"Tried again at once, if the bot runs: {freed} put off after a failure.")
        view = asyncio.run(errands.outbox_view(settings))
    if view.silent_until is not None:
        typer.echo(f"Telegram asks the bot to send nothing until {_moment(view.silent_until)}.")
    for line in view.waiting:
        typer.echo(_line(line))
    if not view.waiting:
        typer.echo("Nothing waits to be sent.")
    if view.is_away and any(line.state == "waiting" for line in view.waiting):
        typer.echo("The bot does not run: what waits is sent when it is started again.")
    given_up = sum(line.messages for line in view.waiting if line.state == "given up")
    if retry and given_up:
        typer.echo(
            f"Not tried again: {given_up} given up. Their words were cleared when they were given "
            "up, so that nothing a person was told stays behind."
        )


def _line(one: Waiting) -> str:
    what = f"{one.state}  {KINDS[one.priority]}  {one.messages}"
    if one.state == "given up":
        return f"{what}  oldest of {one.oldest_at:%Y-%m-%d}  {one.reason}"
    held = "put off" if one.reason else "held for the pace of their chats"
    counts = {"being sent": one.under_way, held: one.put_off}
    details = [f"{count} {name}" for name, count in counts.items() if count]
    if one.reason and one.next_at is not None:
        details.append(f"tried again from {one.next_at:%H:%M:%S} UTC")
    oldest = f"oldest of {_moment(one.oldest_at)}"
    return "  ".join((what, oldest, one.reason or "in line", *details))


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


@upkeep.command()
def status(programme: MaybeProgrammeArgument = None) -> None:
    """Say on one screen how the bot and its database stand, also while it runs."""
    with told_plainly():
        settings = settings_and_log()
        meant = asyncio.run(programme_meant(settings, programme, "baraza status FOLDER"))
        loaded = load_programme(programme_folder(meant), settings.data_dir / "workbooks")
        view = asyncio.run(look(settings, loaded))
    for line in lines_of(view):
        typer.echo(line)


@upkeep.command()
def clock(
    right: Annotated[  # noqa: FBT002 - typer's way to say --right.
        bool, typer.Option("--right", help="The clock is right: go on at once.")
    ] = False,
) -> None:
    """Say whether work is held because this machine's clock jumped, and let it go on.

    Without a word from you it goes on when the clock is back, or has been steady for an hour.
    """
    with told_plainly():
        settings = settings_and_log()
        held = asyncio.run(errands.held_clock(settings))
        if held is not None and right:
            asyncio.run(errands.confirm_clock(settings))
    if held is None:
        typer.echo("The clock is steady; nothing is held.")
        return
    typer.echo(f"The clock {said(held)}. Nothing is asked, dropped or forgotten meanwhile.")
    typer.echo("It counts as right now: a running bot goes on within seconds." if right else _RIGHT)


_RIGHT = "Put it right, or, if it is right, say so: baraza clock --right"


@upkeep.command("dead-letters")
def dead_letters(
    programme: MaybeProgrammeArgument = None,
    raw: Annotated[  # noqa: FBT002 - typer's way to say --raw.
        bool, typer.Option("--raw", help="Show the updates whole: who wrote, and what.")
    ] = False,
    replay: Annotated[
        list[int] | None,
        typer.Option(help="Take this update as if it came now; may be given several times."),
    ] = None,
    drop: Annotated[
        list[int] | None, typer.Option(help="Drop this update; may be given several times.")
    ] = None,
) -> None:
    """List the updates that could not be understood; take them once more, or drop them.

    What a person wrote is taken as said now, as an answer to whatever they are asked by now.
    """
    if replay and drop:
        raise typer.BadParameter("Say either --replay or --drop.", param_hint="--drop")
    if replay:
        _replay(programme, replay)
    elif drop:
        with told_plainly():
            asyncio.run(errands.drop(settings_and_log(), drop))
        typer.echo(f"Dropped: {', '.join(map(str, drop))}.")
    else:
        _list(raw=raw)


def _list(*, raw: bool) -> None:
    with told_plainly():
        letters = asyncio.run(errands.dead_letters(settings_and_log()))
    for letter in letters:
        typer.echo(_letter_line(letter))
        if raw:
            typer.echo(f"  {letter.error}\n  {letter.raw}")
    if not letters:
        typer.echo("Every update was understood.")


def _letter_line(letter: DeadLetter) -> str:
    found = _SAFE.match(letter.error)
    why = found.group() if found else "not understood"
    return f"{letter.update_id}  {_moment(letter.set_aside_at)}  {why}"


def _replay(programme: str | None, numbers: list[int]) -> None:
    with told_plainly():
        settings = settings_and_log()
        how = f"baraza dead-letters FOLDER --replay {numbers[0]}"
        meant = asyncio.run(programme_meant(settings, programme, how))
        loaded = load_programme(programme_folder(meant), settings.data_dir / "workbooks")
        failed = asyncio.run(errands.replay(settings, loaded, numbers))
    for number in numbers:
        why = failed.get(number)
        typer.echo(f"{number}  " + (f"stays set aside: {why}" if why else "taken"))
    if failed:
        raise typer.Exit(1)
