"""Named instants at which a process dies by SIGKILL, laid into the running code from outside.

The product knows nothing of this: a point names a function and whether one dies before or after
it, and `arm` puts a wrapper around that function in the process that is to die. A point whose
function is gone or renamed fails at once, where the points are armed.
"""

from __future__ import annotations

import importlib
import inspect
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal


def _always(*_: object) -> bool:
    return True


def _commits(_connection: object, sql: str, *_: object) -> bool:
    return sql == "COMMIT"


@dataclass(frozen=True, slots=True)
class Point:
    """An instant: `when` a function named `module:name` runs with arguments that are `meant`."""

    when: Literal["before", "after"]
    function: str
    meant: Callable[..., bool] = _always


SQLITE_ONLY = {
    "before the commit": Point("before", "storage.sqlite_connection:Connection.rows", _commits),
    "after the commit": Point("after", "storage.sqlite_connection:Connection.rows", _commits),
    "among units that share a commit": Point("after", "storage.sqlite_writer:Writer._serve_one"),
    "leases of the dead not ended yet": Point("before", "storage.outbox:release"),
    "key not compared yet": Point("before", "storage.sqlite:expect_key"),
}
POSTGRES_ONLY = {
    "before the commit": Point("before", "asyncpg.transaction:Transaction.commit"),
    "after the commit": Point("after", "asyncpg.transaction:Transaction.commit"),
    "key not compared yet": Point("before", "storage.postgres:expect_key"),
}
EVERYWHERE = {
    "database migrated, not opened": Point("before", "bot.app:open_store"),
    "opened, nothing asked of Telegram": Point("after", "bot.app:open_library"),
    "session kept, replies not": Point("before", "bot.outgoing:put"),
    "replies kept, not committed": Point("after", "bot.outgoing:put"),
    "submission kept, session not ended": Point("before", "storage.sessions:end"),
    "turn kept, Telegram not told": Point("after", "bot.dispatch:Dispatch.take"),
    "turn kept, sender not told": Point("before", "bot.outgoing:go"),
    "in hand, not sent": Point("before", "bot.delivery:Delivery.outcome"),
    "sent, not noted": Point("before", "bot.sender:Sender._note"),
    "noting what was sent": Point("after", "storage.outbox:sent_together"),
    "file fetched, not written": Point("before", "storage.files:Files.keep"),
    "file written, not named": Point("before", "os:fsync"),
    "file kept, not noted": Point("before", "storage.attachments:kept"),
    "file noted, not committed": Point("after", "storage.attachments:kept"),
}
POLLING_ONLY = {
    "batch taken, nothing kept": Point("before", "bot.intake:take_all"),
    "batch kept, offset not moved": Point("after", "bot.intake:take_all"),
    "tap kept, not answered": Point("before", "bot.intake:_answer_soon"),
}
WEBHOOK_ONLY = {
    "posted, nothing kept": Point("before", "bot.dispatch:Dispatch.take"),
}
MIGRATING = {
    "a step of the migration": Point(
        "after", "alembic.runtime.migration:HeadMaintainer.update_to_step"
    ),
}
"""Passed only where a database is new or of an earlier release."""

POINTS: dict[str, dict[str, Point]] = {
    "sqlite": {**EVERYWHERE, **SQLITE_ONLY, **POLLING_ONLY},
    "postgres": {**EVERYWHERE, **POSTGRES_ONLY, **POLLING_ONLY},
    "workers": {**EVERYWHERE, **POSTGRES_ONLY, **WEBHOOK_ONLY},
}
"""The points of a bot that polls, on each database, and of workers behind a webhook."""

ONCE = frozenset(
    {
        *("leases of the dead not ended yet", "key not compared yet"),
        *("database migrated, not opened", "opened, nothing asked of Telegram"),
    }
)
"""Passed once in a life, at its start; the others may be passed many times."""


def point_of(kind: str, name: str) -> Point:
    """Return a point of a bot on this kind of database, passed in any life or in few."""
    return {**POINTS[kind], **MIGRATING}[name]


def arm(point: Point, nth: int) -> None:
    """Let this process die when it comes to a point for the nth time, counted from 1."""
    owner, name = _found(point.function)
    function = getattr(owner, name)
    setattr(owner, name, _deadly(function, point, _Countdown(nth)))


@dataclass(slots=True)
class _Countdown:
    left: int

    def pass_by(self) -> None:
        """Count one passage; the last one is the end."""
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def _found(function: str) -> tuple[Any, str]:
    module, _, path = function.partition(":")
    owner: Any = importlib.import_module(module)
    *owners, name = path.split(".")
    for one in owners:
        owner = getattr(owner, one)
    return owner, name


def _deadly(
    function: Callable[..., Any], point: Point, countdown: _Countdown
) -> Callable[..., Any]:
    def pass_by(when: str, arguments: tuple[Any, ...]) -> None:
        if point.when == when and point.meant(*arguments):
            countdown.pass_by()

    @wraps(function)
    def called(*arguments: Any, **named: Any) -> Any:
        pass_by("before", arguments)
        result = function(*arguments, **named)
        pass_by("after", arguments)
        return result

    @wraps(function)
    async def awaited(*arguments: Any, **named: Any) -> Any:
        pass_by("before", arguments)
        result = await function(*arguments, **named)
        pass_by("after", arguments)
        return result

    waits = inspect.iscoroutinefunction(function)
    return awaited if waits else called
