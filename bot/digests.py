"""`/digest`: what waits for a moderator, told once at the hour they chose, quietly.

A round every few seconds finds whose hour has come. Rights are asked then: who is a moderator no
more hears nothing. An hour that passed while the bot was away is let go when it is long past.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.library import Library
from bot.moderators import as_moderator, role_of, served_by
from bot.rendering import render
from bot.visit import Outcome, Visit
from conversations.courtesy import zone_of
from conversations.events import ButtonTapped, CommandGiven, Event
from conversations.moderating import digest as words
from conversations.moderating.digest import STAMP, WEEKLY, Choice, Waiting, choice_of
from conversations.phrases import Locale, phrase
from conversations.replies import Acknowledge, Block, Reply, Send
from conversations.reviewing.published import serves_figure
from conversations.roles import may
from storage import contacts, digests, figure_cases, outbox, reach
from storage.contacts import Contact
from storage.digests import Digest
from storage.outbox import Call, Priority
from storage.store import Reading, Store

AT_ONCE: Final = 50
FIGURES_MAX: Final = 100
LATE: Final = timedelta(hours=3)
"""What is later than that is not told any more: the next one comes."""


@dataclass(frozen=True, slots=True)
class Digests:
    """Tells the moderators of one programme what waits."""

    store: Store
    library: Library
    locale_of: Callable[[str], Locale]
    now: Callable[[], datetime]
    wake: Callable[[], None] = lambda: None

    # What is chosen

    async def take(self, visit: Visit, event: Event) -> Outcome | None:
        """Take the command, or a tap below its answer; None leaves all else to others."""
        match event:
            case CommandGiven("digest", argument):
                written = argument
            case ButtonTapped(session_key=key, action=action) if key == STAMP:
                written = action.removeprefix("h") if action != WEEKLY else WEEKLY
            case _:
                return None
        locale = self.locale_of(visit.language(self.library.programme))
        replies = await self._taken(visit, written)
        if isinstance(event, ButtonTapped):
            replies = (Acknowledge(), *replies)
        return Outcome.of(replies, locale)

    async def _taken(self, visit: Visit, written: str) -> tuple[Reply, ...]:
        unit, name, contact = visit.unit, self.library.programme.name, visit.contact
        if await role_of(unit, name, contact.id) is None:
            # Translators: somebody without the role gives a moderator's command, or taps a button
            # of before.
            said = phrase("This is for moderators. You are not one at present.")
            return (Send((Block(said),)),)
        known = await digests.of(unit, name, contact.id)
        before = Choice(known.hour, known.weekly) if known else None
        choice = choice_of(written, before)
        if isinstance(choice, str):
            return (words.asked(before, understood=not written.strip()),)
        if choice is None:
            await digests.end(unit, name, contact.id)
        else:
            next_at = await self._next(unit, contact, choice, visit.occasion.now)
            await digests.choose(
                unit, name, Digest(contact.id, choice.hour, choice.weekly, next_at)
            )
        return (Send((Block(words.chosen(choice)),)),)

    async def _next(
        self, reading: Reading, contact: Contact, choice: Choice, now: datetime
    ) -> datetime:
        programme = self.library.programme
        known = await reach.of(reading, self.store.reporter(programme.name, contact.chat_id))
        zone = zone_of(known.zone if known else "", programme.zone)
        return words.next_moment(choice, now, zone, self._locale(contact).first_weekday)

    # When the hour has come

    async def round(self) -> int:
        """Tell those whose hour has come what waits; return how many were told."""
        now, told = self.now(), 0
        async with self.store.reading() as reading:
            found = await digests.due(reading, self.library.programme.name, now, AT_ONCE)
        for one in found:
            told += await self._tell(one, now)
        if told:
            self.wake()
        return told

    async def _tell(self, one: Digest, now: datetime) -> bool:
        name = self.library.programme.name
        calls = await self._calls(one, now) if now - one.next_at < LATE else None
        async with self.store.unit() as unit:
            contact = await contacts.hold(unit, one.contact_id)
            if contact is None or await role_of(unit, name, one.contact_id) is None:
                await digests.end(unit, name, one.contact_id)
                return False
            choice = Choice(one.hour, one.weekly)
            next_at = await self._next(unit, contact, choice, now)
            if not await digests.move(unit, name, one, next_at) or not calls:
                return False
            await outbox.put(unit, one.contact_id, calls, now)
        return True

    async def _calls(self, one: Digest, now: datetime) -> Sequence[Call]:
        """Say what waits, read beside all units; nothing where nothing does."""
        programme = self.library.programme
        async with self.store.reading() as reading:
            contact = await contacts.by_id(reading, one.contact_id)
            role = await role_of(reading, programme.name, one.contact_id)
            if contact is None or role is None:
                return ()
            senior = may((role.role,), "oversee cases")
            counts = await digests.waiting(
                reading, programme.name, served_by(role), now, senior=senior
            )
            waiting = await figure_cases.queue(reading, programme.name, FIGURES_MAX)
            by = as_moderator(role)
            figures = sum(serves_figure(by, one.figure) for one in waiting)
        oldest = counts.oldest_at.astimezone(programme.zone) if counts.oldest_at else None
        rest = (counts.own, counts.appealed, counts.escalated, figures)
        found = Waiting(counts.by_severity, oldest, *rest)
        if not found.total and not figures:
            return ()
        calls = render((words.digest(found),), self._locale(contact))
        return [_quietly(call) for call in calls]

    def _locale(self, contact: Contact) -> Locale:
        return self.locale_of(contact.language or self.library.programme.languages[0])


def is_about_digests(event: Event) -> bool:
    """Tell whether an event may be meant for this room."""
    match event:
        case CommandGiven("digest"):
            return True
        case ButtonTapped(session_key=key):
            return key == STAMP
        case _:
            return False


def _quietly(call: Call) -> Call:
    params = {**call.params, "disable_notification": True}
    return replace(call, params=params, priority=Priority.FOLLOW_UP)
