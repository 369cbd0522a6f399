"""Updates on their way to the bot: numbered once, kept until confirmed or too old.

Messages live 24 hours from their date, taps 150 seconds. For a webhook each update belongs to a
queue: messages to that of their chat, taps to that of their person, so that a tap and a text can
overtake each other as they do on Telegram's servers.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from bot.simulator.parameters import Json

MESSAGE_LIFE = timedelta(hours=24)
TAP_LIFE = timedelta(seconds=150)
TAKE_MAX = 100
PENDING_MAX = 100_000

KNOWN_KINDS = frozenset(
    {
        *("message", "edited_message", "channel_post", "edited_channel_post", "inline_query"),
        *("chosen_inline_result", "callback_query", "shipping_query", "pre_checkout_query"),
        *("poll", "poll_answer", "my_chat_member", "chat_member", "chat_join_request"),
        *("message_reaction", "message_reaction_count", "chat_boost", "removed_chat_boost"),
        *("business_connection", "business_message", "edited_business_message"),
        *("deleted_business_messages", "purchased_paid_media"),
    }
)
LEFT_OUT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds that a bot gets only when it names them."""


@dataclass(frozen=True, slots=True)
class Pending:
    """An update that the bot has not confirmed yet."""

    update_id: int
    kind: str
    queue: tuple[str, int]
    expires_at: datetime
    body: Json

    def as_update(self) -> Json:
        """Return it as an Update of the Bot API."""
        return {"update_id": self.update_id, self.kind: self.body}


@dataclass(slots=True)
class UpdateQueue:
    """The updates of one bot, oldest first."""

    next_id: int
    allowed: frozenset[str] = KNOWN_KINDS - LEFT_OUT
    pending: OrderedDict[int, Pending] = field(default_factory=OrderedDict)
    _soonest: datetime | None = None

    def push(self, kind: str, body: Json, queue: tuple[str, int], expires_at: datetime) -> None:
        """Append an update, unless the bot did not ask for its kind."""
        if kind not in self.allowed:
            return
        update = Pending(self.next_id, kind, queue, expires_at, body)
        self.next_id += 1
        self.pending[update.update_id] = update
        self._soonest = min(expires_at, self._soonest or expires_at)
        if len(self.pending) > PENDING_MAX:
            self.pending.popitem(last=False)

    def allow(self, kinds: Iterable[str] | None) -> None:
        """Set which kinds are kept from now on: an empty list means the default ones."""
        if kinds is not None:
            known = KNOWN_KINDS.intersection(kind.lower() for kind in kinds)
            self.allowed = known or KNOWN_KINDS - LEFT_OUT

    def take(self, offset: int, limit: int, now: datetime) -> list[Json]:
        """Return the next updates; all before `offset` are confirmed and forgotten.

        A negative offset keeps the last `-offset` updates and forgets the others.
        """
        self.expire(now)
        if offset < 0:
            offset = next(iter(list(self.pending)[offset:]), 0)
        while self.pending and next(iter(self.pending)) < offset:
            self.pending.popitem(last=False)
        return [update.as_update() for update in islice(self.pending.values(), limit)]

    def heads(self, now: datetime) -> list[Pending]:
        """Return the oldest update of each queue, which a webhook may get now."""
        self.expire(now)
        heads: dict[tuple[str, int], Pending] = {}
        for update in self.pending.values():
            heads.setdefault(update.queue, update)
        return list(heads.values())

    def drop(self, update_id: int) -> None:
        """Forget one update, delivered or given up."""
        self.pending.pop(update_id, None)

    def clear(self) -> None:
        """Forget all updates; their numbers are not used again."""
        self.pending.clear()

    def expire(self, now: datetime) -> None:
        """Forget what is too old."""
        if self._soonest is None or self._soonest > now:
            return
        kept = [update for update in self.pending.values() if update.expires_at > now]
        self.pending = OrderedDict((update.update_id, update) for update in kept)
        self._soonest = min((update.expires_at for update in kept), default=None)
