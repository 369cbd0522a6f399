"""Reporters who answer moderators, or do not accept a decision, within their update's transaction.

Neither side learns who the other is: a reporter acts on reports of their own pseudonym, which they
name by a code or by the number of a question put to them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.library import Library
from bot.reviews import Reviews
from bot.telling import ANSWER_STAMP, APPEAL_STAMP
from bot.visit import Outcome, Visit
from conversations.events import ButtonTapped, CommandGiven, Event, TextWritten
from conversations.phrases import Locale, phrase
from conversations.replies import Acknowledge, Block, Button, Buttons, Reply, Send
from conversations.reviewing.cases import Case
from storage import clarifications
from storage.clarifications import Clarification
from storage.reporters import Reporter
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Hearing:
    """Hears the reporters of one programme."""

    store: Store
    library: Library
    locale_of: Callable[[str], Locale]

    async def take(
        self, visit: Visit, reporter: Reporter, event: Event, *, awaited: bool
    ) -> Outcome | None:
        """Take an event that is meant for a moderator; None leaves it to others.

        `awaited` says that a question of a moderator waits for what the reporter writes.
        """
        match event:
            case ButtonTapped(session_key=key, action=code) if key == APPEAL_STAMP:
                return await self._appeal(visit, reporter, code)
            case ButtonTapped(session_key=key) if key == ANSWER_STAMP:
                return await self._answering(visit, reporter, event)
            case TextWritten(text) if awaited:
                return await self._answered(visit, reporter, text)
            case CommandGiven() if awaited:
                await clarifications.rest(visit.unit, reporter)
                return None
            case _:
                return None

    async def _appeal(self, visit: Visit, reporter: Reporter, code: str) -> Outcome:
        came = await self._reviews.appeal(visit.unit, reporter, code, visit.occasion.now)
        if isinstance(came, Case):
            # Translators: to a reporter who does not accept what was decided about their report.
            told = phrase("Somebody else looks at your report {code} again. You will hear what "
                          "comes of it.", code=code)  # fmt: skip
            return self._shown(visit, (Acknowledge(), Send((Block(told),))))
        # Translators: to a reporter who taps a button under a decision once more, or after long.
        late = phrase("Another look can be asked for once, and for a limited time.")
        return self._shown(visit, (Acknowledge(late, alert=True),))

    async def _answering(self, visit: Visit, reporter: Reporter, tap: ButtonTapped) -> Outcome:
        unit, name = visit.unit, self.library.programme.name
        if tap.action == "later":
            await clarifications.rest(unit, reporter)
            # Translators: a reporter does not want to answer a question just now.
            return self._shown(visit, (Acknowledge(phrase("All right. The question stays.")),))
        found = await clarifications.open_of(unit, name, reporter)
        asked = next((one for one in found if one.id == tap.step), None)
        if asked is None:
            # Translators: a reporter taps a button under a question that is not open any more.
            return self._shown(visit, (Acknowledge(phrase("This question is closed.")),))
        await clarifications.expect(unit, asked)
        # Translators: to a reporter who wants to answer a question about their report.
        told = phrase("Write your answer in one message.")
        # Translators: a button: the reporter does not want to answer now.
        later = Button(phrase("Not now"), "later")
        keys = Buttons(ANSWER_STAMP, asked.id, ((later,),))
        return self._shown(visit, (Acknowledge(), Send((Block(told),), keys)))

    async def _answered(self, visit: Visit, reporter: Reporter, text: str) -> Outcome | None:
        asked = await self._awaiting(visit, reporter)
        if asked is None:
            return None
        await self._reviews.answered(visit.unit, asked, text, visit.occasion.now)
        # Translators: to a reporter who has answered a question about their report.
        told = phrase("Thank you. Your answer is with your report now.")
        return self._shown(visit, (Send((Block(told),)),))

    async def _awaiting(self, visit: Visit, reporter: Reporter) -> Clarification | None:
        found = await clarifications.open_of(visit.unit, self.library.programme.name, reporter)
        return next((one for one in found if one.state == "answering"), None)

    @property
    def _reviews(self) -> Reviews:
        return Reviews(self.store, self.library.programme, self.locale_of)

    def _shown(self, visit: Visit, replies: Sequence[Reply]) -> Outcome:
        locale = self.locale_of(visit.language(self.library.programme))
        return Outcome.of(replies, locale)
