"""What all commands share: arguments, settings, and errors told in plain words.

Exit status 0 when a command did what was asked, 1 when it could not (the reason and what to do
stand on standard error), 2 when the command line itself is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer

from bot.answers import AnswersError
from bot.erasures import NoSuchReport
from bot.logs import start_logging
from bot.naming import ProgrammeUnnamed
from bot.programmes import SHIPPED, NoSuchProgramme
from bot.replanning import NotServed
from bot.serving import PortInUse
from bot.settings import Settings, SettingsError, read_settings
from bot.staffing import NoSuchRole
from bot.telegram.errors import DeliveryError
from bot.upkeep import NoSuchLetter
from bot.webhook import WebhookRefused
from conversations.filling import FillError, FillProblem
from conversations.programme import Programme
from conversations.sheets.telling import lines_of
from conversations.xform.problems import FormError, FormProblem
from storage.errors import StorageError

PROBLEMS_SHOWN_MAX = 100

ProgrammeArgument = Annotated[
    str,
    typer.Argument(
        metavar="[PROGRAMME]",
        help=f"A programme's folder, or the name of one that ships: {', '.join(SHIPPED)}.",
    ),
]


MaybeProgrammeArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[PROGRAMME]",
        help=(
            f"A programme's folder, or the name of one that ships: {', '.join(SHIPPED)}. Left "
            "out, it is the first of these, unless the database holds only others."
        ),
    ),
]
"""For commands in which the wrong programme would do its harm unseen."""


def settings_and_log(worker: int | None = None, **given: object) -> Settings:
    """Read the settings and start the log; what the log holds never shows the token.

    What is `given` on the command line stands over the settings; `worker` numbers this process.
    """
    settings = read_settings(**given)
    token = settings.token.get_secret_value() if settings.token else ""
    start_logging(settings.log_level, token, settings.log_format, worker)
    return settings


def tell(problems: Sequence[FormProblem | FillProblem], *, err: bool = False) -> None:
    """Say each problem on a line of its own, and of very many how many more there are."""
    for problem in problems[:PROBLEMS_SHOWN_MAX]:
        typer.echo(f"{problem.level}: {problem}", err=err)
    if len(problems) > PROBLEMS_SHOWN_MAX:
        typer.echo(f"… and {len(problems) - PROBLEMS_SHOWN_MAX} more.", err=err)


def tell_sheets(programme: Programme) -> None:
    """Say in a line of each row what the sheets beside the forms will do."""
    for key in (*programme.offered, *programme.asked):
        lines = lines_of(programme.sheets[key], programme.forms[key])
        if lines:
            typer.echo(f"What happens after {key[0]}:")
        for line in lines:
            typer.echo(f"  {line}")


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn what a person can mend into words on standard error and exit status 1.

    That ends any process in good order; `typer.Exit` would end only a command of typer's.
    """
    try:
        yield
    except (FormError, FillError) as error:
        tell(error.problems, err=True)
        raise SystemExit(1) from None
    except (
        *(SettingsError, AnswersError, StorageError, DeliveryError),
        *(PortInUse, NoSuchProgramme, ProgrammeUnnamed, NoSuchRole, NoSuchLetter),
        *(WebhookRefused, NotServed, NoSuchReport),
    ) as error:
        typer.echo(str(error), err=True)
        raise SystemExit(1) from None
    except OSError as error:
        typer.echo(f"{error.filename or 'The system'}: {error.strerror}.", err=True)
        raise SystemExit(1) from None
