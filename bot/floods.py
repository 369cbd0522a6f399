"""Floods: one person who does so much that others would wait, by mistake, from malice or by script.

Each chat has a bucket that empties at the programme's `updates_a_minute` and holds a minute's
worth. Whoever fills it is told once that nothing more is taken, and is then met with silence until
they have paused for `CALM`. What was not taken is said to be not taken; nothing that was
acknowledged is lost. An update that comes again, from Telegram that heard no answer or because the
database was away, counts no second time.

The buckets are this process's memory: nothing is written for anybody. Where several processes
serve one database, a bucket that is a quarter full is shared through it (`storage.floods`), so that
a person who writes to all of them gets at most that quarter more from each.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from conversations.phrases import phrase
from conversations.replies import Block, Send
from storage import floods
from storage.contacts import Contact
from storage.floods import Flow
from storage.moments import EPOCH
from storage.store import Unit

MINUTE: Final = timedelta(minutes=1)

CALM: Final = timedelta(seconds=10)
"""So long somebody who was too fast must pause before anything is taken of them again."""

SHARED_FROM: Final = MINUTE / 4
"""From so full a bucket on, other processes are told of it."""

SEEN_MAX: Final = 128
"""How many updates of one chat are remembered; Telegram sends at most 100 again at once."""

CHATS_KNOWN_MAX: Final = 10_000
"""How many chats are remembered before those that have been quiet are forgotten."""

Verdict: TypeAlias = Literal["take", "tell", "ignore"]

QUIET: Final = Flow(EPOCH, EPOCH)
"""Nothing has come for long."""

TOO_FAST: Final = Send(
    (
        Block(
            # Translators: the person sends or taps faster than anybody can, or a script does.
            phrase(
                "You are faster than I can read. I have not taken what you sent just now. Please "
                "wait ten seconds and then send it again."
            )
        ),
    )
)


def judged(flow: Flow, now: datetime, a_minute: int, count: int = 1) -> tuple[Flow, Verdict]:
    """Let `count` updates come into a bucket and say what to do with the last of them."""
    if now < flow.closed_until:
        return replace(flow, closed_until=now + CALM), "ignore"
    busy = max(flow.busy_until, now) + count * MINUTE / a_minute
    if busy - now <= MINUTE:
        return replace(flow, busy_until=busy), "take"
    # After the pause there is room for half a minute's worth.
    return Flow(now + CALM + MINUTE / 2, now + CALM), "tell"


@dataclass(slots=True)
class _Chat:
    """A chat as this process knows it; `untold` updates the other processes do not know of.

    `seen` says what was done with its last updates, `before` how the bucket stood before the last
    one was counted, None when that one was counted earlier.
    """

    flow: Flow = QUIET
    untold: int = 0
    before: Flow | None = None
    seen: dict[int, Verdict] = field(default_factory=dict)

    def judge(self, update_id: int, now: datetime, a_minute: int) -> Verdict:
        """Say what to do with an update, which counts the first time it comes."""
        self.before = None
        return self.seen.get(update_id) or self.count(update_id, now, a_minute)

    def count(self, update_id: int, now: datetime, a_minute: int) -> Verdict:
        """Let an update come in and remember what was done with it."""
        self.before = self.flow
        self.flow, verdict = judged(self.flow, now, a_minute)
        self.untold += 1
        while len(self.seen) >= SEEN_MAX:
            del self.seen[next(iter(self.seen))]
        self.seen[update_id] = verdict
        return verdict


@dataclass(slots=True)
class Floods:
    """The buckets of one process."""

    _chats: dict[int, _Chat] = field(default_factory=dict)

    def judge(self, chat_id: int, update_id: int, now: datetime, a_minute: int) -> Verdict:
        """Say what to do with an update that came from a chat; 0 a minute is no limit."""
        if not a_minute:
            return "take"
        return self._chat(chat_id, now).judge(update_id, now, a_minute)

    def forgive(self, chat_id: int) -> None:
        """Count what came last no more: it was taken before, by another process or another life."""
        chat = self._chats.get(chat_id)
        if chat is not None and chat.before is not None:
            chat.flow, chat.before = chat.before, None
            chat.untold = max(0, chat.untold - 1)

    async def judge_together(
        self, unit: Unit, contact: Contact, now: datetime, a_minute: int
    ) -> Verdict:
        """Say it with what other processes know, where a bucket is no longer nearly empty.

        The contact's row is held by this unit, so nobody else counts at the same time.
        """
        chat = self._chats.get(contact.chat_id)
        if not a_minute or chat is None or chat.flow.busy_until - now < SHARED_FROM:
            return "take"
        shared = await floods.current(unit, contact.id) or QUIET
        flow, verdict = judged(shared, now, a_minute, chat.untold)
        await floods.keep(unit, contact.id, flow)
        chat.flow, chat.untold = flow, 0
        return verdict

    def _chat(self, chat_id: int, now: datetime) -> _Chat:
        if chat_id not in self._chats and len(self._chats) >= CHATS_KNOWN_MAX:
            quiet = [known for known, chat in self._chats.items() if _is_quiet(chat.flow, now)]
            for known in quiet or list(self._chats)[: CHATS_KNOWN_MAX // 10]:
                del self._chats[known]
        chat = self._chats.setdefault(chat_id, _Chat())
        if _is_quiet(chat.flow, now):
            chat.untold = 0
            chat.seen.clear()
        return chat


def _is_quiet(flow: Flow, now: datetime) -> bool:
    return flow.busy_until <= now and flow.closed_until <= now
