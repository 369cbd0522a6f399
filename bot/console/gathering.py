"""Everything about one report, gathered for its page.

What a moderator may not see is not gathered: a case outside what they serve, or about a report of
their own, is as good as none.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.console import maps
from bot.console.desk import Asked, Desk
from bot.dossiers import Dossiers
from conversations.moderating.dossier import Dossier
from conversations.reviewing.cases import Case
from storage import cases, sealing, submissions
from storage.store import Reading
from storage.submissions import Standing


@dataclass(frozen=True, slots=True)
class Gathered:
    """A report with all that its page shows; `painted` are contents of which a part is black."""

    dossier: Dossier
    map: maps.Drawing | None
    painted: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gathering:
    """Gathers for whoever asks, within one reading."""

    desk: Desk
    reading: Reading
    asked: Asked

    async def allowed(self, instance_id: str) -> tuple[Case, Standing] | None:
        """Return a case that the moderator may see, with its report as it stands."""
        case = await cases.of(self.reading, instance_id)
        standing = await submissions.standing_of(self.reading, instance_id) if case else None
        if case is None or standing is None:
            return None
        sent = standing.submission
        moderator = self.asked.visitor.moderator(sent.reporter)
        ours = sent.programme == self.asked.programme.name and moderator.serves(case)
        return (case, standing) if ours and not moderator.own else None

    async def whole(self, instance_id: str) -> Gathered | None:
        """Gather a case; None where there is none that the moderator may see."""
        if await self.allowed(instance_id) is None:
            return None
        desk, programme, visitor = self.desk, self.asked.programme, self.asked.visitor
        dossiers = Dossiers(desk.store, programme, desk.locale_of)
        about = (self.reading, instance_id)
        dossier = await dossiers.of(*about, desk.language_of(visitor), desk.now(), visitor.own)
        if dossier is None:
            return None
        drawing = maps.draw(programme.areas, dossier.places, *desk.locale(visitor).chain)
        painted = frozenset(one.painted for one in await sealing.files_of(*about))
        return Gathered(dossier, drawing, painted)
