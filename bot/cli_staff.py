"""Commands for those who run a programme: roles, invitations, and the forms as they stand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from bot import staffing
from bot.command_line import (
    MaybeProgrammeArgument,
    ProgrammeArgument,
    settings_and_log,
    told_plainly,
)
from bot.naming import programme_meant
from bot.programmes import SHIPPED, programme_folder
from bot.settings import Settings
from bot.staffing import FormLine, Invitation
from conversations.programme import Programme
from conversations.roles import ROLES, Role, Serves, role_named
from storage.programmes import load_programme
from storage.roles import GivenRole

INVITATION_DAYS = 7
INVITATION_DAYS_MAX = 90

staff = typer.Typer()


@staff.command()
def invite(  # noqa: PLR0913, PLR0917 - one parameter an option of the command.
    role: Annotated[str, typer.Argument(help=f"What they shall be: {', '.join(ROLES)}.")],
    programme: MaybeProgrammeArgument = None,
    name: Annotated[
        str, typer.Option(help="What `baraza roles` shall call them, such as “Amina, ILEPA”.")
    ] = "",
    days: Annotated[
        int, typer.Option(help="How long the link is good.", min=1, max=INVITATION_DAYS_MAX)
    ] = INVITATION_DAYS,
    language: Annotated[
        list[str] | None, typer.Option(help="A language they serve; give it again for more.")
    ] = None,
    area: Annotated[
        list[str] | None, typer.Option(help="The code of an area they serve; again for more.")
    ] = None,
    form: Annotated[
        list[str] | None, typer.Option(help="The form_id of a form they serve; again for more.")
    ] = None,
) -> None:
    """Make a link that gives whoever opens it first a role; it works once."""
    with told_plainly():
        given = _role(role)
        how = f"baraza invite {given} FOLDER"
        meant = asyncio.run(programme_meant(settings_and_log(), programme, how))
        settings, loaded = _loaded(meant)
        serves = _serves(loaded, language or (), area or (), form or ())
        made = asyncio.run(staffing.invite(settings, loaded.name, given, name, days, serves))
    typer.echo(_told(made, role))


def _role(named: str) -> Role:
    if role := role_named(named):
        return role
    problem = f"There is no role “{named}”; there are: {', '.join(ROLES)}."
    raise typer.BadParameter(problem, param_hint="ROLE")


def _serves(
    programme: Programme, languages: Iterable[str], areas: Iterable[str], forms: Iterable[str]
) -> Serves:
    """Say whom somebody serves; a name that the programme does not have is a mistake."""
    known = {
        "language": frozenset(programme.languages),
        "area": frozenset(programme.areas),
        "form": frozenset(form_id for form_id, _ in programme.forms),
    }
    named = {"language": languages, "area": areas, "form": forms}
    for what, names in named.items():
        for one in names:
            if one not in known[what]:
                there = ", ".join(sorted(known[what])) or "none"
                problem = f"There is no {what} “{one}” in this programme; there are: {there}."
                raise typer.BadParameter(problem, param_hint=f"--{what}")
    return Serves(*(frozenset(names) for names in named.values()))


def _told(made: Invitation, role: str) -> str:
    until = f"{made.expires_at:%Y-%m-%d %H:%M} UTC"
    take_back = f"`baraza revoke {made.number}` takes it back."
    if made.link:
        return f"{made.link}\nMakes one person {role}, until {until}. {take_back}"
    return (
        f"/start {made.word}\n"
        f"Write this line to the bot on the simulator's page. Makes one person {role}, until "
        f"{until}. {take_back}"
    )


@staff.command()
def roles(programme: ProgrammeArgument = SHIPPED[0]) -> None:
    """List who has which role, and invitations that nobody has taken yet."""
    with told_plainly():
        settings, loaded = _loaded(programme)
        given = asyncio.run(staffing.given_roles(settings, loaded.name))
    for one in given:
        typer.echo(_role_line(one))
    if not given:
        typer.echo("Nobody has a role. `baraza invite coordinator` makes an invitation.")


def _role_line(one: GivenRole) -> str:
    since = f"since {one.taken_on}" if one.taken_on else f"invited, until {one.expires_at:%Y-%m-%d}"
    served = one.serves.languages, one.serves.areas, one.serves.forms
    for_whom = "".join(f"  {', '.join(sorted(names))}" for names in served if names)
    return f"{one.id:>4}  {one.role}  {one.known_as or '(no name)'}  {since}{for_whom}"


@staff.command()
def revoke(
    number: Annotated[int, typer.Argument(help="The number that `baraza roles` shows.")],
    programme: ProgrammeArgument = SHIPPED[0],
) -> None:
    """Take a role away, or an invitation back, at once."""
    with told_plainly():
        settings, loaded = _loaded(programme)
        gone = asyncio.run(staffing.revoke(settings, loaded.name, number))
    typer.echo(f"Taken away: {_role_line(gone).strip()}")


@staff.command()
def forms(
    programme: ProgrammeArgument = SHIPPED[0],
    out: Annotated[
        Path | None,
        typer.Option(help="Write the forms that were published in the chat to this folder."),
    ] = None,
) -> None:
    """List the forms as they are offered; bring those published in the chat to a folder."""
    with told_plainly():
        settings, loaded = _loaded(programme)
        if out is None:
            for line in asyncio.run(staffing.forms_standing(settings, loaded)):
                typer.echo(_form_line(line))
            return
        written = asyncio.run(staffing.bring_back(settings, loaded, out))
    for path in written:
        typer.echo(f"{path} written.")
    if not written:
        typer.echo("No form was published in the chat; the folder has them all.")


def _form_line(line: FormLine) -> str:
    form_id, version = line.key
    source = "published in the chat" if line.from_chat else "from the folder"
    state = "open" if line.is_open else "closed"
    figures = f"{line.reports} reports, {line.under_way} under way"
    return f"{form_id}  version {version or '(none)'}  {source}  {state}  {figures}"


def _loaded(programme: str) -> tuple[Settings, Programme]:
    settings = settings_and_log()
    settings.make_data_dir()
    folder = programme_folder(programme)
    return settings, load_programme(folder, settings.data_dir / "workbooks")
