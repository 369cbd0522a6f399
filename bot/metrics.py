"""What is counted while the bot works, for Prometheus: figures alone, nobody's name or chat.

Labels are words of ours of which there are few (kinds of updates, methods, outcomes), never an id.
Where several workers serve one bot, PROMETHEUS_MULTIPROC_DIR names a folder in which all of them
count, so that whichever is asked answers for all; the supervisor sets it before they start.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from time import perf_counter
from types import TracebackType
from typing import Any, Final, Self

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
KINDS: Final = frozenset({"message", "edited_message", "callback_query", "my_chat_member"})
OTHER: Final = "other"

TURN_BUCKETS: Final = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
    *(1.0, 2.0, 5.0, 10.0, 30.0),
)
CALL_BUCKETS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)

_OUTCOMES: Final = {
    "ContactGone": "gone",
    "ContactMoved": "moved",
    "Refused": "refused",
    "TooMany": "too many",
    "MaybeDone": "no answer",
    "TryLater": "later",
    "TokenRefused": "token refused",
}

_registry = CollectorRegistry()

UPDATES = Counter("baraza_updates", "Updates taken in, by kind.", ("kind",), registry=_registry)
AGAIN = Counter(
    "baraza_updates_again",
    "Updates that came a second time and changed nothing.",
    registry=_registry,
)
TURNS = Counter(
    "baraza_turns",
    "Turns by outcome: kept, unreadable or failed (set aside), postponed (the store was away).",
    ("outcome",),
    registry=_registry,
)
TURN_SECONDS = Histogram(
    "baraza_turn_seconds",
    "From an update's arrival in a process to the commit of what came of it.",
    buckets=TURN_BUCKETS,
    registry=_registry,
)
CALLS = Counter(
    "baraza_calls", "Calls to Telegram by outcome.", ("method", "outcome"), registry=_registry
)
CALL_SECONDS = Histogram(
    "baraza_call_seconds",
    "How long Telegram took to answer; without getUpdates, which waits on purpose.",
    buckets=CALL_BUCKETS,
    registry=_registry,
)
TOO_MANY = Counter(
    "baraza_too_many_requests", "Calls that Telegram answered with 429.", registry=_registry
)
ERRORS = Counter(
    "baraza_errors", "What went wrong in turns and in the store.", ("kind",), registry=_registry
)
LOG_LINES = Counter(
    "baraza_log_lines", "Lines of the log that warn.", ("level",), registry=_registry
)
KNOCKS = Counter(
    "baraza_webhook_refused",
    "Requests that the webhook turned away: no token, wrong token, too long, unreadable, store "
    "away.",
    ("why",),
    registry=_registry,
)
PENDING = Gauge(
    "baraza_webhook_pending_updates",
    "Updates that Telegram still holds for the webhook, when it was last asked.",
    multiprocess_mode="livemostrecent",
    registry=_registry,
)
CLOCK_JUMPS = Counter(
    "baraza_clock_jumps", "Jumps of this machine's clock that were noticed.", registry=_registry
)
CLOCK_HELD = Gauge(
    "baraza_clock_held",
    "1 while nothing is asked, dropped or forgotten because the clock jumped.",
    multiprocess_mode="livemax",
    registry=_registry,
)


# Finding a counter by its labels costs more than to count.
_calls = cache(CALLS.labels)
_updates = cache(UPDATES.labels)
_turns = cache(TURNS.labels)


class turn:  # noqa: N801 - used as a `with` block.
    """Count one update and time what becomes of it; `outcome` is kept unless it is said."""

    __slots__ = ("_begun", "outcome")

    def __init__(self, raw: Mapping[str, Any]) -> None:
        _updates(next((kind for kind in KINDS if kind in raw), OTHER)).inc()
        self.outcome = "kept"

    def __enter__(self) -> Self:
        """Begin to time."""
        self._begun = perf_counter()
        return self

    def failed(self, outcome: str, error: Exception) -> None:
        """Note that the update is set aside, and what kind of error that was."""
        self.outcome = outcome
        ERRORS.labels(type(error).__name__).inc()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _where: TracebackType | None,
    ) -> None:
        """Note the outcome."""
        if kind is not None:
            self.outcome = "postponed"
            ERRORS.labels(kind.__name__).inc()
        _turns(self.outcome).inc()
        TURN_SECONDS.observe(perf_counter() - self._begun)


class call:  # noqa: N801 - as above.
    """Count one call to Telegram and time it."""

    __slots__ = ("_begun", "_method")

    def __init__(self, method: str) -> None:
        self._method = method

    def __enter__(self) -> None:
        """Begin to time."""
        self._begun = perf_counter()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _where: TracebackType | None,
    ) -> None:
        """Note the outcome."""
        outcome = _OUTCOMES.get(kind.__name__, OTHER) if kind else "done"
        _calls(self._method, outcome).inc()
        if outcome == "too many":
            TOO_MANY.inc()
        if self._method != "getUpdates":
            CALL_SECONDS.observe(perf_counter() - self._begun)


def exposition() -> bytes:
    """Return all that was counted, by all workers, in Prometheus' text format."""
    if os.environ.get(FOLDER):
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call] # It has no types.
        return generate_latest(together)
    return generate_latest(_registry)


if not os.environ.get(FOLDER):
    ProcessCollector(registry=_registry)
