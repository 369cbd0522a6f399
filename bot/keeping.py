"""What one turn asks to be kept, kept in the turn's transaction.

The session comes first, since attachments hang on it, and ends last. What is only shown is nothing
to keep.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot import unfinished
from bot.allowances import Allowance
from bot.asked import ask_again_in, change_pause, change_zone, end_chain
from bot.community import Community
from bot.lookups import give_back
from bot.records import KIND as LOOKUP
from conversations.programme import Programme
from conversations.replies import (
    AskLater,
    AskNoMore,
    DropAttachment,
    KeepAttachment,
    KeepConsent,
    KeepLanguage,
    KeepLowData,
    KeepPause,
    KeepSubmission,
    KeepZone,
    Reply,
    SetAside,
)
from conversations.session import Session
from conversations.turn import Turn
from storage import attachments, consents, contacts, due, reach, sessions, submissions
from storage.contacts import Contact
from storage.reporters import Reporter
from storage.store import Store, Unit

WAITING_MAX = 50
"""Questions that wait for one person and are looked at."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """Keeps what one turn asks to be kept, within the turn's unit."""

    unit: Unit
    contact: Contact
    reporter: Reporter
    about: Programme
    store: Store
    now: datetime
    may: Allowance

    @property
    def programme(self) -> str:
        """Return the programme's name."""
        return self.about.name

    async def keep(self, before: Session | None, turn: Turn) -> None:
        """Keep the session first, since attachments hang on it, and end it last."""
        aside = any(isinstance(reply, SetAside) for reply in turn.replies)
        if aside:
            await sessions.set_aside(self.unit, self.reporter, self.programme)
        if turn.session is not None:
            await sessions.keep(self.unit, self.reporter, self.programme, turn.session, self.now)
        await self._remind_of(before, turn.session, aside=aside)
        session = turn.session or before
        for reply in turn.replies:
            await self._keep(reply, session.key if session else "")
            if isinstance(reply, KeepConsent) and reply.agreed and session and session.invited_by:
                await self._meet(session.invited_by)
        if turn.session is None and before is not None:
            await sessions.end(self.unit, self.reporter, self.programme)

    async def _keep(self, reply: Reply, session_key: str) -> None:
        unit, reporter, programme, now = self.unit, self.reporter, self.programme, self.now
        match reply:
            case KeepLanguage(language):
                await contacts.keep_language(unit, self.contact.id, language)
            case KeepLowData(wanted):
                await contacts.keep_low_data(unit, self.contact.id, wanted=wanted)
            case KeepConsent(version, language, agreed):
                await consents.keep(unit, reporter, programme, version, language, agreed, now)
            case KeepAttachment():
                await attachments.expect(unit, session_key, reply, now)
                await self.may.count(reply)
            case DropAttachment(name):
                await attachments.drop(unit, session_key, name)
            case KeepSubmission(instance_id=instance_id, attachments=names):
                await submissions.keep(unit, reporter, programme, reply, now)
                await attachments.belong(unit, session_key, instance_id, names)
                if reply.replaces:
                    await attachments.inherit(unit, reply.replaces, instance_id, names)
            case _:
                await self._keep_wish(reply)

    async def _remind_of(
        self, before: Session | None, after: Session | None, *, aside: bool
    ) -> None:
        """Plan to bring a report to mind that is begun now, or forget that when it ends.

        `aside` says that the one before waits and has not ended.
        """
        begun = after is not None and after.form_id and not (after.due_id or after.amends)
        had = before is not None and before.form_id and not (before.due_id or before.amends)
        other = before is not None and (after is None or after.key != before.key)
        if had and other and before is not None and not aside:
            await unfinished.forget(self.unit, before.key)
        if begun and after is not None and (other or not had):
            where = (self.store, self.about, self.reporter, self.contact)
            await unfinished.plan(self.unit, *where, after, self.now)

    async def _keep_wish(self, reply: Reply) -> None:
        """Keep what a person wishes about being asked; what is only shown is nothing to keep."""
        match reply:
            case AskLater(due_id, days):
                await self._wishes(due_id, days)
            case AskNoMore(due_id):
                await self._wishes(due_id, None)
            case KeepZone(zone):
                await self._meet()
                await change_zone(self.unit, self.reporter, zone)
            case KeepPause(pause_days):
                await self._meet()
                await change_pause(self.unit, self.reporter, pause_days, self.now)
            case _:
                pass

    async def _meet(self, invited_by: str = "") -> None:
        """Know how to reach whoever wishes something about that, or came by somebody's link."""
        language = self.contact.language or self.about.languages[0]
        where = (self.reporter, self.programme, self.contact.id, language, self.now)
        await reach.meet(self.unit, self.store, *where, invited_by)

    async def _wishes(self, due_id: int, days: int | None) -> None:
        """Put off what was asked, or ask no more about it; without an id, all that was asked."""
        asked = await due.of_reporter(self.unit, self.reporter, "asked", WAITING_MAX)
        for one in asked:
            if one.planned.kind in {"followup", LOOKUP} and due_id in {0, one.id}:
                if days is None and one.planned.kind == LOOKUP:
                    community = Community(self.store, self.about)
                    await give_back(self.unit, community, one, self.now)
                elif days is None:
                    await end_chain(self.unit, one, self.now)
                else:
                    await ask_again_in(self.unit, one, days, self.now)
