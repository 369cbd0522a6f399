"""The `baraza` command: each subcommand reads its arguments, calls one thing and says what came.

Exit status 0 when it did what was asked, 1 when it could not (the reason and what to do stand on
standard error), 2 when the command line itself is wrong.
"""

from __future__ import annotations

import asyncio
import json
import logging
import webbrowser
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import app
from bot.answers import at_moment, files_beside, in_words_of, read_answers
from bot.cli_audit import auditing
from bot.cli_console import console_commands
from bot.cli_copies import copies
from bot.cli_erasure import erasure_commands
from bot.cli_followups import followups
from bot.cli_staff import staff
from bot.cli_upkeep import upkeep
from bot.command_line import (
    MaybeProgrammeArgument,
    ProgrammeArgument,
    settings_and_log,
    tell,
    tell_sheets,
    told_plainly,
)
from bot.naming import programme_meant
from bot.programmes import SHIPPED, programme_folder
from bot.settings import Settings, SettingsError
from bot.staffing import audited
from bot.supervisor import supervise
from bot.terminal import Terminal, programme_around
from bot.weighing import weigh
from conversations.filling import fill as fill_form
from conversations.programme import Programme
from conversations.xform.problems import FormProblem
from locales.locale import locale_of, locales_of, spoken_share
from storage import forms
from storage.exports import export as export_submissions
from storage.files import Files
from storage.migrate import migrate as migrate_database
from storage.opening import open_readable
from storage.programmes import check as check_path
from storage.programmes import load_form, load_programme, media_beside

log = logging.getLogger(__name__)

main = typer.Typer(
    name="baraza",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

FormArgument = Annotated[
    Path, typer.Argument(metavar="FORM", help="A form: .xlsx, .xls, .md, .csv or XForm .xml.")
]
LanguageOption = Annotated[
    str, typer.Option(help="The language to speak, such as sw; the form's own if left out.")
]


def _say_version(wanted: bool) -> None:  # noqa: FBT001 - as typer calls it.
    if not wanted:
        return
    try:
        typer.echo(f"baraza {metadata.version('baraza')}")
    except metadata.PackageNotFoundError:
        typer.echo("baraza, from a checkout that is not installed")
    raise typer.Exit


@main.callback()
def _baraza(
    version: Annotated[  # noqa: FBT002 - `_say_version` acts on it.
        bool,
        typer.Option(
            "--version", help="Say which Baraza this is.", is_eager=True, callback=_say_version
        ),
    ] = False,
) -> None:
    """Citizens report in a Telegram chat, in their own language.

    Without a bot token, `baraza run` serves a simulator of Telegram in the browser.
    """


@main.command()
def run(  # noqa: PLR0913, PLR0917 - one parameter an option.
    programme: ProgrammeArgument = SHIPPED[0],
    port: Annotated[
        int | None,
        typer.Option(
            help="The simulator's port, or the webhook's; 8080 if left out.", min=0, max=65535
        ),
    ] = None,
    browser: Annotated[  # noqa: FBT002 - typer's way to say --browser/--no-browser.
        bool, typer.Option(help="Open the simulator's page in the browser.")
    ] = True,
    webhook: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Have Telegram post updates to this https:// address, which a reverse proxy hands "
            "on to --host and --port, instead of asking for them. Its path is kept as it is.",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(help="Processes behind the webhook; more than one need PostgreSQL.", min=1),
    ] = None,
    host: Annotated[
        str | None,
        typer.Option(help="The address the webhook listens at; 127.0.0.1 if left out."),
    ] = None,
    metrics_port: Annotated[
        int | None,
        typer.Option(
            help="Serve /metrics and /healthz on this port of this machine.", min=0, max=65535
        ),
    ] = None,
    log_format: Annotated[
        str | None, typer.Option(metavar="text|json", help="How the log is written.")
    ] = None,
    console_port: Annotated[
        int | None,
        typer.Option(
            help="Serve moderators' console on this port of this machine.", min=0, max=65535
        ),
    ] = None,
) -> None:
    """Run the bot: against Telegram with BARAZA_TOKEN set, else in the browser.

    Each option can also be a setting: BARAZA_WEBHOOK, BARAZA_WORKERS, BARAZA_HOST, BARAZA_PORT,
    BARAZA_METRICS_PORT, BARAZA_LOG_FORMAT, BARAZA_CONSOLE_PORT. Ctrl-C or SIGTERM stops
    it; what is under way is finished first.
    """
    with told_plainly():
        settings = settings_and_log(
            webhook=webhook,
            workers=workers,
            host=host,
            port=port,
            metrics_port=metrics_port,
            log_format=log_format,
            console_port=console_port,
        )
        settings.expect_runnable()
        settings.make_data_dir()
        if settings.log_format == "text":
            typer.echo("Starting…", err=True)
        loaded = load_programme(programme_folder(programme), settings.data_dir / "workbooks")
        if settings.workers > 1:
            asyncio.run(supervise(settings, programme, lambda up: _greet(up, browser)))
        else:
            asyncio.run(app.run(settings, loaded, lambda up: _greet(up, browser)))


