"""A report, or all that is kept of a person, taken out within one unit.

What others said about a report goes with it. What the person said about others' reports goes, too,
and the verdicts it helped to are worked out again (`Community.forget`). The audit says that
something was erased and by whose word, never of whom. Attachments' bytes go with the next sweep.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot import flagging, published
from bot.community import Community
from bot.count_checks import CountChecks
from storage import audit, due, erasure, reach, retention, sessions, submissions, updates
from storage.contacts import Contact
from storage.reporters import Reporter
from storage.store import Unit

ERASED_REPORT: Final = "Erased"
ERASED_PERSON: Final = "ErasedPerson"
EXPIRED: Final = "Expired"


@dataclass(frozen=True, slots=True)
class Erasing:
    """Erases in the unit of whoever asks; `who` asks stands in the audit."""

    community: Community
    unit: Unit
    now: datetime
    who: str

    async def report(self, reporter: Reporter, original: str) -> int:
        """Erase a report of a reporter; return how many submissions went, with all versions."""
        ids = await erasure.chain_of(self.unit, reporter, original)
        await self._leave_sessions(reporter, frozenset(ids))
        await erasure.reports(self.unit, ids)
        await reach.unlearn_place(self.unit, reporter)
        await self._note(ERASED_REPORT, original, {"submissions": len(ids)})
        return len(ids)

    async def old(self, sent: Sequence[tuple[Reporter, str]], before: datetime) -> int:
        """Erase reports of which everything was sent before a moment; return how many went.

        `sent` names whose they are, and the originals. Submissions are counted.
        """
        gone: list[str] = []
        for reporter, original in sent:
            ids = await erasure.chain_of(self.unit, reporter, original)
            if await retention.all_before(self.unit, ids, before):
                await self._leave_sessions(reporter, frozenset(ids))
                gone += ids
        if gone:
            await erasure.reports(self.unit, gone)
            for reporter in {reporter for reporter, _ in sent}:
                if not await erasure.sent_by(self.unit, reporter):
                    await reach.unlearn_place(self.unit, reporter)
            name = self.community.programme.name
            await self._note(EXPIRED, name, {"submissions": len(gone)})
        return len(gone)

    async def person(self, reporter: Reporter) -> int:
        """Erase all that is kept under a pseudonym; return how many submissions went."""
        name = self.community.programme.name
        sent = len(await erasure.sent_by(self.unit, reporter))
        rounds = await self.community.forget(self.unit, reporter, self.now)
        counting = CountChecks(self.community.store, self.community.programme)
        await counting.forget(self.unit, reporter, self.now)
        flagged = await flagging.withdraw(self.unit, self.community.programme, reporter, self.now)
        flagged += await published.withdraw(self.unit, self.community.programme, reporter)
        await erasure.person(self.unit, reporter)
        counts = {"submissions": sent, "rounds": rounds, "flags": flagged}
        await self._note(ERASED_PERSON, name, counts)
        return sent

    async def letters(self, contact: Contact) -> None:
        """Erase the updates of a contact that nobody could understand."""
        await updates.erase_letters(self.unit, contact.chat_id)

    async def _leave_sessions(self, reporter: Reporter, ids: frozenset[str]) -> None:
        """End what is open about reports that go: a change of them, or an answer about them."""
        name = self.community.programme.name
        for programme in (name, *await sessions.asides(self.unit, reporter, name)):
            session = await sessions.current(self.unit, reporter, programme)
            if session is None:
                continue
            asked = await due.by_id(self.unit, session.due_id) if session.due_id else None
            about = {session.amends, asked.planned.subject if asked else ""}
            if about & ids:
                await sessions.end(self.unit, reporter, programme)

    async def _note(self, act: str, subject: str, counts: dict[str, int]) -> None:
        store = self.community.store
        await audit.note(self.unit, store, self.who, act, subject, self.now, counts)


async def reports_with(
    unit: Unit, programme: str, receipt: str
) -> tuple[tuple[Reporter, str], ...]:
    """List the reports that go by a receipt code: whose, and the original's id."""
    found: dict[str, Reporter] = {}
    for sent in await submissions.by_receipt(unit, programme, receipt):
        found[await submissions.original_of(unit, sent.instance_id)] = sent.reporter
    return tuple((reporter, original) for original, reporter in found.items())
