"""Moderators at work in the chat, within the transaction of their update.

`take` looks at what arrived before coordinators' desks and the conversation of reports do, and
leaves to them whatever is not meant for a bench. Rights are asked of the database each time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.benchwork import Benchwork
from bot.figurework import Figurework
from bot.library import Library
from bot.moderators import role_of
from bot.published import subject_of
from bot.rendering import render, toast
from bot.visit import Outcome, Visit
from conversations.events import ButtonTapped, CommandGiven, Event, TextWritten
from conversations.moderating import figure_card
from conversations.moderating.bench import BENCH_STAMP, Bench
from conversations.moderating.exchange import (
    BlackOut,
    Correct,
    Do,
    DoMany,
    LookAgain,
    MarkAs,
    ShowFiles,
    TakeNext,
)
from conversations.moderating.turns import PASSED_MAX, Told, Words, moderate, takes_words
from conversations.phrases import Locale, phrase
from conversations.programme import Programme
from conversations.replies import Acknowledge, Block, Reply, Send
from storage import benches
from storage.outbox import Call
from storage.roles import GivenRole
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Casework:
    """Serves the moderators of one programme."""

    store: Store
    library: Library
    locale_of: Callable[[str], Locale]

    async def take(self, visit: Visit, event: Event, kept: str | None) -> Outcome | None:
        """Take an event that is meant for a bench; None leaves it to others.

        `kept` is the bench as it was kept, None where there is none.
        """
        bench = Bench.from_json(kept) if kept else Bench()
        match event:
            case CommandGiven("queue"):
                told: Told = event
            case ButtonTapped(session_key=key) if key in {BENCH_STAMP, figure_card.STAMP}:
                told = event
            case TextWritten() if takes_words(bench):
                told = event
            case CommandGiven() if takes_words(bench):
                # Another command: what is written next is not meant for the bench any more.
                await self._keep(visit, Bench(step=bench.step + 1))
                return None
            case _:
                return None
        role = await role_of(visit.unit, self.library.programme.name, visit.contact.id)
        if role is None:
            return self._turned_away(visit, event)
        if isinstance(told, ButtonTapped) and told.session_key == figure_card.STAMP:
            if told.action != figure_card.NEXT:
                return await self._at_figure(visit, role, bench, told)
            told = ButtonTapped(BENCH_STAMP, 0, "next")
        return await self._at_bench(visit, role, bench, told)

    def _turned_away(self, visit: Visit, event: Event) -> Outcome:
        """Answer somebody who has no such role, or not any more."""
        # Translators: somebody without the role gives a moderator's command, or taps a button of
        # before.
        said = phrase("This is for moderators. You are not one at present.")
        locale = self.locale_of(self._language(visit))
        if isinstance(event, ButtonTapped):
            return Outcome.of((Acknowledge(said),), locale)
        return Outcome.of((Send((Block(said),)),), locale)

    async def _at_bench(self, visit: Visit, role: GivenRole, bench: Bench, told: Told) -> Outcome:
        """Tell the bench, do what it asks, and tell it what comes of that."""
        locale, programme = self.locale_of(self._language(visit)), self.library.programme
        lent, replies, calls = _words(programme, locale), list[Reply](), list[Call]()
        waiting, benchwork = [told], self._benchwork
        while waiting:
            bench, asked = moderate(bench, lent, waiting.pop(0))
            for one in asked:
                match one:
                    case ShowFiles(instance_id):
                        calls += await benchwork.files(visit, role, instance_id)
                    case (
                        DoMany()
                        | TakeNext()
                        | LookAgain()
                        | Do()
                        | MarkAs()
                        | Correct()
                        | BlackOut()
                    ):
                        waiting.append(await benchwork.answered(visit, role, one))
                    case _:
                        calls += render((one,), locale)
                        replies.append(one)
        await self._keep(visit, bench)
        return Outcome(tuple(calls), toast(replies, locale))

    async def _at_figure(
        self, visit: Visit, role: GivenRole, bench: Bench, tap: ButtonTapped
    ) -> Outcome:
        """Do what a tap below a published figure asks for; who puts it back is shown others."""
        if tap.action.startswith("release/"):
            passed = (*bench.passed, subject_of(tap.step))[-PASSED_MAX:]
            await self._keep(visit, replace(bench, passed=passed))
        replies = await self._figurework.tapped(visit, role, tap)
        locale = self.locale_of(self._language(visit))
        return Outcome.of(replies, locale)

    @property
    def _benchwork(self) -> Benchwork:
        return Benchwork(self.store, self.library, self.locale_of)

    @property
    def _figurework(self) -> Figurework:
        return Figurework(self.store, self.library, self.locale_of)

    async def lay_down(self, visit: Visit, role: GivenRole, instance_id: str) -> Outcome:
        """Lay a case on somebody's bench that they took elsewhere."""
        kept = await benches.of(visit.unit, self.library.programme.name, visit.contact.id)
        laid = await self._benchwork.lay(visit, role, instance_id)
        return await self._at_bench(visit, role, Bench.from_json(kept) if kept else Bench(), laid)

    async def _keep(self, visit: Visit, bench: Bench) -> None:
        name, contact = self.library.programme.name, visit.contact.id
        await benches.keep(visit.unit, name, contact, bench.to_json())

    def _language(self, visit: Visit) -> str:
        return visit.language(self.library.programme)


def _words(programme: Programme, locale: Locale) -> Words:
    """Return what a programme lends a bench in a moderator's language."""
    moderation, chain = programme.moderation, locale.chain
    reasons = {name: programme.text(one, *chain) for name, one in moderation.reasons.items()}
    questions = {name: programme.text(one, *chain) for name, one in moderation.questions.items()}
    return Words(
        {name: text for name, text in reasons.items() if text},
        {name: text for name, text in questions.items() if text},
    )