def _greet(running: app.Running, browser: bool) -> None:  # noqa: FBT001 - one of run's own flags.
    if running.console:
        typer.echo(f"Moderators' console is at {running.console}/ .")
    if not running.page:
        typer.echo(f"The bot @{running.username} is listening {_where(running)}. Ctrl-C stops it.")
        return
    typer.echo(f"The simulator is at {running.page}/ . Ctrl-C stops it.")
    if browser:
        webbrowser.open(running.page)


def _where(running: app.Running) -> str:
    if not running.webhook:
        return "on Telegram"
    crew = f" with {running.workers} workers" if running.workers > 1 else ""
    return f"at {running.webhook}{crew}"


@main.command()
def check(
    path: Annotated[Path, typer.Argument(help="A form, or a programme's folder.")],
) -> None:
    """Check a form or a programme: say every problem, where it is and what to do."""
    with told_plainly():
        problems = check_path(path)
    tell(problems)
    if any(problem.level == "error" for problem in problems):
        raise typer.Exit(1)
    typer.echo(f"{path}: no errors, {_count(problems)}.")
    programme = _to_weigh(path)
    tell_sheets(programme)
    typer.echo("What the bot itself says:")
    for tag in programme.languages:
        typer.echo(f"  {spoken_share(locales_of(programme.fallback)(tag))}")
    typer.echo("What one pass through sends to a phone, about:")
    for weight in weigh(programme, locales_of(programme.fallback)):
        typer.echo(f"  {weight}")


def _to_weigh(path: Path) -> Programme:
    if path.is_dir():
        return load_programme(path)
    return replace(programme_around(load_form(path)), media=media_beside(path))


def _count(problems: Sequence[FormProblem]) -> str:
    number = len(problems)
    return f"{number} warning" + ("" if number == 1 else "s")


@main.command()
def chat(form: FormArgument, language: LanguageOption = "") -> None:
    """Hold a form's conversation here in the terminal; nothing is kept.

    Type answers as on a phone. `[2` taps the second button, `@photo.jpg` sends a file, `quit`
    leaves. The finished report is printed as the XML that would be kept.
    """
    with told_plainly():
        loaded = load_form(form)
        alone = programme_around(loaded)
        spoken = language or alone.languages[0]
        typer.echo("([2 taps the second button, @photo.jpg sends a file, quit leaves)")
        xml = Terminal(alone, spoken, locale_of, typer.echo, lambda: input("> ")).talk()
    if xml is not None:
        typer.echo(f"\n{xml}")


