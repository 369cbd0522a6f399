"""Acts of moderators, done: rights asked, the case kept, the history and the audit written.

Both faces, the chat and the console, come through `Reviews.act`: what it refuses, neither can do.
Everything happens in the caller's unit, so an act is done as a whole or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from conversations.programme import Programme
from conversations.reviewing.acts import Act
from conversations.reviewing.cases import Case, ModeratorId, Outcome, look_by
from conversations.reviewing.deciding import Acted, Moderator, Refused, act
from storage import audit, cases, flags, submissions
from storage.cases import DoneAct
from storage.store import Store, Unit
from storage.submissions import ReviewState

REVIEW_STATES: Final[Mapping[Outcome, ReviewState]] = {
    "": "received",
    "approved": "approved",
    "verified": "approved",
    "rejected": "rejected",
    "has issues": "has issues",
    "duplicate": "rejected",
    "not verifiable": "has issues",
}
"""ODK Central's words for what was decided, as tables show them."""

DOUBTED_RIGHTLY: Final[frozenset[Outcome]] = frozenset({"rejected", "duplicate"})
"""Outcomes in which whoever flagged a report was right to."""

NO_VERDICT: Final[frozenset[Outcome]] = frozenset({"", "has issues", "not verifiable"})


@dataclass(frozen=True, slots=True)
class Reviews:
    """Does what moderators decide, for one programme."""

    store: Store
    programme: Programme

    async def act(  # noqa: PLR0913, PLR0917 - who does what with which case as it was seen, when.
        self,
        unit: Unit,
        by: Moderator,
        instance_id: str,
        seen: int,
        wanted: Act,
        now: datetime,
    ) -> Acted | Refused:
        """Do one act to a report's case and keep all that comes of it; or say why not.

        `instance_id` is the report's original. Whether the report is the moderator's own is found
        out by the caller, who knows their chat (`Moderator.own`).
        """
        case = await cases.of(unit, instance_id)
        if case is None:
            return "not decided"
        rules = self.programme.moderation.rules
        acted = act(case, wanted, by, seen, now, rules)
        if not isinstance(acted, Acted):
            return acted
        if not await cases.keep(
            unit, self.programme.name, acted.case, look_by(acted.case, rules), case.version
        ):
            return "changed meanwhile"
        await self._note(unit, by.id, acted.case, wanted, now)
        await self._settle(unit, acted)
        return acted

    async def _note(
        self, unit: Unit, by: ModeratorId, case: Case, wanted: Act, now: datetime
    ) -> None:
        """Write down what was done; the audit holds no words of anybody's."""
        name = type(wanted).__name__
        done = DoneAct(case.instance_id, case.version, name, by, asdict(wanted), now)
        await cases.note(unit, self.programme.name, done)
        body = {"version": case.version, "outcome": case.outcome}
        await audit.note(unit, self.store, f"role:{by}", name, case.instance_id, now, body)

    async def _settle(self, unit: Unit, acted: Acted) -> None:
        """Let tables and records of trust follow what was decided, or taken back."""
        if not acted.outcome and not acted.undone:
            return
        instance_id = acted.case.instance_id
        await submissions.review(unit, instance_id, REVIEW_STATES[acted.outcome])
        verdict = None if acted.outcome in NO_VERDICT else acted.outcome in DOUBTED_RIGHTLY
        await flags.judge(unit, instance_id, right=verdict)
