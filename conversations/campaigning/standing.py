"""A campaign once it is on its way: its state, its figures, and what may still be done about it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from conversations.campaigning.audience import Audience
from conversations.campaigning.draft import audience_from
from conversations.campaigning.message import Message

State: TypeAlias = Literal["scheduled", "running", "paused", "done", "cancelled"]
Act: TypeAlias = Literal["pause", "resume", "cancel"]

ACTS: Final[Mapping[State, tuple[Act, ...]]] = {
    "scheduled": ("pause", "cancel"),
    "running": ("pause", "cancel"),
    "paused": ("resume", "cancel"),
    "done": (),
    "cancelled": (),
}
"""What may be done in each state."""

RESULT: Final[Mapping[Act, State]] = {
    "pause": "paused",
    "resume": "running",
    "cancel": "cancelled",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a campaign sends to whom; it does not change any more."""

    message: Message
    audience: Audience

    def to_json(self) -> str:
        """Write the plan as one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """Read what `to_json` wrote."""
        members: dict[str, Any] = json.loads(text)
        return cls(Message(**members["message"]), audience_from(members["audience"]))


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of a campaign so far.

    `counted` is for how many people it was when it began, `put` how many messages were put into
    the outbox, of which some were `sent`, met somebody who `blocked` the bot, or `failed`.
    `waiting` are people whose hour has not come. `left_out` were withdrawn, or would have come
    too late.
    """

    counted: int = 0
    put: int = 0
    sent: int = 0
    blocked: int = 0
    failed: int = 0
    waiting: int = 0
    left_out: int = 0
    opened: int = 0
    answered: int = 0


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign as it stands; `author` is the number of the contact who sent it, 0 for none."""

    id: int
    title: str
    plan: Plan
    state: State
    start_at: datetime
    per_second: int
    figures: Figures
    author: int = 0
    reason: str = ""
    automatic: bool = False
    """Set where nobody sent it: the bot itself does, such as monthly results."""
