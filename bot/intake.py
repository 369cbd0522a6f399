"""Updates by long polling: an offset moves on only when everything below it is kept.

Telegram counts an update as taken when a higher offset is asked for. So a batch is kept first,
and whatever happens before that (a kill, a full disk) brings the same updates again; the store
knows those it has seen.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from typing import Any

from bot.dispatch import Dispatch, TapAnswer
from bot.telegram.client import Telegram
from bot.telegram.errors import DeliveryError
from bot.telegram.patience import patiently, unless
from bot.updates import ALLOWED_UPDATES

log = logging.getLogger(__name__)


BATCH_MAX = 100
"""So many updates Telegram hands out at once; fewer mean that none is left."""


async def poll(
    telegram: Telegram,
    dispatch: Dispatch,
    stop: asyncio.Event,
    caught_up: asyncio.Event | None = None,
) -> None:
    """Take updates until `stop` is set; a batch under way is finished first.

    `caught_up` is set once nothing is left that had waited before the start.
    Raise `TokenRefused` when Telegram does not know the token.
    """
    offset: int | None = None

    async def take_some() -> bool:
        nonlocal offset
        batch = await unless(stop, telegram.updates(offset, ALLOWED_UPDATES)) or []
        await take_all(telegram, dispatch, batch)
        offset = max((update["update_id"] + 1 for update in batch), default=offset)
        if caught_up is not None and len(batch) < BATCH_MAX:
            caught_up.set()
        return True

    try:
        while not stop.is_set():
            await patiently(stop, take_some, "No updates are taken")
    finally:
        await answers_sent()


async def take_all(
    telegram: Telegram, dispatch: Dispatch, batch: Iterable[Mapping[str, Any]]
) -> None:
    """Keep a batch: chats side by side, the updates of one chat in their order."""
    queues: dict[object, list[Mapping[str, Any]]] = {}
    for update in batch:
        queues.setdefault(chat_of(update), []).append(update)
    results = await asyncio.gather(
        *(_take_in_order(telegram, dispatch, queue) for queue in queues.values()),
        return_exceptions=True,
    )
    for result in results:
        if isinstance(result, BaseException):
            raise result


async def _take_in_order(
    telegram: Telegram, dispatch: Dispatch, queue: Iterable[Mapping[str, Any]]
) -> None:
    for update in queue:
        answer = await dispatch.take(update)
        if answer is not None:
            _answer_soon(telegram, answer)


def chat_of(update: Mapping[str, Any]) -> int | None:
    """Name the chat an update belongs to; a tap's chat stands inside its message."""
    for kind in ALLOWED_UPDATES:
        body = update.get(kind)
        if isinstance(body, dict):
            return _chat_in(body) or _chat_in(body.get("message"))
    return None


def _chat_in(body: object) -> int | None:
    chat = body.get("chat") if isinstance(body, dict) else None
    number = chat.get("id") if isinstance(chat, dict) else None
    return number if isinstance(number, int) else None


_answers_under_way: set[asyncio.Task[None]] = set()
"""Keeps the tasks alive; each leaves when it is done."""


def _answer_soon(telegram: Telegram, answer: TapAnswer) -> None:
    """Answer a tap without waiting: it only ends the little clock on the person's button."""
    task = asyncio.create_task(_answer(telegram, answer))
    _answers_under_way.add(task)
    task.add_done_callback(_answers_under_way.discard)


async def answers_sent() -> None:
    """Wait until every tap taken so far has been answered, or could not be."""
    await asyncio.gather(*_answers_under_way, return_exceptions=True)


def tap_parameters(answer: TapAnswer) -> dict[str, Any]:
    """Return the parameters of answerCallbackQuery."""
    words = {"text": answer.toast.text, "show_alert": answer.toast.alert}
    return {"callback_query_id": answer.tap_id, **(words if answer.toast.text else {})}


async def _answer(telegram: Telegram, answer: TapAnswer) -> None:
    try:
        await telegram.call("answerCallbackQuery", tap_parameters(answer))
    except DeliveryError as error:
        log.debug("A tap was not answered: %s", error)
