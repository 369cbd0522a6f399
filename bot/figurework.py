"""Moderators at work on published figures, in the chat: laid by `/queue` like cases, and decided.

What counting again gives is read before the unit of the turn (`look`), for it goes through a month.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.counting import recounts
from bot.library import Library
from bot.moderators import as_moderator, role_of
from bot.published import Published, subject_of
from bot.visit import Visit
from conversations.campaigning.results import figure_named
from conversations.events import ButtonTapped, CommandGiven, Event
from conversations.moderating import figure_card
from conversations.moderating.bench import BENCH_STAMP
from conversations.moderating.figure_card import FigureView
from conversations.phrases import Locale, phrase
from conversations.replies import Acknowledge, Block, Reply, Send
from conversations.reviewing.cases import NOBODY
from conversations.reviewing.deciding import Moderator
from conversations.reviewing.published import (
    Figure,
    FigureCase,
    Recount,
    figure_look_by,
    serves_figure,
)
from conversations.reviewing.words import refusal
from conversations.roles import may
from storage import audit, contacts, figure_cases
from storage.roles import GivenRole
from storage.store import Store

FIGURES_MAX: Final = 20
"""Figures of the queue's head that are looked at."""


@dataclass(frozen=True, slots=True)
class Figurework:
    """Shows figures to the moderators of one programme, and does what they decide."""

    store: Store
    library: Library
    locale_of: Callable[[str], Locale]

    async def look(self, chat_id: int, event: Event) -> Mapping[Figure, Recount]:
        """Count again, outside of any unit, the figures that an event may be about."""
        number = _about(event)
        if number is None:
            return {}
        name = self.library.programme.name
        async with self.store.reading() as reading:
            waiting = await figure_cases.queue(reading, name, FIGURES_MAX)
            contact = await contacts.by_chat(reading, chat_id) if waiting else None
            if contact is None or await role_of(reading, name, contact.id) is None:
                return {}
            programme = (await self.library.offering(reading)).programme
            figures = [one.figure for one in waiting if number in {0, one.number}]
            return await recounts(reading, programme, figures)

    async def first(
        self, visit: Visit, role: GivenRole, passed: Sequence[str]
    ) -> tuple[FigureCase, datetime] | None:
        """Return the first figure that this moderator can work on, with when to look at it."""
        name, now = self.library.programme.name, visit.occasion.now
        for case in await figure_cases.queue(visit.unit, name, FIGURES_MAX):
            by = await self._by(visit, role, case.number)
            free = case.holder(now) in {NOBODY, by.id}
            if (
                free
                and serves_figure(by, case.figure)
                and not by.own
                and subject_of(case.number) not in passed
            ):
                return case, figure_look_by(case, self.library.programme.moderation.rules)
        return None

    async def take_on(self, visit: Visit, role: GivenRole, case: FigureCase) -> FigureView | None:
        """Claim a figure for a moderator and show it; None where it went to another."""
        published, now = await self._published(visit), visit.occasion.now
        by = await self._by(visit, role, case.number)
        claimed = await published.act(visit.unit, by, case.number, case.version, "claim", now)
        return await self._view(visit, role, claimed) if isinstance(claimed, FigureCase) else None

    async def tapped(self, visit: Visit, role: GivenRole, tap: ButtonTapped) -> tuple[Reply, ...]:
        """Do what a tap below a figure asks for."""
        asked = figure_card.act_of(tap)
        if asked is None:
            return (Acknowledge(),)
        wanted, seen = asked
        decides = may((role.role,), "decide cases")
        if not decides and wanted not in {"claim", "release"}:
            # Translators: to somebody who may look into reports but not decide about them.
            return (Acknowledge(phrase("You may not do that here. A moderator can.")),)
        case = await figure_cases.of(visit.unit, self.library.programme.name, tap.step)
        if case is None:
            return (Acknowledge(),)
        published, now = await self._published(visit), visit.occasion.now
        by, recount = await self._by(visit, role, tap.step), visit.figures.recounts.get(case.figure)
        after = await published.act(visit.unit, by, tap.step, seen, wanted, now, recount)
        named = figure_named(published.programme, case.figure, self._locale(visit))
        if isinstance(after, FigureCase):
            return Acknowledge(), *figure_card.done(after, wanted, named)
        if case.state == "decided":
            return (Acknowledge(refusal("decided already")),)
        said = Send((Block(refusal(after), "problem"),))
        if after != "changed meanwhile":
            return Acknowledge(), said
        return Acknowledge(), said, figure_card.shown(await self._view(visit, role, case))

    async def _view(self, visit: Visit, role: GivenRole, case: FigureCase) -> FigureView:
        unit, now, locale = visit.unit, visit.occasion.now, self._locale(visit)
        programme = (await self.library.offering(unit)).programme
        who, about = f"role:{role.id}", subject_of(case.number)
        await audit.note(unit, self.store, who, "Saw", about, now)
        by_then = figure_look_by(case, programme.moderation.rules).astimezone(programme.zone)
        return FigureView(
            case,
            figure_named(programme, case.figure, locale),
            await figure_cases.reasons(unit, case.number),
            visit.figures.recounts.get(case.figure),
            locale.show_datetime(by_then),
            may((role.role,), "decide cases"),
        )

    async def _by(self, visit: Visit, role: GivenRole, number: int) -> Moderator:
        """Return who acts; a doubt of their own is found out here, where chat and data meet."""
        name = self.library.programme.name
        reporter = self.store.reporter(name, visit.contact.chat_id)
        return as_moderator(role, own=await figure_cases.doubts(visit.unit, number, reporter))

    async def _published(self, visit: Visit) -> Published:
        programme = (await self.library.offering(visit.unit)).programme
        return Published(self.store, programme, self.locale_of)

    def _locale(self, visit: Visit) -> Locale:
        return self.locale_of(visit.language(self.library.programme))


def _about(event: Event) -> int | None:
    """Say which figure an event may be about: 0 for whichever comes next, None for none."""
    match event:
        case CommandGiven("queue"):
            return 0
        case ButtonTapped(session_key=key, action="next") if key == BENCH_STAMP:
            return 0
        case ButtonTapped(session_key=key, step=step, action=action) if key == figure_card.STAMP:
            return 0 if action == figure_card.NEXT else step
        case _:
            return None
