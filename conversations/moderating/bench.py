"""Where a moderator stands in the chat; survives a restart."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Final, Literal, TypeAlias

BENCH_STAMP: Final = "@bench"
"""Stamps the buttons under a case; no session's key looks like it."""

Menu: TypeAlias = Literal["", "reject", "duplicate", "change", "answer", "pass", "ask"]
"""Which buttons stand under the card: those of the case, or those of one thing to do."""

Awaits: TypeAlias = Literal[
    "", "reject", "ask", "escalate", "unverifiable", "source", "correct", "black out", "duplicate"
]
"""What the words that a moderator writes next are for."""


@dataclass(frozen=True, slots=True)
class Bench:
    """One moderator's bench.

    `case` is the report that lies on it, by its original's id, `code` its receipt, and `seen` the
    version of the case that was shown. `step` grows with each set of buttons, so that only the
    newest counts. `about` is the reference of the answer that menu and awaited words are about.
    `passed` are the cases that were put back since the queue was opened. `alike` are cases with the
    same doubts as the one just decided, as they were then, `like` how that was decided, `together`
    those that were decided with it, for whoever takes all of that back.
    """

    case: str = ""
    code: str = ""
    seen: int = 0
    step: int = 0
    menu: Menu = ""
    awaits: Awaits = ""
    about: str = ""
    passed: tuple[str, ...] = ()
    alike: tuple[tuple[str, int, str], ...] = ()
    like: tuple[str, str, str] = ("", "", "")
    together: tuple[tuple[str, int, str], ...] = ()

    def to_json(self) -> str:
        """Write the bench as one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Bench:
        """Read what `to_json` wrote."""
        members = json.loads(text)
        several = {name: tuple(map(tuple, members.get(name, ()))) for name in ("alike", "together")}
        single = {name: tuple(members.get(name) or ("",) * 3) for name in ("like",)}
        return cls(**{**members, **several, **single, "passed": tuple(members["passed"])})
