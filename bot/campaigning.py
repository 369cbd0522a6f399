"""Coordinators who write to many people: their drafts, and the campaigns on their way.

`take` is asked by the office after the right was looked up, inside the update's unit; how many
people an audience has is counted before, for that may take a while.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.letters import letter_call
from bot.rendering import Toast, render, toast
from conversations.campaigning import list as campaign_list
from conversations.campaigning.audience import Audience
from conversations.campaigning.board import About, Counted
from conversations.campaigning.draft import STAMP, Draft
from conversations.campaigning.list import Looked, deed_of, listed
from conversations.campaigning.standing import ACTS, Plan
from conversations.campaigning.turns import (
    COMMAND,
    Asked,
    Launch,
    ShowLetter,
    audience_after,
    compose,
    left,
)
from conversations.events import ButtonTapped, CommandGiven, Event
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.replies import Reply
from storage import campaigns, recipients
from storage.contacts import Contact
from storage.outbox import Call
from storage.recipients import Finding
from storage.store import Reading, Store, Unit

TEST: int = 0
"""Numbers a message that is only tried."""


def may_show_size(event: Event) -> bool:
    """Tell whether the answer to an event may show how many people an audience has."""
    match event:
        case ButtonTapped(session_key=key):
            return key == STAMP
        case CommandGiven(name):
            return name == COMMAND
        case _:
            return False


@dataclass(frozen=True, slots=True)
class Desk:
    """One coordinator's place: `programme` with the forms as they are offered."""

    programme: Programme
    contact: Contact
    language: str
    locale_of: Callable[[str], Locale]
    now: datetime
    fresh_key: str = ""
    counted: dict[Audience, Counted] = field(default_factory=dict)

    async def sizes(self, store: Store, reading: Reading, event: Event) -> None:
        """Count the audience that the answer to an event shows."""
        draft = await campaigns.draft(reading, self.programme.name, self.contact.id)
        audience = audience_after(draft, self._about(), event)
        if audience is not None:
            finding = Finding(store, reading, self.programme.name, audience)
            consent = self.programme.consent.version
            self.counted[audience] = await recipients.count(finding, consent, self.now)

    async def take(self, unit: Unit, event: Event) -> tuple[tuple[Call, ...], Toast] | None:
        """Take an event that is meant for a campaign; None for all others."""
        match event:
            case CommandGiven(campaign_list.COMMAND):
                return await self._list(unit, in_place=False)
            case ButtonTapped(session_key=campaign_list.STAMP):
                return await self._deed(unit, event)
            case _:
                return await self._compose(unit, event)

    # The draft

    async def _compose(self, unit: Unit, event: Event) -> tuple[tuple[Call, ...], Toast] | None:
        name, contact = self.programme.name, self.contact.id
        draft = await campaigns.draft(unit, name, contact)
        step = compose(draft, self._about(), event)
        if step is None:
            gone_on = isinstance(event, ButtonTapped | CommandGiven)
            if draft is not None and draft.asking and gone_on:
                await campaigns.keep_draft(unit, name, contact, left(draft))
            return None
        after, asked = step
        await campaigns.keep_draft(unit, name, contact, after)
        return await self._done(unit, draft, asked)

    async def _done(
        self, unit: Unit, draft: Draft | None, asked: Sequence[Asked]
    ) -> tuple[tuple[Call, ...], Toast]:
        calls, replies = list[Call](), list[Reply]()
        for one in asked:
            match one:
                case ShowLetter(tag) if draft is not None:
                    calls += self._letter(draft, tag)
                case ShowLetter():
                    pass
                case Launch(launched):
                    await self._launch(unit, launched)
                case _:
                    replies.append(one)
                    calls += render((one,), self._locale)
        return tuple(calls), toast(replies, self._locale)

    def _letter(self, draft: Draft, tag: str) -> Sequence[Call]:
        call = letter_call(draft.message, TEST, self.programme, self.locale_of(tag))
        return [Call(call.method, call.params)] if call else []

    async def _launch(self, unit: Unit, draft: Draft) -> None:
        await campaigns.begin(
            *(unit, self.programme.name, Plan(draft.message, draft.audience)),
            dedupe=self.fresh_key,
            title=draft.message.title,
            start_at=max(draft.start_at or self.now, self.now).replace(second=0, microsecond=0),
            per_second=draft.per_second,
            author=self.contact.id,
            counted=draft.count or 0,
        )

    # What is on its way

    async def _list(self, unit: Unit, *, in_place: bool) -> tuple[tuple[Call, ...], Toast]:
        standing = await campaigns.newest(unit, self.programme.name, campaign_list.SHOWN_MAX)
        replies = listed(Looked(self.programme, standing), in_place=in_place)
        return render(replies, self._locale), toast(replies, self._locale)

    async def _deed(self, unit: Unit, tap: ButtonTapped) -> tuple[tuple[Call, ...], Toast]:
        wanted = deed_of(tap)
        if wanted is not None:
            number, act = wanted
            campaign = await campaigns.of(unit, self.programme.name, number)
            if campaign is not None and act in ACTS[campaign.state]:
                await campaigns.act(unit, campaign, act, self.now)
                if act == "resume":
                    await campaigns.belong_to(unit, number, self.contact.id)
        return await self._list(unit, in_place=True)

    # Words

    @property
    def _locale(self) -> Locale:
        return self.locale_of(self.language)

    def _about(self) -> About:
        autonyms = {tag: self.locale_of(tag).autonym for tag in self.programme.languages}
        return About(self.programme, self._locale, self.now, self.counted, autonyms)
