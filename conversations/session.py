"""Where one reporter stands; survives a restart.

A session is a frozen value that becomes one line of JSON and comes back equal. What is as in a
session that just began is left out of it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from pydantic_core import to_json

Stage: TypeAlias = Literal[
    "language", "consent", "form", "question", "summary", "cancel", "restart", "doubt"
]
Draft: TypeAlias = tuple[tuple[str, str], ...]
"""What a person has given so far: (reference such as `/data/child[2]/name`, value) pairs."""


@dataclass(frozen=True)  # Without slots, for the sake of `session_with`.
class Session:
    """One person on the way through one form (or to it, while `form_id` is blank)."""

    key: str
    """The session's id, 32 hexadecimal digits; its first eight stamp buttons."""
    language: str
    stage: Stage
    form_id: str = ""
    form_version: str = ""
    step: int = 0
    """Grows with every question put."""
    first_step: int = 0
    """The step at which what waits was put first; every copy since then may be answered.

    0 in sessions of before this was noted: only the newest copy counts there.
    """
    current: str = ""
    """The reference of the question that waits for an answer."""
    trail: tuple[str, ...] = ()
    """The references dealt with (answered, skipped, read), in order."""
    draft: Draft = ()
    from_summary: bool = False
    """Set while an answer is changed from the summary."""
    looked_over: bool = False
    """Set once the summary was shown."""
    failures: int = 0
    """How many tries at the current question were refused."""
    problem: str = ""
    """What the newest refused try heard, while that stands at the head of the prompt."""
    notes: tuple[str, ...] = ()
    """The references of the notes that were read with the current question, when it was put."""
    scratch: str = ""
    """Belongs to the current question or the summary: choices ticked so far, the page of a list."""
    set_aside: tuple[tuple[str, str], ...] = ()
    """By reference, the scratches of questions that were left by going back."""
    word: str = ""
    """What was written that may be an answer or a command, while that is asked."""
    command: str = ""
    """The command it may be, by name."""
    asked_again: bool = False
    """Set when the bot came back from a time away and put the question again."""
    began_at: str = ""
    """ISO 8601 in UTC."""
    resume_stage: Stage | None = None
    """Says that a change of language has interrupted something."""
    album: str = ""
    """The group of the last file taken."""
    album_at: str = ""
    """The reference it answered."""
    album_told: bool = False
    """Set once the person heard that the album's other files were declined."""
    heard: tuple[tuple[str, str], ...] = ()
    """The newest messages at questions: each message's key, and the reference of the question."""

    amends: str = ""
    """The id of the submission that is corrected, where a report is changed after it was sent."""
    code: str = ""
    """The code of that report, which stays."""
    opened: str = ""
    """The mark of that report's answers as it was opened; see `mark_of`."""
    parent: tuple[tuple[str, str], ...] = ()
    """What the report says that this form follows, as far as the form asks for it: by name."""
    invited_by: str = ""
    """The token of the link by which the person came, until it is kept with how to reach them."""
    due_id: int = 0
    """The planned question that this form answers; 0 where the person began by themselves."""

    recalls: bool = False
    """Set while there is something of that report to be shown on request."""

    @property
    def since(self) -> int:
        """Return the step at which what waits was put first."""
        return self.first_step or self.step

    def is_copy(self, step: int) -> bool:
        """Tell whether what was put at a step is what waits now."""
        return self.since <= step <= self.step

    def to_json(self) -> str:
        """Write the session as one line of JSON."""
        said = {name: one for name, one in self.__dict__.items() if one != _UNSAID.get(name)}
        return to_json(said).decode()

    @classmethod
    def from_json(cls, text: str) -> Session:
        """Read what `to_json` wrote; members this version does not know are refused."""
        members: dict[str, Any] = json.loads(text)
        members["trail"] = tuple(members.get("trail", ()))
        members["notes"] = tuple(members.get("notes", ()))
        members["parent"] = tuple((name, text) for name, text in members.get("parent", ()))
        members["draft"] = tuple((path, value) for path, value in members.get("draft", ()))
        members["heard"] = tuple((key, path) for key, path in members.get("heard", ()))
        members["set_aside"] = tuple((path, mark) for path, mark in members.get("set_aside", ()))
        return cls(**members)


def session_with(session: Session, /, **members: object) -> Session:
    """Return a session with other members, as `dataclasses.replace` does, five times faster.

    A turn does this half a dozen times, and to set thirty members each time took a twentieth of
    all that a turn costs. A member that a session does not have raises TypeError.
    """
    if not members.keys() <= session.__dict__.keys():
        raise TypeError(f"a session has no {sorted(members.keys() - session.__dict__.keys())}")
    other = object.__new__(Session)
    other.__dict__.update(session.__dict__, **members)
    return other


def mark_of(draft: Draft) -> str:
    """Return a short mark of answers, by which the same ones are known again."""
    written = json.dumps(draft, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:16]


_UNSAID: Final = {**vars(Session("", "", "language")), "key": None, "language": None, "stage": None}
"""The members that need not be written, as they are then."""
