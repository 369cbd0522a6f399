"""Where a coordinator stands with a form they are writing; survives a restart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from conversations.session import Session

BOARD_STAMP: Final = "@board"
"""Stamps the buttons under /programme; no session's key looks like it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A form that was checked and could be published.

    `version` is the workbook's own. `replaces` is the version offered when its author was last
    told, None for a new form; `unchanged` says that it asks exactly what that one asks. `seen` is
    what its follow-ups would do (`followups.rehearsal.to_plain`), empty where there is nothing to
    tell.
    """

    form_id: str
    version: str
    title: str
    replaces: str | None
    unchanged: bool = False
    seen: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Desk:
    """One coordinator's desk.

    `upload` is the id of the last workbook sent, blank before the first; it stamps the buttons
    under what is said about it. `reading` is set while it is being checked. `candidate` is None
    until then, and where it cannot be used. `step` grows with each offer, `board_step` with each
    board, so that only the newest's buttons count. `trial` is the session of a trial under way.
    """

    upload: str = ""
    file_name: str = ""
    candidate: Candidate | None = None
    step: int = 0
    board_step: int = 0
    trial: Session | None = None
    reading: bool = False

    @property
    def stamp(self) -> str:
        """Return what stamps the buttons of an offer."""
        return f"@{self.upload[:7]}"

    def to_json(self) -> str:
        """Write the desk as one line of JSON."""
        members = {
            "upload": self.upload,
            "file_name": self.file_name,
            "candidate": asdict(self.candidate) if self.candidate else None,
            "step": self.step,
            "board_step": self.board_step,
            "trial": self.trial.to_json() if self.trial else None,
            "reading": self.reading,
        }
        return json.dumps(members, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Desk:
        """Read what `to_json` wrote."""
        members: dict[str, Any] = json.loads(text)
        candidate, trial = members["candidate"], members["trial"]
        members["candidate"] = Candidate(**candidate) if candidate else None
        members["trial"] = Session.from_json(trial) if trial else None
        return cls(**members)


def is_of_a_desk(session_key: str) -> bool:
    """Tell whether a button's stamp is one of ours, and not a session's."""
    return session_key.startswith("@")
