"""`/schedule`: a coordinator sees what goes out in the next days, and how people answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.calendars import weeks_of
from bot.library import Library
from bot.rendering import WEEKS_PICTURE, render
from bot.visit import Outcome, Visit
from conversations.events import CommandGiven, Event
from conversations.followups.outlook import Changing, Outlook, outlook_message, weeks_caption
from conversations.followups.rehearsal import from_plain
from conversations.phrases import Locale
from conversations.roles import may
from storage import contacts, desks, roles, takeovers
from storage.contacts import Contact
from storage.outbox import Call
from storage.outlooks import outlook
from storage.store import Reading, Store


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
            seen = await outlook(reading, programme.name, programme.zone, now)
            waiting = await self._changing(reading, contact) if contact else ()
            return replace(seen, waiting=waiting)

    async def _changing(self, reading: Reading, contact: Contact) -> tuple[Changing, ...]:
        """Return what sheets do that are being applied, or would do that lie on their desk."""
        name, found = self.library.programme.name, list[Changing]()
        for one in await takeovers.under_way(reading, name):
            form = self.library.programme.forms.get((one.form_id, one.version))
            title = form.title if form else one.form_id
            found.append(Changing(title, from_plain(one.tally), is_published=True))
        desk = await desks.current(reading, name, contact.id)
        if desk is not None and desk.candidate is not None and desk.candidate.seen:
            found.append(Changing(desk.candidate.title, from_plain(desk.candidate.seen)))
        return tuple(found)

    def take(self, visit: Visit) -> Outcome | None:
        """Show what was read; None where nothing was."""
        seen = visit.figures.outlook
        if seen is None:
            return None
        locale = self.locale_of(visit.language(self.library.programme))
        calls = render([outlook_message(seen)], locale)
        if visit.contact.low_data or not seen.ahead:
            return Outcome(calls)
        today = visit.occasion.now.astimezone(self.library.programme.zone).date()
        weeks = weeks_of(seen.ahead, today, locale).to_json()
        caption = locale.say(weeks_caption())
        picture = Call("sendPhoto", {"photo": f"{WEEKS_PICTURE}{weeks}", "caption": caption})
        return Outcome((picture, *calls))
