"""Where one reporter stands; survives a restart.

A session is a frozen value that becomes one line of JSON and comes back equal.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any, Literal, TypeAlias

Stage: TypeAlias = Literal[
    "language", "consent", "form", "question", "summary", "cancel", "restart"
]
Draft: TypeAlias = tuple[tuple[str, str], ...]
"""What a person has given so far: (reference such as `/data/child[2]/name`, value) pairs."""


@dataclass(frozen=True, slots=True)
class Session:
    """One person on the way through one form (or to it, while `form_id` is blank).

    `key` is the session's id, 32 hexadecimal digits; its first eight stamp buttons. `step` grows
    with every question put, `current` is the reference of the question that waits for an answer,
    `trail` the references dealt with (answered, skipped, read), in order. `scratch` belongs to the
    current question or the summary (choices ticked so far, the page of a long list).
    `from_summary` is set while an answer is changed from there, `failures` counts tries at the
    current question that were refused, `began_at` is ISO 8601 in UTC, `resume_stage` says that a
    change of language has interrupted something, `album` is the group of the last file
    taken, `album_at` the reference it answered, `album_told` that its other files were declined.
    """

    key: str
    language: str
    stage: Stage
    form_id: str = ""
    form_version: str = ""
    step: int = 0
    current: str = ""
    trail: tuple[str, ...] = ()
    draft: Draft = ()
    from_summary: bool = False
    failures: int = 0
    scratch: str = ""
    began_at: str = ""
    resume_stage: Stage | None = None
    album: str = ""
    album_at: str = ""
    album_told: bool = False

    def to_json(self) -> str:
        """Write the session as one line of JSON."""
        members = {member.name: getattr(self, member.name) for member in fields(self)}
        return json.dumps(members, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Session:
        """Read what `to_json` wrote; members this version does not know are refused."""
        members: dict[str, Any] = json.loads(text)
        members["trail"] = tuple(members["trail"])
        members["draft"] = tuple((path, value) for path, value in members["draft"])
        return cls(**members)
