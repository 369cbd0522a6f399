"""How the bot is, for machines: `/healthz` says well or unwell, `/metrics` hands out the figures.

Both hold figures alone and no names. `/metrics` answers nothing that came through a proxy, which
says so in its headers: what is posted to the webhook from outside passes one, a scraper does not.
Counting what waits costs the database time, so at most a twentieth of all time is spent on it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from time import perf_counter
from typing import Any, Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import metrics
from bot.serving import STATUS_PATHS
from bot.telegram.client import Telegram
from storage.errors import StorageError
from storage.leases import silent_until
from storage.outbox import Priority
from storage.standing import Standing, overdue_since, standing
from storage.store import Readable

log = logging.getLogger(__name__)

DATABASE_SECONDS_MAX: Final = 5.0
"""A database that takes longer to answer one question is not well."""

TELEGRAM_SECONDS_MAX: Final = 180.0
"""Calls go out once a minute at least: long polls, or asking how delivery goes."""

OVERDUE_SECONDS_MAX: Final = 120.0
"""So long a reply may lie there for anybody to send: many times what a dead sender's lease lasts.
"""

COUNT_SECONDS_MIN: Final = 5.0
COUNT_SHARE: Final = 20.0
"""Counts stand for so many times as long as they took, and for `COUNT_SECONDS_MIN` at least."""

_PROXIED: Final = ("x-forwarded-for", "forwarded")


@dataclass(slots=True)
class Health:
    """Answers for one process; `telegram` and `store` are the ones it works with."""

    store: Readable
    telegram: Telegram
    now: Callable[[], datetime]
    clock_trouble: Callable[[], str] = str
    """Says why the clock is not believed; blank where it is."""
    _trouble: str = ""
    _counted: Standing | None = None
    _count_again_at: float = 0.0
    _counting: asyncio.Lock = field(default_factory=asyncio.Lock)

    def routes(self) -> list[Route]:
        """Return where both are asked for."""
        answers = (self.answer_health, self.answer_metrics)
        return [Route(path, answer) for path, answer in zip(STATUS_PATHS, answers, strict=True)]

    def note(self, trouble: str) -> None:
        """Be unwell for a reason that others found, until it is blank; the log hears of it once."""
        if trouble and trouble != self._trouble:
            log.error("%s", trouble)
        self._trouble = trouble

    async def answer_health(self, _request: Request) -> Response:
        """Say how the bot is: 200 when well, 503 when not, and why."""
        found = await self._examine()
        well = not found["unwell"]
        status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
        return JSONResponse({"status": "well" if well else "unwell", **found}, status)

    async def answer_metrics(self, request: Request) -> Response:
        """Hand out what was counted here, and what waits in the database."""
        if any(name in request.headers for name in _PROXIED):
            return Response(status_code=HTTPStatus.NOT_FOUND)
        waiting = CollectorRegistry()
        waiting.register(_Waiting(await self._count()))
        content = metrics.exposition() + generate_latest(waiting)
        return Response(content, media_type=CONTENT_TYPE_LATEST)

    async def _examine(self) -> dict[str, Any]:
        heard = self.telegram.heard_at
        ago = None if heard is None else asyncio.get_running_loop().time() - heard
        unwell = [self._trouble] if self._trouble else []
        if ago is None or ago > TELEGRAM_SECONDS_MAX:
            unwell.append("Telegram was not reached lately")
        try:
            overdue = await self._overdue_seconds()
        except (StorageError, TimeoutError):
            overdue = None
            unwell.append("the database does not answer")
        if overdue is not None and overdue > OVERDUE_SECONDS_MAX:
            unwell.append("replies wait and nobody sends them")
        return {
            "unwell": unwell,
            "clock": self.clock_trouble() or "steady",
            "database_reachable": overdue is not None,
            "telegram_reached_seconds_ago": None if ago is None else round(ago, 1),
            "oldest_reply_overdue_seconds": None if overdue is None else round(overdue, 1),
        }

    async def _overdue_seconds(self) -> float:
        """Return for how long a reply has been due that nobody sends, 0 where there is none."""
        now = self.now()
        async with asyncio.timeout(DATABASE_SECONDS_MAX), self.store.reading() as reading:
            silent = await silent_until(reading, now)
            since = None if silent else await overdue_since(reading, now)
        return (now - since).total_seconds() if since else 0.0

    async def _count(self) -> Standing | None:
        """Count what waits, unless that was done just now; None while the database is away."""
        loop = asyncio.get_running_loop()
        async with self._counting:
            if loop.time() < self._count_again_at:
                return self._counted
            begun, now = perf_counter(), self.now()
            try:
                async with self.store.reading() as reading:
                    self._counted = await standing(reading, now, now)
            except StorageError:
                self._counted = None
            took = perf_counter() - begun
            self._count_again_at = loop.time() + max(COUNT_SECONDS_MIN, took * COUNT_SHARE)
            return self._counted


@dataclass(frozen=True, slots=True, eq=False)  # The registry tells collectors apart by identity.
class _Waiting(Collector):
    """What waits, as Prometheus reads it; only whether the database answers while it is away."""

    counted: Standing | None

    def collect(self) -> Iterator[Metric]:
        """Yield each figure."""
        yield _gauge(
            "baraza_database_up", "1 while the database answers.", self.counted is not None
        )
        if self.counted is None:
            return
        it = self.counted
        states = {"active": 0, "gone": 0} | dict(it.contacts)
        yield _by("baraza_contacts", "People the bot knows.", "state", states)
        yield _gauge("baraza_sessions_open", "Forms people are in the middle of.", it.sessions_open)
        yield _gauge("baraza_reports", "Reports kept.", it.reports)
        waiting = {
            priority.name.lower(): it.outbox.get(("waiting", priority), 0) for priority in Priority
        }
        yield _by("baraza_outbox_waiting", "Messages waiting to be sent.", "priority", waiting)
        given_up = sum(n for (state, _), n in it.outbox.items() if state == "given up")
        yield _gauge("baraza_outbox_given_up", "Messages that were given up.", given_up)
        yield _gauge("baraza_dead_letters", "Updates set aside.", it.dead_letters)
        files = {"waiting": 0, "kept": 0, "failed": 0} | dict(it.attachments)
        yield _by("baraza_attachments", "Files people sent.", "state", files)
        yield _by("baraza_due", "Work that is due and not done yet.", "work", it.due)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def _by(name: str, words: str, label: str, values: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
