"""What the log says, and what it must never say: the token, or anything a person told us.

Log lines carry no personal data: no chat id, no name, no answer. Three walls keep that, because
not all lines are ours. The token is taken out of whatever passes. A traceback shows where, never
the error's own words, which may quote an answer. Libraries are heard from warnings on: below
that they write down every call with its parameters.

While a database is away, many parts say so every second. The same warning is written once in half
a minute, with how often it came since; `baraza_log_lines_total` counts them all.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Literal, TypeAlias

from bot import metrics

LogFormat: TypeAlias = Literal["text", "json"]

OURS = ("bot", "conversations", "locales", "storage")

log = logging.getLogger(__name__)


class _Discreet(logging.Formatter):
    """Formats a line without the secret, and an error without its words."""

    def __init__(self, secret: str, worker: int | None) -> None:
        who = "" if worker is None else f" worker {worker}"
        super().__init__(f"%(asctime)s %(levelname)s{who} %(name)s: %(message)s")
        self._secret = secret

    def format(self, record: logging.LogRecord) -> str:
        """Format one record; what another handler made of its traceback is not used."""
        record.exc_text = None
        line = super().format(record)
        record.exc_text = None
        return line.replace(self._secret, "<token>") if self._secret else line

    def formatException(  # noqa: N802 - logging's own name.
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """Say where an error came from and what kind it is."""
        return "".join(_told(ei[1])).rstrip() if ei[1] else ""


class _Json(_Discreet):
    """Formats a line as one JSON object, for programs that gather logs."""

    def __init__(self, secret: str, worker: int | None) -> None:
        super().__init__(secret, worker)
        self._worker = {} if worker is None else {"worker": worker}

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name.
        """Return all but the traceback as JSON; `template` is the same for all lines alike."""
        at = datetime.fromtimestamp(record.created, UTC)
        line = {
            "time": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            **self._worker,
            "message": record.message,
            "template": str(record.__dict__.get("template", record.msg)),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)

    def format(self, record: logging.LogRecord) -> str:
        """Format one record on one line."""
        record.message = record.getMessage()
        line = self.formatMessage(record)
        return line.replace(self._secret, "<token>") if self._secret else line


AGAIN_SECONDS: Final = 30.0
"""How long the same warning is not written again."""

WARNINGS_KNOWN_MAX: Final = 1_000


@dataclass(slots=True)
class _Warnings:
    """What was warned of lately, by its words: when it was written, and how often it came since."""

    _known: dict[tuple[str, str], tuple[float, int]] = field(default_factory=dict)

    def is_due(self, record: logging.LogRecord) -> bool:
        """Tell whether to write a line; one that stands for others says so from now on."""
        if record.levelno != logging.WARNING or record.exc_info:
            return True
        key = (record.name, record.getMessage())
        written_at, since = self._known.pop(key, (-AGAIN_SECONDS, 0))
        if record.created - written_at < AGAIN_SECONDS:
            self._known[key] = (written_at, since + 1)
            return False
        if len(self._known) >= WARNINGS_KNOWN_MAX:
            del self._known[next(iter(self._known))]
        self._known[key] = (record.created, 0)
        if since:
            record.__dict__["template"] = str(record.msg)
            record.msg, record.args = "%s (%d times more since)", (key[1], since)
        return True


class _StandardError(logging.Handler):
    """Writes to standard error as it is when the line is written: a test runner exchanges it."""

    def __init__(self) -> None:
        super().__init__()
        self._warnings = _Warnings()

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line and hand it on at once."""
        if record.levelno >= logging.WARNING:
            metrics.LOG_LINES.labels(record.levelname).inc()
        try:
            if not self._warnings.is_due(record):
                return
            print(self.format(record), file=sys.stderr, flush=True)  # noqa: T201 - its whole task.
        except Exception:  # noqa: BLE001 - logging's own way with a line it cannot write.
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name.
        """Say where a line was meant to be written; logging's own way would show all it held."""
        kind = sys.exc_info()[0]
        what = kind.__name__ if kind else "unknown"
        where = f"{record.name} line {record.lineno}"
        with suppress(OSError, ValueError):  # Nobody reads any more, or it is closed.
            print(f"A line of the log could not be written: {where}: {what}", file=sys.stderr)  # noqa: T201 - as above.


def _told(error: BaseException, told: frozenset[int] = frozenset()) -> Iterator[str]:
    """Tell an error, its members if it is a group, and what it came of; the cause first.

    What was `told` is left out: an error raised anew `from` itself came of itself.
    """
    told |= {id(error)}
    came_of = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if came_of is not None and id(came_of) not in told:
        yield from _told(came_of, told)
        yield "which led to\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__} (words left out)\n"
    if isinstance(error, BaseExceptionGroup):
        for member in error.exceptions:
            yield from _told(member, told)


def start_logging(
    level: str, token: str = "", form: LogFormat = "text", worker: int | None = None
) -> None:
    """Log to standard error from `level` on; `token` shows as `<token>` wherever it would stand.

    `worker` is the number of this process, where several serve one bot.
    """
    handler = _StandardError()
    handler.setFormatter((_Json if form == "json" else _Discreet)(token, worker))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_the_end


def _log_the_end(
    kind: type[BaseException], error: BaseException, where: TracebackType | None
) -> None:
    """Log what ends the process, so that it passes the same walls as every other line."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, where)
        return
    log.critical("A mistake in the program ended it", exc_info=error)


def log_trouble(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what nobody waited for; asyncio's own way would show tasks with their results."""
    message, _, _ = str(context.get("message", "")).partition(" in callback ")
    log.error("In the event loop: %s", message, exc_info=context.get("exception"))
