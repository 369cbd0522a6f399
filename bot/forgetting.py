"""People who want a report, or all that is kept of them, deleted, inside their update's unit.

Whoever writes can delete what is their own, and nothing else: reports are looked for under their
pseudonym alone. After all is deleted the number of their chat stays until they are told so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.community import Community
from bot.erasing import Erasing, reports_with
from bot.menus import menu_call
from bot.rendering import render, toast
from bot.visit import Outcome, Visit
from conversations import forgetting
from conversations.events import ButtonTapped, CommandGiven, Event
from conversations.phrases import Locale
from conversations.replies import Reply
from conversations.reports import REPORTS_MAX
from storage import erasure, reach, roles, submissions
from storage.outbox import Call
from storage.reporters import Reporter

WHO: Final = "reporter"
BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
COUNTED_MAX: Final = 100_000


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Takes what people do about deleting."""

    community: Community
    locale_of: Callable[[str], Locale]

    async def take(self, visit: Visit, reporter: Reporter, event: Event) -> Outcome:
        """Take an event of `forgetting.is_about_forgetting`."""
        programme = self.community.programme
        locale = self.locale_of(visit.language(programme))
        calls: tuple[Call, ...] = ()
        match event:
            case ButtonTapped() if forgetting.is_too_late(event, visit.occasion.now):
                replies = forgetting.asked_too_long_ago()
            case ButtonTapped(action=forgetting.NOTHING):
                replies = forgetting.kept()
            case ButtonTapped(action=forgetting.ALL):
                replies = await self._sure_of_all(visit, reporter)
            case ButtonTapped(action=action) if action == forgetting.SURE + forgetting.ALL:
                known = await self._is_known(visit, reporter)
                calls = await self._erase_all(visit, reporter) if known else ()
                await erasure.forget_soon(visit.unit, visit.contact.id)
                replies = forgetting.all_gone(again=not known)
            case ButtonTapped(action=action) if action.startswith(forgetting.SURE):
                code = action.removeprefix(forgetting.SURE)
                replies = await self._erase(visit, reporter, code)
            case ButtonTapped(action=action):
                code = action.removeprefix(forgetting.REPORT)
                replies = await self._sure(visit, reporter, code, in_place=True)
            case CommandGiven(argument=code) if code.strip():
                replies = await self._sure(visit, reporter, code.strip().upper(), in_place=False)
            case _:
                replies = await self._wanted(visit, reporter)
        return Outcome((*render(replies, locale), *calls), toast(replies, locale))

    async def _wanted(self, visit: Visit, reporter: Reporter) -> tuple[Reply, ...]:
        name = self.community.programme.name
        newest = await submissions.recent(visit.unit, reporter, name, REPORTS_MAX + 1)
        codes = [standing.submission.receipt for standing in newest]
        more = len(codes) > REPORTS_MAX
        return forgetting.wanted(codes[:REPORTS_MAX], visit.occasion.now, more=more)

    async def _mine(self, visit: Visit, reporter: Reporter, code: str) -> tuple[str, ...]:
        """Find a person's own reports that go by a code, by their originals' ids."""
        found = await reports_with(visit.unit, self.community.programme.name, code)
        return tuple(original for whose, original in found if whose == reporter)

    async def _sure(
        self, visit: Visit, reporter: Reporter, code: str, *, in_place: bool
    ) -> tuple[Reply, ...]:
        if not await self._mine(visit, reporter, code):
            return forgetting.no_such(code, tapped=in_place)
        asked = forgetting.sure_of_report(code, visit.occasion.now)
        show = forgetting.shown_in_place if in_place else forgetting.shown_anew
        return show(*asked)

    async def _sure_of_all(self, visit: Visit, reporter: Reporter) -> tuple[Reply, ...]:
        unit, name = visit.unit, self.community.programme.name
        number = await submissions.count_since(unit, reporter, name, BEGINNING, COUNTED_MAX)
        held = sorted(await roles.held(unit, name, visit.contact.id))
        asked = forgetting.sure_of_all(number, held, visit.occasion.now)
        return forgetting.shown_in_place(*asked)

    async def _erase(self, visit: Visit, reporter: Reporter, code: str) -> tuple[Reply, ...]:
        mine = await self._mine(visit, reporter, code)
        for original in mine:
            await self._erasing(visit).report(reporter, original)
        return forgetting.report_gone(code) if mine else forgetting.no_such(code, tapped=True)

    async def _is_known(self, visit: Visit, reporter: Reporter) -> bool:
        """Tell whether anything is kept of somebody but the number of their chat."""
        language = bool(visit.contact.language)
        return language or bool(visit.session) or await reach.of(visit.unit, reporter) is not None

    async def _erase_all(self, visit: Visit, reporter: Reporter) -> tuple[Call, ...]:
        """Erase all of a person; return what takes back what Telegram keeps for their chat."""
        erasing, contact = self._erasing(visit), visit.contact
        await erasing.person(reporter)
        await erasing.letters(contact)
        await erasure.empty(visit.unit, contact.id, contact.chat_id, forgetting.SLOT)
        return (menu_call([]),) if contact.menu else ()

    def _erasing(self, visit: Visit) -> Erasing:
        return Erasing(self.community, visit.unit, visit.occasion.now, WHO)
