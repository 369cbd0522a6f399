"""`/schedule`: a coordinator sees what goes out in the next days, and how people answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.library import Library
from bot.office import Outcome, Visit
from bot.rendering import render
from conversations.events import CommandGiven, Event
from conversations.followups.outlook import Outlook, outlook_message
from conversations.phrases import Locale
from conversations.roles import may
from storage import contacts, roles
from storage.outlooks import outlook
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Outlooks:
    """Shows the coordinators of one programme what is planned."""

    library: Library
    locale_of: Callable[[str], Locale]

    async def look(self, store: Store, chat_id: int, event: Event, now: datetime) -> Outlook | None:
        """Read, outside of any unit, what the answer to an event shows; None for other events."""
        if not isinstance(event, CommandGiven) or event.name != "schedule":
            return None
        programme = self.library.programme
        async with store.reading() as reading:
            contact = await contacts.by_chat(reading, chat_id)
            held = await roles.held(reading, programme.name, contact.id) if contact else ()
            if not may(held, "run the programme"):
                return None
            return await outlook(reading, programme.name, programme.zone, now)

    def take(self, visit: Visit) -> Outcome | None:
        """Show what was read; None where nothing was."""
        seen = visit.figures.outlook
        if seen is None:
            return None
        language = visit.contact.language or self.library.programme.languages[0]
        return Outcome(render([outlook_message(seen)], self.locale_of(language)))
