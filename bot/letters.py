"""A campaign's message as one call, and what people do with the buttons under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.rendering import render
from conversations.beginning import FORM
from conversations.campaigning import topics
from conversations.campaigning.audience import NEWS
from conversations.campaigning.message import (
    NO_MORE,
    OPEN,
    STAMP,
    Message,
    closed,
    finish_first,
    letter,
    no_more,
    spoken_in,
)
from conversations.campaigning.topics import Wishes
from conversations.events import ButtonTapped, CommandGiven, Event
from conversations.phrases import Locale, Phrase
from conversations.programme import Programme, form_mark
from conversations.replies import Acknowledge, Reply
from conversations.session import Session
from storage import campaigns, subscriptions
from storage.contacts import Contact
from storage.outbox import Call, Priority
from storage.reporters import Reporter
from storage.store import Unit


def letter_call(
    message: Message, number: int, programme: Programme, locale: Locale, area: str = ""
) -> Call | None:
    """Return the call that shows a message to somebody; None where there are no words for them."""
    text = spoken_in(message, programme, *locale.chain, area=area)
    if not text:
        return None
    *_, call = render((letter(message, number, text, area),), locale)
    params = dict(call.params)
    if message.picture:
        del params["link_preview_options"]
        params = {"photo": message.picture, "caption": params.pop("text"), **params}
    method = "sendPhoto" if message.picture else call.method
    return Call(method, params, priority=Priority.CAMPAIGN)


def is_about_letters(event: Event) -> bool:
    """Tell whether an event is a tap under a message to many, or about what somebody wants."""
    under = isinstance(event, ButtonTapped) and event.session_key == STAMP
    return under or topics.is_about_topics(event)


@dataclass(frozen=True, slots=True)
class Letters:
    """Somebody who reads a message to many people, in the unit of what they did."""

    unit: Unit
    programme: Programme
    contact: Contact
    reporter: Reporter
    session: Session | None
    locale: Locale

    async def take(self, event: Event) -> CommandGiven | Sequence[Reply]:
        """Take an event of `is_about_letters`: a form to begin, or what is to be said."""
        if isinstance(event, ButtonTapped) and event.session_key == STAMP:
            return await self._tapped(event)
        return await self._topics(event)

    async def _topics(self, event: Event) -> Sequence[Reply]:
        said = await subscriptions.of(self.unit, self.reporter)
        wishes = Wishes(self.programme, self.locale, said)
        change = topics.changed(wishes, event)
        if change is not None:
            topic, area = change
            name = self.programme.name
            await subscriptions.keep(self.unit, self.reporter, name, topic, area)
            wishes = replace(wishes, said={**said, topic: area})
        return topics.shown(wishes, event, after_change=change is not None)

    async def _tapped(self, tap: ButtonTapped) -> CommandGiven | Sequence[Reply]:
        if tap.action == NO_MORE:
            return (Acknowledge(await self._no_more(tap.step), alert=True),)
        if self.session is not None and self.session.trail:
            return (Acknowledge(finish_first(), alert=True),)
        mark = tap.action.removeprefix(OPEN)
        form_id = next((one for one, _ in self.programme.offered if form_mark(one) == mark), "")
        if not form_id:
            return (Acknowledge(closed(), alert=True),)
        name, contact = self.programme.name, self.contact.id
        await campaigns.note_opened(self.unit, name, tap.step, contact, form_id)
        return CommandGiven("start", FORM + mark)

    async def _no_more(self, number: int) -> Phrase:
        name = self.programme.name
        campaign = await campaigns.of(self.unit, name, number)
        topic = campaign.plan.audience.topic if campaign else NEWS
        await subscriptions.keep(self.unit, self.reporter, name, topic, None)
        return no_more()
