"""A village in which people report, and are asked about each other's reports."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.aftermath import follow
from bot.community import Community
from bot.kept import Kept
from bot.reviews import Reviews
from conversations.moderation import Moderation
from conversations.replies import KeepSubmission
from conversations.reviewing.acts import Act, Claim
from conversations.reviewing.cases import ModeratorId
from conversations.reviewing.deciding import Acted, Moderator
from conversations.xform.form import Form
from conversations.xform.instance import Instance, Surroundings
from locales.locale import locale_of
from storage import (
    asks,
    cases,
    consents,
    contacts,
    reach,
    rounds,
    submissions,
)
from storage.asks import Ask
from storage.reporters import Reporter
from storage.rounds import Round
from storage.store import Store
from tests.dialogue.chat import programme_of
from tests.sheets.making import form_with

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = timedelta(days=1)
REPORT = "uuid:1"
FORM = form_with(
    validations=[
        {
            "name": "there",
            "question::English (en)": "Somebody told us of this: ${topic}. Is it so?",
            "audience": "language",
            "relevant": "${topic} != ''",
            "consent": "${follow_ok}",
            "never": "${age} > 90",
            "min": "2",
            "max": "5",
            "control_share": "0",
        }
    ]
)
KEY = (FORM.form_id, FORM.version)
PROGRAMME = replace(
    programme_of(), languages=("en", "sw"), offered=(KEY,), moderation=Moderation("all")
).with_forms({KEY: FORM})


@dataclass
class Village:
    """People around a store; `chat` numbers are theirs, the reporter's is 1."""

    store: Store
    programme: Any = field(default_factory=lambda: PROGRAMME)
    now: datetime = NOW
    form: Form = FORM

    @property
    def community(self) -> Community:
        """Return who asks them."""
        return Community(self.store, self.programme)

    def known_as(self, chat: int) -> Reporter:
        """Return somebody's pseudonym."""
        return self.store.reporter(self.programme.name, chat)

    async def meet(self, *chats: int, days: int = 30, invited_by: str = "") -> None:
        """Let people be known for so many days."""
        async with self.store.unit() as unit:
            for chat in chats:
                contact = await contacts.meet(unit, chat, self.now)
                about = (self.store, self.known_as(chat), self.programme.name, contact.id, "en")
                await reach.meet(unit, *about, self.now - days * DAY, invited_by)

    async def report(self, number: int = 1, replaces: str = "", **answers: str) -> None:
        """Let the reporter send a report."""
        said = {"topic": "service", "follow_ok": "yes", **answers}
        surroundings = Surroundings(self.now, "en", "seed", f"uuid:{number}", self.now)
        instance = Instance.begin(self.form, surroundings)
        for name, value in said.items():
            instance.answer(f"/data/{name}", value)
        xml = instance.finish(self.now).xml
        sent = KeepSubmission(f"uuid:{number}", *KEY, "en", f"4T7{number}", xml, (), replaces)
        reporter, name = self.known_as(1), self.programme.name
        async with self.store.unit() as unit:
            contact = await contacts.meet(unit, 1, self.now)
            await consents.keep(unit, reporter, name, "v1", "en", agreed=True, now=self.now)
            await submissions.keep(unit, reporter, name, sent, self.now)
            about = (self.store, self.programme, contact, reporter, sent, instance)
            kept = Kept(unit, *about, self.now, self.now)
            await follow(kept, {"en": locale_of("en")})

    async def round(self, report: str = REPORT) -> Round:
        """Return the round about a report."""
        async with self.store.reading() as reading:
            (one,) = await rounds.of(reading, report)
        return one

    async def asked(self, report: str = REPORT) -> dict[Reporter, Ask]:
        """Return who was asked about a report."""
        one = await self.round(report)
        async with self.store.reading() as reading:
            return {ask.validator: ask for ask in await asks.of_round(reading, one.id)}

    async def say(self, choice: str, *chats: int, late: bool = False) -> Round:
        """Let people answer who were asked; return what the report's round comes to."""
        for chat in chats:
            ask = (await self.asked())[self.known_as(chat)]
            async with self.store.unit() as unit:
                await self.community.answered(unit, ask, choice, self.now, late=late)
        return await self.round()

    async def say_whoever(self, choice: str, number: int, report: str = REPORT) -> Round:
        """Let so many of those who were asked, and are silent, answer."""
        for _ in range(number):
            asked = await self.asked(report)
            silent = [ask for ask in asked.values() if ask.state == "waiting"]
            async with self.store.unit() as unit:
                await self.community.answered(unit, silent[0], choice, self.now, late=False)
        return await self.round(report)

    async def moderate(self, wanted: Act, report: str = REPORT) -> None:
        """Let a moderator decide."""
        reviews = Reviews(self.store, self.programme, locale_of)
        by = Moderator(ModeratorId(7))
        for act in (Claim(), wanted):
            async with self.store.unit() as unit:
                case = await cases.of(unit, report)
                assert case is not None
                done = await reviews.act(unit, by, report, case.version, act, self.now)
                assert isinstance(done, Acted), done
