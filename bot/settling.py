"""What becomes of a call that failed: it waits, goes elsewhere, or is given up.

Telegram's errors say whose move it is (`bot.telegram.errors`). What may have been sent is tried
once more and never twice; what Telegram puts off waits as long as it asks for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.pace import LIMITED_SECONDS_MIN, Pace
from bot.rendering import GROUP_TOPIC
from bot.telegram.errors import (
    RETRY_SECONDS,
    ContactGone,
    ContactMoved,
    DeliveryError,
    MaybeDone,
    Refused,
    TokenRefused,
    TooMany,
    TryLater,
)
from storage import campaigns, contacts, groups, leases, outbox
from storage.contacts import UNKNOWN_MENU
from storage.outbox import LIMITED, OutboxRow
from storage.store import Store, Unit

log = logging.getLogger(__name__)

TRIES_MAX: Final = 300
"""How often one call is tried; with the pauses between that is about a day."""

PAUSE_SECONDS_MAX: Final = 300.0
"""The longest pause between tries: after an outage nobody waits longer for what stood in line."""

NO_ANSWER: Final = "no answer came"
"""Opens the reason of a row that may have been sent: it is tried once more, never twice."""

MENU_CALLS: Final = frozenset({"setMyCommands", "deleteMyCommands"})

TOPIC_GONE: Final = ("thread not found", "topic_closed", "topic_deleted", "topic_id_invalid")
"""What Telegram says where a topic is not there any more, or closed to this bot."""


@dataclass(frozen=True, slots=True)
class Settling:
    """Notes what failed; `owner` is the process that tried, `pace` what it knows of the chats."""

    store: Store
    programme: str
    now: Callable[[], datetime]
    owner: str
    pace: Pace

    async def settle(self, row: OutboxRow, outcome: DeliveryError) -> None:
        """Note that a call failed: send it again later, give it up, or do what the failure asks."""
        maybe_sent = row.reason.startswith(NO_ANSWER)
        async with self.store.unit() as unit:
            match outcome:
                case ContactGone():
                    await contacts.mark_gone(unit, row.contact_id)
                case ContactMoved(chat_id=chat_id):
                    await groups.follow_move(unit, self.programme, row.chat_id, chat_id)
                    reason = row.reason or "the chat has another id"
                    await self._put_off(unit, row, self.now(), reason)
                case Refused() if row.method == "createForumTopic":
                    # Its cards go where all messages go, until somebody sends /here again.
                    log.warning("A topic cannot be made in the moderators' group: %s", outcome)
                    await outbox.sent(unit, row.id, 0)
                case Refused() if _topic_gone(row, outcome):
                    await self._without_topic(unit, row)
                case DeliveryError() if row.method in MENU_CALLS:
                    # A menu holds up no message; the next command tries again.
                    log.warning("A menu of commands is not as it should be: %s", outcome)
                    await contacts.keep_menu(unit, row.contact_id, UNKNOWN_MENU)
                    await outbox.sent(unit, row.id, None)
                case MaybeDone() if maybe_sent:
                    await self._give_up(unit, row, f"{NO_ANSWER}, twice")
                case TooMany():
                    reason = f"{NO_ANSWER}; {LIMITED}" if maybe_sent else LIMITED
                    await self._put_off(unit, row, await self._limit(unit, row, outcome), reason)
                case TryLater() | TokenRefused() if row.attempts < TRIES_MAX:
                    until = self.now() + timedelta(seconds=_pause(row.attempts))
                    ambiguous = maybe_sent or isinstance(outcome, MaybeDone)
                    reason = f"{NO_ANSWER}: {outcome}" if ambiguous else str(outcome)
                    await self._put_off(unit, row, until, reason)
                case _:
                    log.error("Call %s is given up: %s", row.method, outcome)
                    await self._give_up(unit, row, str(outcome))

    async def _without_topic(self, unit: Unit, row: OutboxRow) -> None:
        """Send a card into the group itself whose topic was deleted; the next makes a new one."""
        named = row.params["message_thread_id"]
        if isinstance(named, str):
            await outbox.forget_slot(unit, row.contact_id, named.removeprefix(GROUP_TOPIC))
        params = {key: value for key, value in row.params.items() if key != "message_thread_id"}
        await outbox.amend(unit, row.id, params)
        await self._put_off(unit, row, self.now(), row.reason or "its topic is gone")

    async def _give_up(self, unit: Unit, row: OutboxRow, reason: str) -> None:
        await outbox.give_up(unit, row.id, reason)
        if row.campaign_id:
            await campaigns.count_failed(unit, row.campaign_id)

    async def _put_off(self, unit: Unit, row: OutboxRow, until: datetime, reason: str) -> None:
        await outbox.put_off(unit, self.owner, row.id, until, reason)

    async def _limit(self, unit: Unit, row: OutboxRow, limit: TooMany) -> datetime:
        """Return when a chat may be written to again.

        Telegram does not say whether the chat or the bot has its fill. One chat's limit is its
        own affair, lest one person's tapping silence the bot for all; a second one while the
        first lasts, whichever process meets it, is taken for everybody's.
        """
        now = self.now()
        seconds = max(limit.seconds, LIMITED_SECONDS_MIN)
        until = now + timedelta(seconds=seconds)
        self.pace.complain(row, now, seconds)
        # A chat waits behind its first row, so another row is another chat's.
        if not await leases.take(unit, leases.COMPLAINT, f"row {row.id}", now, seconds):
            await leases.keep_silent(unit, until)
        return until


def _topic_gone(row: OutboxRow, refused: Refused) -> bool:
    return "message_thread_id" in row.params and any(
        sign in str(refused).lower() for sign in TOPIC_GONE
    )


def _pause(attempts: int) -> float:
    """Double the pause with each try."""
    return min(RETRY_SECONDS * 2.0 ** min(attempts - 1, 30), PAUSE_SECONDS_MAX)