@main.command()
def fill(
    form: FormArgument,
    answers: Annotated[
        Path,
        typer.Option(
            help="JSON: a list of pairs of path and value, or an object. A path is "
            r"/data/child\[2]/name, or a question's name where it is unique."
        ),
    ],
    language: LanguageOption = "",
    now: Annotated[
        str,
        typer.Option(
            help="The moment it is filled in, such as 2026-11-22T10:35:00+03:00; now if left out."
        ),
    ] = "",
    trace: Annotated[  # noqa: FBT002 - typer's way to say --trace.
        bool,
        typer.Option(
            "--trace",
            help="Write a line of JSON to standard error after each answer: the state of every "
            "node.",
        ),
    ] = False,
) -> None:
    """Fill in a form from a file of answers and print the finished XML, and nothing else.

    Several choices are separated by spaces, dates are 2026-12-31, a place is "latitude longitude
    altitude accuracy", a picture or recording is the path of a file. Repeats are added as paths ask
    for them. All that is wrong with the answers is said at once; an answer to a question that would
    not be asked is left out, with a warning.
    """
    moment = _moment(now)
    with told_plainly():
        loaded = load_form(form)
        spoken = language or programme_around(loaded).languages[0]
        around = in_words_of(at_moment(app.surroundings(spoken), moment), spoken)
        if language and language not in loaded.tags and loaded.tags:
            _warn_of_language(language, loaded.tags)
        filled = fill_form(
            loaded,
            read_answers(answers),
            around,
            trace=_trace if trace else None,
            is_file=files_beside(answers),
        )
    tell(filled.warnings, err=True)
    typer.echo(filled.submission.xml)


def _warn_of_language(language: str, spoken: Sequence[str]) -> None:
    said = f"The form does not speak {language}; it speaks {', '.join(spoken)}."
    typer.echo(f"warning: --language: {said}", err=True)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        problem = f"“{text}” is no moment; write it as 2026-11-22T10:35:00+03:00."
        raise typer.BadParameter(problem, param_hint="--now") from None


def _trace(states: Mapping[str, Any]) -> None:
    typer.echo(json.dumps(states, ensure_ascii=False), err=True)


@main.command()
def export(
    out: Annotated[
        Path,
        typer.Option(
            help="The folder to write to. In it, the folder of each form is replaced as a whole."
        ),
    ],
    programme: MaybeProgrammeArgument = None,
) -> None:
    """Write the submissions as CSV, laid out as ODK Central does, with attachments beside them."""
    with told_plainly():
        settings = settings_and_log()
        how = "baraza export FOLDER --out DIR"
        meant = asyncio.run(programme_meant(settings, programme, how))
        loaded = load_programme(programme_folder(meant))
        asyncio.run(_export(settings, loaded, out))


@main.command()
def migrate() -> None:
    """Bring the database's tables up to this version (`baraza run` does so by itself)."""
    with told_plainly():
        settings = settings_and_log()
        settings.make_data_dir()
        asyncio.run(migrate_database(settings.store_url))
    typer.echo("The database is up to date.")


async def _export(settings: Settings, programme: Programme, out: Path) -> None:
    """Export a programme, once it stands in the audit that this is done."""
    store = await open_readable(settings.store_url)
    try:
        async with store.reading() as reading:
            programme = await forms.with_earlier(reading, programme)
        _expect_key(settings)
        await audited(settings, "Export", programme.name)
        exported = await export_submissions(store, programme, Files(settings.data_dir), out)
    finally:
        await store.close()
    typer.echo(f"{exported} written to {out}.")
    await audited(settings, "Exported", programme.name, {"submissions": exported.submissions})


def _expect_key(settings: Settings) -> None:
    if not settings.has_key():
        raise SettingsError(
            "BARAZA_KEY: the key is not here, and without it an export cannot be noted in the "
            "audit. Put back the file `key` in the data folder, or set BARAZA_KEY."
        )


main.add_typer(auditing, name="audit")
main.add_typer(staff)
main.add_typer(followups)
main.add_typer(upkeep)
main.add_typer(copies)
main.add_typer(erasure_commands)
main.add_typer(console_commands)
