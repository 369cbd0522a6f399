"""Somebody to whom something is due, in a unit that holds them.

What may be said to them now, and what becomes of a row of theirs, is said here for all that is put.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from bot.dispatch import Dispatch
from bot.rendering import render
from conversations.events import Event
from conversations.followups.gentle import Drop, Mood, Now, Verdict, Wait, verdict
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.replies import Send
from conversations.session import Session
from conversations.sheets.followups import FollowUp
from storage import due, outbox
from storage.contacts import Contact
from storage.due import Due, DueState
from storage.reach import Reach
from storage.store import Unit


@dataclass(frozen=True, slots=True)
class Person:
    """One person, as what is due finds them; `owner` names the process that holds their rows."""

    unit: Unit
    contact: Contact
    reach: Reach
    mood: Mood
    session: Session | None
    programme: Programme
    locale: Locale
    now: datetime
    dispatch: Dispatch
    owner: str

    def verdict(self, row: Due, *windows: FollowUp) -> Verdict:
        """Say whether a row may be put to them now."""
        window = windows[0].send_window if windows else None
        return verdict(row.planned.due_at, self.now, self.mood, window, row.planned.dedupe)

    async def is_time_for(self, row: Due, *windows: FollowUp) -> bool:
        """Tell whether a row may be put to them now; where not, do what the verdict says."""
        said = self.verdict(row, *windows)
        await self.follow(row, said)
        return isinstance(said, Now)

    async def say(self, said: Send) -> None:
        """Tell them something, behind replies."""
        calls = render([said], self.locale)
        await outbox.put_behind(self.unit, self.contact.id, calls, self.now)

    async def hear(self, event: Event) -> None:
        """Let their conversation begin to speak by itself, of what has come."""
        _, calls = await self.dispatch.reception.reports.speak_first(
            self.unit, self.contact, self.reach.reporter, event
        )
        await outbox.put(self.unit, self.contact.id, calls, self.now)

    async def follow(self, row: Due, said: Verdict) -> None:
        """Put a row off, or drop it, where the verdict says so."""
        match said:
            case Wait(until, why):
                await self.put_off(row, until, why)
            case Drop(why):
                await self.settle(row, "dropped", why)
            case Now():
                pass

    async def settle(self, row: Due, state: DueState, why: str = "") -> None:
        """Say what became of a row that this process holds."""
        await due.settle(self.unit, row.id, self.owner, state, self.dispatch.now(), why)

    async def put_off(self, row: Due, until: datetime, why: str) -> None:
        """Let a row wait."""
        await due.put_off(self.unit, row.id, self.owner, until, why)


Put: TypeAlias = Callable[[Person, Due], Awaitable[None]]
"""Does what a row of some kind asks for, and settles it."""
