"""The way from the chat into the console: a link that works once, for whoever has the role.

Behind https the link stands under the message as a button that opens the console inside Telegram,
which then says who it is; the link itself is for a browser elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.markup import escaped
from bot.moderators import role_of
from bot.visit import Outcome, Visit
from conversations.events import CommandGiven, Event
from conversations.phrases import Locale, phrase
from conversations.programme import Programme
from conversations.replies import Block, Send
from storage import entrances
from storage.outbox import Call

LINK_MINUTES: Final = 10
COMMAND: Final = "console"


@dataclass(frozen=True, slots=True)
class ConsoleLink:
    """Answers /console; `url` is the console's address, blank where none is served."""

    programme: Programme
    locale_of: Callable[[str], Locale]
    url: str

    async def take(self, visit: Visit, event: Event) -> Outcome | None:
        """Take the command; None leaves everything else to others."""
        if not isinstance(event, CommandGiven) or event.name != COMMAND:
            return None
        locale = self.locale_of(visit.language(self.programme))
        role = await role_of(visit.unit, self.programme.name, visit.contact.id)
        if role is None:
            # Translators: somebody without the role gives a moderator's command, or taps a button
            # of before.
            said = phrase("This is for moderators. You are not one at present.")
            return Outcome.of((Send((Block(said),)),), locale)
        if not self.url:
            # Translators: to a moderator who asks for the web page on which reports are reviewed.
            said = phrase("There is no console here. Ask whoever runs this bot to switch it on.")
            return Outcome.of((Send((Block(said),)),), locale)
        token = await entrances.link(visit.unit, role.id, visit.occasion.now, LINK_MINUTES)
        return Outcome((self._call(token, locale),))

    def _call(self, token: str, locale: Locale) -> Call:
        # Translators: above a link to the web page on which moderators review reports.
        said = phrase(
            "This link opens the console. It works once, within {minutes} minutes. Do not hand it "
            "on: whoever opens it acts in your name.",
            minutes=LINK_MINUTES,
        )
        link = f"{self.url}/enter?token={token}"
        params: dict[str, object] = {
            "text": f"{escaped(locale.say(said))}\n\n{escaped(link)}",
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
            "protect_content": True,
        }
        if self.url.startswith("https://"):
            # Translators: a button that opens the web page for moderators; at most 30 characters.
            words = locale.say(phrase("Open the console"))
            button = {"text": words, "web_app": {"url": f"{self.url}/app"}}
            params["reply_markup"] = {"inline_keyboard": [[button]]}
        return Call("sendMessage", params)
