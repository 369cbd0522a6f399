"""Others are asked about a report: a round is answered, decided, and opened again.

A round asks as few people as could decide it, then more while it is not decided. What it adds up to
is worked out anew after each answer, from all of them; what that brings with it is for
`consequences`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from bot import records
from bot.choosing import KIND, Whom, more_people
from bot.consequences import NEWS, OBJECTED, Consequences
from bot.opened import Opened, opened
from conversations.programme import Programme
from conversations.reviewing.cases import Outcome
from conversations.validating.questions import Why
from conversations.verdicts.answers import counted
from conversations.verdicts.deciding import Verdict, verdict
from conversations.verdicts.grades import graded
from conversations.verdicts.reliability import Reliabilities
from storage import asks, due, reliabilities, rests, rounds
from storage.asks import Ask
from storage.reporters import Reporter
from storage.rounds import Round, RoundId
from storage.store import Reading, Store, Unit

PATIENCE_SHARE: Final = 1 / 3
"""Of a round's time; whoever has not answered for so long is not waited for any more."""

PAGE: Final = 100


@dataclass(slots=True)
class Knowledge:
    """What is known of validators, read again only when it was estimated anew."""

    read: dict[tuple[str, tuple[str, ...]], tuple[datetime, Reliabilities]] = field(
        default_factory=dict
    )

    async def of(self, reading: Reading, programme: str, classes: tuple[str, ...]) -> Reliabilities:
        """Return all that is known of those who answer questions with these classes."""
        last = await reliabilities.estimate(reading, programme, classes)
        if last is None:
            return Reliabilities(classes)
        known = self.read.get((programme, classes))
        if known is None or known[0] != last.estimated_at:
            known = (last.estimated_at, await reliabilities.known(reading, programme, classes))
            self.read[programme, classes] = known
        return known[1]


