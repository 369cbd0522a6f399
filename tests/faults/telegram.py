"""Telegram on a bad day: the simulator, with updates that come twice and in another order.

Updates of one queue (a chat's messages, a person's taps) keep their order, as Telegram promises;
between queues there is none. What was confirmed may come once more.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.simulator.faults import Fault
from bot.simulator.methods import Result
from bot.simulator.parameters import Arguments, Json
from bot.simulator.updates import Pending, UpdateQueue
from bot.simulator.world import World

TWICE = 0.05
"""How often an update that was taken comes again."""

SHUFFLED = 0.3
"""How often a batch comes in another order."""

REMEMBERED = 50

TIMED_OUT_SECONDS = 5.0
"""Longer than the bot waits for an answer (`nursery.SHORTER`)."""

TROUBLES: tuple[Json, ...] = (
    {"method": "sendMessage", "count": 3, "error": {"error_code": 429, "retry_after": 1}},
    {"method": "sendMessage", "count": 5, "error": {"error_code": 500}},
    {"method": "sendMessage", "count": 5, "error": {"error_code": 502}},
    {"method": "sendMessage", "count": 5, "drop": True},
    {"method": "sendMessage", "count": 5, "drop": "after"},
    {"method": "sendMessage", "count": 2, "delay_seconds": TIMED_OUT_SECONDS},
    {"method": "editMessageReplyMarkup", "count": 3, "drop": "after"},
    {"method": "answerCallbackQuery", "count": 3, "drop": True},
    {"method": "getFile", "count": 2, "error": {"error_code": 500}},
    {"method": "getFile", "count": 2, "drop": "after"},
    {"method": "getUpdates", "error": {"error_code": 502}},
    {"method": "getUpdates", "drop": "after"},
    {"method": "getMe", "error": {"error_code": 500}},
)


def _nobody_hears(_chat: int, _message: Json) -> None:
    """Stand in until there is a crowd."""


def _nobody_taps(_tap: Pending) -> None:
    """Stand in until there is a crowd."""


@dataclass(slots=True)
class UnrulyQueue(UpdateQueue):
    """Updates, handed out as they should not but may be.

    `lapsed` are the taps that waited longer than taps live; whoever tapped is told by `lapse`.
    """

    chance: random.Random = field(default_factory=random.Random)
    unruly: bool = True
    lapsed: set[int] = field(default_factory=set)
    lapse: Callable[[Pending], None] = _nobody_taps
    _taken: deque[Pending] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def take(self, offset: int, limit: int, now: datetime) -> list[Json]:
        """Return updates as `UpdateQueue` does, some of them once more, in any order of chats."""
        gone = [update for number, update in self.pending.items() if number < offset]
        self._taken.extend(gone[-REMEMBERED:])
        wanted = super(UnrulyQueue, self).take(offset, limit, now)
        if not wanted or not self.unruly:
            return wanted
        again = [one.as_update() for one in self._taken if self.chance.random() < TWICE]
        if self.chance.random() < SHUFFLED:
            wanted = self._shuffled(wanted)
        return [*again, *wanted]

    def expire(self, now: datetime) -> None:
        """Forget what is too old; a message never is while a run lasts."""
        if self._soonest is None or self._soonest > now:
            return
        before = list(self.pending.values())
        super(UnrulyQueue, self).expire(now)
        for update in before:
            if update.update_id not in self.pending:
                assert update.kind == "callback_query", "a message was forgotten"
                self.lapsed.add(update.update_id)
                self.lapse(update)

    def _shuffled(self, updates: list[Json]) -> list[Json]:
        """Mix the queues; each keeps its order."""
        queues: dict[tuple[str, int], deque[Json]] = {}
        for update in updates:
            queue = self.pending[update["update_id"]].queue
            queues.setdefault(queue, deque()).append(update)
        order = [queue for queue, waiting in queues.items() for _ in waiting]
        self.chance.shuffle(order)
        return [queues[queue].popleft() for queue in order]

    def drop(self, update_id: int) -> None:
        """Forget an update that a webhook took, or let it come once more."""
        if self.unruly and update_id in self.pending and self.chance.random() < TWICE:
            return
        super(UnrulyQueue, self).drop(update_id)


class UnwellWorld(World):
    """A world that says what people are told, and leaves no call twice without an answer."""

    def __init__(self, chance: random.Random) -> None:
        """Begin; `told` is called with a chat and each message that comes into it.

        `doubts` counts, by chat, the messages that may come once more, and late, because their
        answer was lost or did not come in time.
        """
        super().__init__()
        queue = self.state.updates
        self.first_update = queue.next_id
        self.queue = UnrulyQueue(queue.next_id, queue.allowed, chance=chance)
        self.state.updates = self.queue
        self.told: Callable[[int, Json], None] = _nobody_hears
        self.doubts: Counter[int] = Counter()
        self._in_doubt: dict[str, str] = {}

    def perform(self, method: str, given: Arguments) -> Result:
        """Do a method, and let the person hear of it."""
        result = super().perform(method, given)
        if method.lower() == "sendmessage" and isinstance(result, dict):
            self.told(int(result["chat"]["id"]), result)
        return result

    def take_fault(self, method: str, given: Arguments) -> Fault | None:
        """Return an ordered fault; not one that would leave a message twice without an answer.

        The bot tries such a message once more and then gives it up, as `bot.settling` says. Who
        tries may die as well, so it is spared until the chat is sent something else.
        """
        chat = str(given.values.get("chat_id", ""))
        if not chat:
            return super().take_fault(method, given)
        call = f"{method} {given.values}"
        # What goes to a chat beside a message may be in doubt at the same time.
        place = f"{method} {chat}"
        if self._in_doubt.get(place) == call:
            return None
        fault = super().take_fault(method, given)
        if fault is not None and (fault.drop or fault.delay_seconds):
            self._in_doubt[place] = call
            self.doubts[int(chat)] += 1
        return fault
