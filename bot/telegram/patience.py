"""Waiting, always with an ear for the word to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from bot.telegram.errors import DeliveryError, TokenRefused, TooMany
from storage.errors import StorageError

log = logging.getLogger(__name__)

T = TypeVar("T")

PAUSE_SECONDS_MAX = 60.0
"""The longest pause between tries while Telegram or the store is away."""


async def patiently(
    stop: asyncio.Event, work: Callable[[], Awaitable[T]], trouble: str
) -> T | None:
    """Do `work`, again and again while Telegram or the store is away; None when `stop` came first.

    Each failure is logged after the words of `trouble`. Raise `TokenRefused`, which time does not
    mend.
    """
    pause = 1.0
    while not stop.is_set():
        try:
            return await work()
        except TokenRefused:
            raise
        except (DeliveryError, StorageError) as error:
            asked = error.seconds if isinstance(error, TooMany) else 0.0
            log.warning("%s; next try in %.0f s: %s", trouble, max(pause, asked), error)
            await unless(stop, asyncio.sleep(max(pause, asked)))
            pause = min(pause * 2, PAUSE_SECONDS_MAX)
    return None


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """Wait for `work`, or give it up when `stop` is set; return its result, or None."""
    task = asyncio.create_task(work)
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
        task.cancel()
        await asyncio.wait({task})
    return None if task.cancelled() else task.result()
