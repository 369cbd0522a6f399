"""How fast Telegram lets a bot write, as buckets of permits that fill up again; pure.

Telegram names no exact limits (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits): some
30 messages a second altogether, one a second to a person where short bursts are let pass, 20 a
minute to a group. What it thinks too much it says with 429; this here is so that it seldom must.

Rules. A person's own conversation is slowed only after a burst, and strictly once Telegram has
complained. What is no reply waits until its chat has been quiet, so it never pushes into a
conversation, and all of it together keeps to a pace that leaves room for the replies.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from storage.contacts import ContactId
from storage.outbox import OutboxRow, Priority

BULK_PER_SECOND: Final = 25.0
BULK_BURST: Final = 3.0
"""Bulk messages that may go at once: in no second are there more than 28."""

CHAT_PER_SECOND: Final = 1.0
CHAT_BURST: Final = 20.0
"""Replies to one person that may go at once: a form answered at a run."""

CHAT_BULK_BURST: Final = 3.0
"""Bulk messages to one chat that may go at once: what belongs to one turn."""

GROUP_PER_SECOND: Final = 15 / 60
GROUP_BURST: Final = 5.0
"""Messages to one group that may go at once: in no minute are there more than 20."""

LIMITED_SECONDS_MIN: Final = 1.0
"""How long to wait at least where Telegram asks for it, should it name no time."""

CHATS_KNOWN_MAX = 10_000
"""How many chats are remembered before those that have been quiet are forgotten."""

_HAIR = 1e-4
"""Moments are whole microseconds; by so much a bucket may miss being full."""


@dataclass(slots=True)
class Bucket:
    """Permits: `size` at most, `per_second` come back; `level` are left at the moment `at`."""

    size: float
    per_second: float
    level: float
    at: datetime

    def seconds_until(self, needed: float, now: datetime) -> float:
        """Return how long it is until so many permits are there."""
        passed = max((now - self.at) / timedelta(seconds=1), 0.0)
        self.level, self.at = min(self.level + passed * self.per_second, self.size), now
        missing = needed - self.level
        return missing / self.per_second if missing > _HAIR else 0.0


@dataclass(slots=True)
class Pace:
    """What one process has sent lately; `chat_burst` replies to a person may go at once."""

    chat_burst: float = CHAT_BURST
    _bulk: Bucket | None = None
    _chats: dict[ContactId, Bucket] = field(default_factory=dict)

    def bulk_room(self, now: datetime) -> int:
        """Return how many bulk messages may go now."""
        bulk = self._of_bulk(now)
        bulk.seconds_until(BULK_BURST, now)
        return max(int(bulk.level + _HAIR), 0)

    def bulk_rest(self, now: datetime) -> float:
        """Return for how many seconds bulk messages had better wait; 0 where none went lately."""
        return self._of_bulk(now).seconds_until(BULK_BURST, now)

    def wait(self, row: OutboxRow, now: datetime) -> float:
        """Return for how many seconds a row must wait for its chat's sake; 0 if it may go."""
        chat = self._of_chat(row, now)
        is_reply = row.priority is Priority.INTERACTIVE
        needed = 1.0 if is_reply else chat.size - CHAT_BULK_BURST + 1.0
        return chat.seconds_until(needed, now)

    def take(self, row: OutboxRow, now: datetime) -> None:
        """Note that a row is being sent."""
        self._of_chat(row, now).level -= 1.0
        if row.priority is not Priority.INTERACTIVE:
            self._of_bulk(now).level -= 1.0

    def complain(self, row: OutboxRow, now: datetime, seconds: float) -> None:
        """Note that Telegram thought a row too much: its chat has no burst left.

        Bulk messages go to quiet chats only, so such a complaint about one is about them all.
        """
        self._of_chat(row, now).level = 0.0
        if row.priority is not Priority.INTERACTIVE:
            self._of_bulk(now).level = -seconds * BULK_PER_SECOND

    def _of_bulk(self, now: datetime) -> Bucket:
        if self._bulk is None:
            self._bulk = Bucket(BULK_BURST, BULK_PER_SECOND, BULK_BURST, now)
        return self._bulk

    def _of_chat(self, row: OutboxRow, now: datetime) -> Bucket:
        bucket = self._chats.get(row.contact_id)
        if bucket is None:
            self._forget_quiet_chats(now)
            is_group = row.chat_id < 0
            size = GROUP_BURST if is_group else self.chat_burst
            rate = GROUP_PER_SECOND if is_group else CHAT_PER_SECOND
            bucket = self._chats[row.contact_id] = Bucket(size, rate, size, now)
        return bucket

    def _forget_quiet_chats(self, now: datetime) -> None:
        """Forget the chats whose buckets are full again; they come back full."""
        if len(self._chats) < CHATS_KNOWN_MAX:
            return
        busy = {
            known: one for known, one in self._chats.items() if one.seconds_until(one.size, now)
        }
        self._chats = busy
