"""Delivery to a webhook, as Telegram does it.

One update of each queue is under way at a time. What is not taken with a 2xx answer comes again:
at once, then after 2, 4, 8 seconds and so on up to a minute or two, or after `Retry-After`. A call
in the answer's body is carried out.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import aiohttp

from bot.simulator.bell import Bell
from bot.simulator.parameters import Arguments, Json
from bot.simulator.state import Webhook
from bot.simulator.updates import Pending
from bot.simulator.world import World

ANSWER_SECONDS_MAX = 60
RETRY_AFTER_SECONDS_MAX = 3600
DELAY_SECONDS_MAX = 120.0
_NOT_FROM_ANSWER = ("get", "setwebhook", "deletewebhook", "close", "logout")


@dataclass(slots=True)
class _Attempts:
    failures: int = 0
    delay_seconds: float = 1.0
    not_before: float = 0.0


@dataclass(slots=True)
class Courier:
    """Carries the updates of a world to its webhook while one is set."""

    world: World
    bell: Bell
    execute: Callable[[str, Arguments], Awaitable[None]]
    _attempts: dict[int, _Attempts] = field(default_factory=dict)
    _under_way: dict[tuple[str, int], asyncio.Task[None]] = field(default_factory=dict)
    _round: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Start working if there is a webhook and nobody works yet."""
        working = self._round is not None and not self._round.done()
        if self.world.state.webhook is not None and not (working or self.bell.closed):
            self._round = asyncio.get_running_loop().create_task(self._work())

    async def close(self) -> None:
        """Stop, leaving what is under way undelivered."""
        tasks = [*self._under_way.values(), *([self._round] if self._round else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self) -> None:
        self._attempts.clear()
        limit = aiohttp.ClientTimeout(total=ANSWER_SECONDS_MAX)
        async with aiohttp.ClientSession(timeout=limit) as session:
            while not self.bell.closed and (webhook := self.world.state.webhook) is not None:
                await self.bell.wait(self._send_due(session, webhook))
            await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    def _send_due(self, session: aiohttp.ClientSession, webhook: Webhook) -> float:
        """Start what may be sent now; return after how many seconds to look again."""
        now, next_look = time.monotonic(), 1.0
        for update in self.world.deliverable():
            if update.queue in self._under_way:
                continue
            due = self._attempts.setdefault(update.update_id, _Attempts()).not_before
            if due > now:
                next_look = min(next_look, due - now)
            elif len(self._under_way) < webhook.connections_max:
                self._start(session, webhook, update)
        return next_look

    def _start(self, session: aiohttp.ClientSession, webhook: Webhook, update: Pending) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(session, webhook, update))
        self._under_way[update.queue] = task

    async def _deliver(
        self, session: aiohttp.ClientSession, webhook: Webhook, update: Pending
    ) -> None:
        try:
            await self._post(session, webhook, update)
        except (aiohttp.ClientError, TimeoutError, OSError) as trouble:
            self._failed(update, f"Connection failed: {type(trouble).__name__}")
        finally:
            del self._under_way[update.queue]
            self.bell.ring()

    async def _post(
        self, session: aiohttp.ClientSession, webhook: Webhook, update: Pending
    ) -> None:
        secret = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret_token}
        async with session.post(
            webhook.url,
            json=update.as_update(),
            headers=secret if webhook.secret_token else {},
            allow_redirects=False,
        ) as answer:
            if not 200 <= answer.status <= 299:  # noqa: PLR2004 - the codes that mean "taken"
                why = f"Wrong response from the webhook: {answer.status} {answer.reason}"
                self._failed(update, why, _seconds(answer.headers.get("Retry-After", "")))
                return
            body, kind = await answer.read(), answer.content_type
        self._attempts.pop(update.update_id, None)
        self.world.delivered(update.update_id)
        await self._obey(body, kind)

    async def _obey(self, body: bytes, kind: str) -> None:
        """Carry out the call that the answer's body asks for, if it asks for one."""
        values = _values(body, kind)
        method = str(values.pop("method", "")).lower()
        if method and not method.startswith(_NOT_FROM_ANSWER):
            await self.execute(method, Arguments(values))

    def _failed(self, update: Pending, words: str, retry_after: float = 0.0) -> None:
        self.world.undelivered(words)
        attempts = self._attempts.setdefault(update.update_id, _Attempts())
        wait = retry_after
        if not retry_after and attempts.failures:
            attempts.delay_seconds = min(attempts.delay_seconds * 2, DELAY_SECONDS_MAX)
            wait = attempts.delay_seconds
        attempts.failures += 1
        attempts.not_before = time.monotonic() + wait


def _seconds(header: str) -> float:
    return float(min(int(header), RETRY_AFTER_SECONDS_MAX)) if header.isdigit() else 0.0


def _values(body: bytes, kind: str) -> Json:
    try:
        if kind == "application/json":
            values = json.loads(body)
            return values if isinstance(values, dict) else {}
        if kind == "application/x-www-form-urlencoded":
            return dict(parse_qsl(body.decode()))
    except (ValueError, RecursionError):
        pass
    return {}
