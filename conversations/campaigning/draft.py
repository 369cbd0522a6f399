"""Where a coordinator stands with a campaign they are writing; survives a restart."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from conversations.campaigning.audience import Audience
from conversations.campaigning.message import Message

STAMP: Final = "@camp"
"""Stamps the buttons of a draft's board; no session's key looks like it."""

PER_SECOND: Final = 20

WHEN: Final = "when"


@dataclass(frozen=True, slots=True)
class Draft:
    """A campaign that is being written.

    `asking` is what the next text is the answer to: a language's tag, `when`, or nothing. `page`
    is the page of choices that is open, blank for the board itself. `step` grows with each board.
    `count` is for how many people it was when last counted, None before, and `about` says that it
    is an estimate. `start_at` None: at once.
    """

    message: Message = field(default_factory=Message)
    audience: Audience = field(default_factory=Audience)
    start_at: datetime | None = None
    per_second: int = PER_SECOND
    asking: str = ""
    page: str = ""
    step: int = 0
    count: int | None = None
    about: bool = False

    def to_json(self) -> str:
        """Write the draft as one line of JSON."""
        members = asdict(self)
        members["start_at"] = self.start_at.isoformat() if self.start_at else None
        return json.dumps(members, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Draft:
        """Read what `to_json` wrote."""
        members: dict[str, Any] = json.loads(text)
        start_at = members["start_at"]
        members["start_at"] = datetime.fromisoformat(start_at) if start_at else None
        members["message"] = Message(**members["message"])
        members["audience"] = audience_from(members["audience"])
        return cls(**members)


def audience_from(members: dict[str, Any]) -> Audience:
    """Read an audience's members as JSON has them."""
    lists = {name: tuple(members[name]) for name in ("languages", "areas")}
    return Audience(**{**members, **lists})
