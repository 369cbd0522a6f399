"""Updates as Telegram posts them: answered with 200 only when what came of them is kept.

The door. Whoever posts must know the secret that `setWebhook` handed to Telegram: without one the
answer is 401, with another 403, and nothing of the body is read. While the database is away the
answer is 503, and Telegram posts the update again. What cannot be read as an update is kept as a
dead letter and taken, for it would come again for ever and hold up its chat.

One tap is answered in the answer to its own request, which is the quickest way there is.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import metrics
from bot.dispatch import Dispatch, TapAnswer
from bot.intake import chat_of, tap_parameters
from bot.lanes import Lanes
from bot.telegram.client import Telegram, is_numbered
from bot.telegram.errors import DeliveryError, Refused
from bot.telegram.patience import patiently, unless
from bot.updates import ALLOWED_UPDATES
from storage.errors import StorageError

log = logging.getLogger(__name__)

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name.

BODY_BYTES_MAX: Final = 1_000_000
"""Far more than any update has; a message holds 4,096 characters."""

CONNECTIONS_MAX: Final = 100
"""What Telegram may open at once, the most it takes: waiting turns share a commit."""

AT_ONCE_MAX: Final = 1_000
"""Connections one process serves, whoever opens them."""

RETRY_SECONDS: Final = 2
"""When to post again what could not be kept."""

STOPPING_SECONDS_MAX: Final = 20
"""How long a stop waits for the turns under way."""

LOOK_SECONDS: Final = 60.0
FIRST_LOOK_SECONDS: Final = 2.0
"""How often Telegram is asked how delivery goes, later and until what had waited is read."""

ELSEWHERE: Final = "Telegram posts elsewhere by now, or is polled: this bot hears nothing"

CATCH_UP_SECONDS_MAX: Final = 120.0


class WebhookRefused(Exception):
    """Telegram will not post to this address."""


def secret_of(key: bytes, token: str) -> str:
    """Return the secret that Telegram shows with every update, the same in all processes.

    It hangs on the key of the pseudonyms and on the token, so a new token makes a new one.
    """
    return hmac.new(key, b"webhook " + token.encode(), hashlib.sha256).hexdigest()


async def announce(telegram: Telegram, url: str, secret: str, stop: asyncio.Event) -> None:
    """Ask Telegram to post updates; raise `WebhookRefused` when it will not."""
    parameters = {
        "url": url,
        "secret_token": secret,
        "allowed_updates": list(ALLOWED_UPDATES),
        "max_connections": CONNECTIONS_MAX,
    }

    async def ask() -> None:
        try:
            await telegram.call("setWebhook", parameters)
        except Refused as error:
            said = f"Telegram will not post to {url} ({error}); see the README's part on webhooks."
            raise WebhookRefused(said) from None

    await patiently(stop, ask, "Telegram is away")


@dataclass(frozen=True, slots=True)
class Webhook:
    """Takes what is posted to the path of `url` with `secret`."""

    dispatch: Dispatch
    url: str
    secret: str
    _lanes: Lanes = field(default_factory=Lanes)

    def route(self) -> Route:
        """Return the one route there is."""
        return Route(urlsplit(self.url).path or "/", self.answer, methods=["POST"])

    async def answer(self, request: Request) -> Response:
        """Take one update; say 200 when it is kept."""
        if (refused := self._turned_away(request)) is not None:
            return refused
        try:
            body = await _body(request)
        except ClientDisconnect:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        if body is None:
            log.error("A body of more than %d bytes was posted and not read", BODY_BYTES_MAX)
            return _refusal("too long", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            answer = await self._take(body)
        except StorageError as error:
            log.warning("An update must come again: %s", error)
            return _refusal("store away", HTTPStatus.SERVICE_UNAVAILABLE)
        if answer is None:
            return Response()
        return JSONResponse({"method": "answerCallbackQuery", **tap_parameters(answer)})

    def _turned_away(self, request: Request) -> Response | None:
        shown = request.headers.get(SECRET_HEADER)
        if shown is None:
            return _refusal("no token", HTTPStatus.UNAUTHORIZED)
        if not hmac.compare_digest(shown.encode("latin-1"), self.secret.encode()):
            return _refusal("wrong token", HTTPStatus.FORBIDDEN)
        return None

    async def _take(self, body: bytes) -> TapAnswer | None:
        update = _update(body)
        if update is None:
            metrics.KNOCKS.labels("unreadable").inc()
            log.warning("What was posted is no update and is set aside")
            await self.dispatch.set_aside(_letter(body), "unreadable: no update")
            return None
        chat, number = chat_of(update), update["update_id"]
        async with self._lanes.lane(("none", number) if chat is None else chat, number):
            return await self.dispatch.take(update)


def _refusal(why: str, status: HTTPStatus) -> Response:
    metrics.KNOCKS.labels(why).inc()
    later = status is HTTPStatus.SERVICE_UNAVAILABLE
    headers = {"Retry-After": str(RETRY_SECONDS)} if later else {}
    return Response(status_code=status, headers=headers)


async def _body(request: Request) -> bytes | None:
    """Read what was posted, None where it is too long."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > BODY_BYTES_MAX:
            return None
        parts.append(part)
    return b"".join(parts)


def _update(body: bytes) -> dict[str, Any] | None:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return update if is_numbered(update) else None


def _letter(body: bytes) -> Mapping[str, Any]:
    """Return what is no update as one under a number of its own, the same when it comes again.

    Telegram's numbers are never below zero, so it is no other update's.
    """
    number = -1 - int.from_bytes(hashlib.sha256(body).digest()[:6])
    return {"update_id": number, "posted": body.decode("utf-8", "replace")}


async def watch(
    telegram: Telegram,
    url: str,
    caught_up: asyncio.Event,
    stop: asyncio.Event,
    unwell: Callable[[str], None],
) -> None:
    """Ask Telegram now and then how delivery goes, and say what goes wrong, until `stop` is set.

    `caught_up` is set once nothing is left that had waited before the start. `unwell` is told what
    ails this bot for good, blank when nothing does.
    """
    loop, told = asyncio.get_running_loop(), 0
    caught_up_by = loop.time() + CATCH_UP_SECONDS_MAX
    while not stop.is_set():
        try:
            info = await unless(stop, telegram.call("getWebhookInfo", {})) or {}
        except DeliveryError as error:
            log.warning("Telegram does not say how delivery goes: %s", error)
            info = {"pending_update_count": 1, "url": url}
        told = _tell(info, told)
        unwell(ELSEWHERE if info.get("url", url) != url else "")
        if not info.get("pending_update_count") or loop.time() > caught_up_by:
            caught_up.set()
        seconds = LOOK_SECONDS if caught_up.is_set() else FIRST_LOOK_SECONDS
        await unless(stop, asyncio.sleep(seconds))


def _tell(info: Mapping[str, Any], told: int) -> int:
    """Say what went wrong once; return the moment of the last trouble that was told."""
    metrics.PENDING.set(info.get("pending_update_count", 0))
    happened = int(info.get("last_error_date", 0))
    if happened > told:
        log.warning("Telegram could not deliver: %s", info.get("last_error_message", "no reason"))
    return max(happened, told)