@dataclass(frozen=True, slots=True)
class Community:
    """Keeps the rounds of one programme going."""

    store: Store
    programme: Programme
    knowledge: Knowledge = field(default_factory=Knowledge)

    @property
    def _brings(self) -> Consequences:
        return Consequences(self.store, self.programme)

    # Answers

    async def answered(
        self, unit: Unit, ask: Ask, choice: str, now: datetime, *, late: bool
    ) -> Round | None:
        """Keep an answer and work out what its round comes to."""
        await asks.answer(unit, ask.id, choice, now, late=late)
        return await self.settle(unit, ask.round_id, now)

    async def without_answer(self, unit: Unit, ask: Ask, now: datetime) -> None:
        """Take it that somebody does not answer, and ask somebody else."""
        await asks.become(unit, ask.id, "declined")
        await self.settle(unit, ask.round_id, now)

    async def declined(self, unit: Unit, ask: Ask, now: datetime) -> None:
        """Take it that somebody leaves a question out, also one that they had answered."""
        await asks.take_back(unit, ask.id)
        await self.without_answer(unit, ask, now)

    async def objected(self, unit: Unit, ask: Ask, why: Why, now: datetime) -> None:
        """Take it that somebody says a question should not be asked; a moderator looks."""
        one = await rounds.by_id(unit, ask.round_id)
        if one is not None:
            await self._brings.objection(unit, one, ask.validator, why, now)
        await self.without_answer(unit, ask, now)

    # What it comes to

    async def settle(
        self, unit: Unit, round_id: RoundId, now: datetime, why: str = ""
    ) -> Round | None:
        """Work out a round anew, keep what it comes to, and ask more people while it is open.

        `why` is set where the change is none of the people's, and is written down then.
        """
        one = await rounds.hold(unit, round_id)
        about = await opened(unit, self.programme, one) if one is not None else None
        if one is None or about is None or one.state == "void":
            return one
        asked = await asks.of_round(unit, round_id)
        if about.row.lookup is not None:
            return await self._settle_record(unit, one, about, asked, now)
        known = await self.knowledge.of(unit, self.programme.name, about.rule.classes)
        came = await self._came(unit, one, about, asked, known)
        after = _after(one, came, about, now)
        await rounds.keep(unit, after)
        await self._brings.change(unit, one, after, about, now, why)
        if after.state == "open":
            whom = Whom(self.store, self.programme, after, about, asked, known)
            number = came.to_ask(_waited_for(whom, now))
            if number:
                await more_people(unit, whom, number, now)
        return after

    async def _came(
        self,
        reading: Reading,
        one: Round,
        about: Opened,
        asked: tuple[Ask, ...],
        known: Reliabilities,
    ) -> Verdict:
        """Work out what a round comes to by all that was answered."""
        looked_up = await asks.records(reading, one.begun.instance_id)
        said = [ask.said for ask in asked if ask.said is not None]
        said += records.answers(looked_up, about.rule)
        return verdict(
            counted(said, one.decided_at if one.state == "decided" else None),
            known,
            about.rule,
            stood=one.says or None,
            moderator=one.moderator or None,
        )

    async def _settle_record(
        self, unit: Unit, one: Round, about: Opened, asked: tuple[Ask, ...], now: datetime
    ) -> Round:
        """Settle what is looked up; what residents say of the same report is weighed with it."""
        answered = [ask for ask in asked if ask.state == "answered"]
        after = records.after(one, answered, now)
        await rounds.keep(unit, after)
        await self._brings.change(unit, one, after, about, now)
        if after.state == "open":
            known = await self.knowledge.of(unit, self.programme.name, about.rule.classes)
            whom = Whom(self.store, self.programme, after, about, asked, known)
            await records.ask_keeper(unit, whom, now)
        if (after.yes, after.no) != (one.yes, one.no):
            for other in await rounds.of(unit, one.begun.instance_id):
                if other.id != one.id and other.begun.classes == one.begun.classes:
                    await self.settle(unit, other.id, now)
        return after

    # Moderators

    async def moderated(
        self, unit: Unit, instance_id: str, outcome: Outcome, now: datetime
    ) -> None:
        """Let a moderator's decision count as the truth about a report, or take that back.

        Whoever said that it should not be asked about hears what came of it, some hours later.
        """
        await self._brings.judgement_of_objections(unit, instance_id, now)
        for one in await rounds.of(unit, instance_id):
            says = _truth(one, outcome)
            if says != one.moderator and one.state != "void":
                await rounds.moderate(unit, one.id, says, now)
                await self.settle(unit, one.id, now)

    # What comes round

    async def look_after(self, now: datetime) -> int:
        """End rounds whose time is over, and ask more people where some did not answer."""
        async with self.store.unit() as unit:
            over = await rounds.expired(unit, now, PAGE)
            for one in over:
                await self.settle(unit, one.id, now)
        looked_at = len(over)
        async for one in self._under_way():
            looked_at += 1
            if one.begun.programme == self.programme.name:
                async with self.store.unit() as unit:
                    await self.settle(unit, one.id, now)
        return looked_at

    async def _under_way(self) -> AsyncIterator[Round]:
        """Go through the rounds that are not decided, page by page."""
        last = 0
        while last >= 0:
            async with self.store.reading() as reading:
                page = await rounds.under_way(reading, last, PAGE)
            for one in page:
                yield one
            last = page[-1].id if len(page) == PAGE else -1

    async def look_again(self, now: datetime) -> int:
        """Work out anew what residents decided lately, after it was learnt who is reliable.

        What no longer holds is opened again, as long as its time is not over; return how many.
        """
        last, opened_again = 0, 0
        while True:
            async with self.store.reading() as reading:
                page = await rounds.decided_in_time(reading, self.programme.name, now, last, PAGE)
                fallen = [one for one in page if not await self._holds(reading, one)]
            for one in fallen:
                async with self.store.unit() as unit:
                    await self.settle(unit, one.id, now, "reliabilities estimated")
            opened_again += len(fallen)
            if len(page) < PAGE:
                return opened_again
            last = page[-1].id

    async def _holds(self, reading: Reading, one: Round) -> bool:
        about = await opened(reading, self.programme, one)
        if about is None or about.row.lookup is not None:
            return True
        asked = await asks.of_round(reading, one.id)
        known = await self.knowledge.of(reading, self.programme.name, about.rule.classes)
        came = await self._came(reading, one, about, asked, known)
        return (came.state, came.says) == ("decided", one.says)

    async def forget(self, unit: Unit, validator: Reporter, now: datetime) -> int:
        """Erase what somebody said about others' reports; work their verdicts out again."""
        of_rounds = await asks.erase(unit, validator)
        await reliabilities.erase(unit, validator)
        await rests.end(unit, validator)
        for kind in (KIND, NEWS, OBJECTED):
            await due.cancel_for(unit, validator, now, "erased", kind)
        for round_id in of_rounds:
            await self.settle(unit, round_id, now, "validator erased")
        return len(of_rounds)


def _after(one: Round, came: Verdict, about: Opened, now: datetime) -> Round:
    """Return a round as its verdict leaves it."""
    grade = graded(came, about.rule)
    over = came.state == "open" and now >= one.begun.expires_at
    state = "expired" if over else came.state
    decided = came.state == "decided"
    same = decided and one.state == "decided" and one.says == came.says
    return replace(
        one,
        state=state,
        says=came.says or "",
        why=came.why,
        grade=grade.grade,
        yes=grade.yes,
        no=grade.no,
        disagrees=came.disagrees,
        decided_at=(one.decided_at if same else now) if decided else None,
    )


def _truth(one: Round, outcome: Outcome) -> str:
    """Return the class that a moderator's decision says is right; blank where it says nothing."""
    confirming = one.begun.confirming
    if outcome in {"approved", "verified"}:
        return confirming
    others = [name for name in one.begun.classes if name != confirming]
    return others[0] if outcome == "rejected" and len(others) == 1 else ""


def _waited_for(whom: Whom, now: datetime) -> int:
    """Count the people who were asked and are still expected to answer."""
    begun = whom.round.begun
    since = now - (begun.expires_at - begun.began_at) * PATIENCE_SHARE
    return sum(ask.state in {"waiting", "asked"} and ask.planned_at > since for ask in whom.asked)
