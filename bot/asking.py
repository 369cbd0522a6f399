"""Questions about others' reports, and what came of them, put to people when their time has come.

`coming` calls these for the kinds of rows that `choosing` and `consequences` plan, and those of
numbers and registers; whether now is the time for somebody is for `person` to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot import clarifying, coordinators
from bot.aftermath import let_go_silent
from bot.asked import asked_of
from bot.choosing import KIND
from bot.consequences import NEWS, OBJECTED, RESIDENTS, to_reporter
from bot.count_checks import KIND as COUNT
from bot.count_checks import OBJECTION, CountChecks, question_of
from bot.dispatch import Dispatch
from bot.estimating import estimate_all
from bot.misreading import Daily
from bot.objections import Objections
from bot.opened import opened
from bot.person import Person, Put
from bot.published import Published
from bot.records import KIND as RECORD
from bot.residents import asked_about
from conversations.events import QuestionsCame
from conversations.followups.gentle import Drop, Now, Verdict
from conversations.phrases import Locale
from conversations.replies import Send
from conversations.validating import objections, questions, telling
from conversations.validating.counts import Tally, doubted
from storage import (
    asks,
    consents,
    count_asks,
    counts,
    flags,
    reach,
    rounds,
)
from storage.asks import Ask
from storage.counts import CountCheck
from storage.due import Due
from storage.rounds import RoundId

NEWS_MAX = 100
"""Answers whose outcome is told in one message."""

COUNTS_MAX = 50
TOLD_WITHIN = timedelta(days=30)
"""So long after a number was first asked about coordinators hear that people doubt it."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Puts what the community is asked, and tells what came of it."""

    dispatch: Dispatch
    daily: Daily = field(default_factory=Daily)

    async def look_after(self) -> None:
        """Learn who is reliable, end rounds whose time is over, ask more where some are silent.

        Reports whose authors do not say whether they are right go on, too, and whoever doubted a
        published figure hears what came of it.
        """
        store, now = self.dispatch.store, self.dispatch.now()
        async with store.reading() as reading:
            community = await self.dispatch.reception.community(reading)
        await let_go_silent(store, community.programme, now)
        terms, name = community.programme.validation, community.programme.name
        if await estimate_all(store, name, now, probation=terms.probation):
            await community.look_again(now)
        await community.look_after(now)
        told = await self.daily.look(store, community.programme, self.dispatch.locale_of, now)
        for contact in told:
            self.dispatch.outgoing.look(contact.id)
        await Published(store, community.programme, self.dispatch.locale_of).tell(now)
        counting = CountChecks(store, community.programme)
        await counting.look_after(now)
        await Objections(counting).look_after(now)
        await self._tell_coordinators(counting, now)

    def puts(self) -> Mapping[str, Put]:
        """Return who puts which kind of row."""
        puts = {KIND: self._question, NEWS: self._news, RESIDENTS: self._to_reporter}
        puts |= {OBJECTED: self._objected, COUNT: self._count, OBJECTION: self._objection}
        return {**puts, RECORD: self._lookup, **clarifying.puts()}

    async def _lookup(self, person: Person, row: Due) -> None:
        """Ask somebody to look something up, in a form of their own."""
        unit, now = person.unit, person.now
        ask = await asks.by_id(unit, int(row.planned.body["ask"]))
        asked = await asked_of(unit, person.programme, row, person.locale, now)
        if ask is None or asked is None or ask.state not in {"waiting", "asked"}:
            await person.settle(row, "cancelled", "over")
            return
        if not await self._may_go(person, row, ask, person.verdict(row)):
            return
        event, reporter = QuestionsCame((asked,)), person.reach.reporter
        await person.hear(event)
        await asks.note_put(unit, ask.id, now)
        await person.settle(row, "asked")
        await reach.note_asked(unit, reporter, now)

    async def _may_go(self, person: Person, row: Due, ask: Ask, said: Verdict) -> bool:
        """Tell whether a question may be put now; if not, do what was said of it."""
        if isinstance(said, Now):
            return True
        await person.follow(row, said)
        if isinstance(said, Drop):
            community = await self.dispatch.reception.community(person.unit)
            await community.without_answer(person.unit, ask, person.now)
        return False

    async def _question(self, person: Person, row: Due) -> None:
        unit, programme, now = person.unit, person.programme, person.now
        ask = await asks.by_id(unit, int(row.planned.body["ask"]))
        one = await rounds.by_id(unit, ask.round_id) if ask else None
        about = await opened(unit, programme, one) if one else None
        stands = one is not None and (one.state == "open" or bool(ask and ask.is_control))
        if ask is None or about is None or ask.state != "waiting" or not stands:
            await person.settle(row, "cancelled", "over")
            return
        said = person.verdict(row) if await _agrees(person) else Drop("stopped")
        if not await self._may_go(person, row, ask, said):
            return
        question = await about.question(unit, programme, ask.id, person.locale, now)
        await person.say(questions.put(question))
        await asks.note_put(unit, ask.id, now, about.standing.submission.form_version)
        await person.settle(row, "asked")
        await reach.note_asked(unit, person.reach.reporter, now)

    async def _count(self, person: Person, row: Due) -> None:
        """Put a number to somebody of its place, as long as it may be shown."""
        unit, now, reporter = person.unit, person.now, person.reach.reporter
        counting = CountChecks(self.dispatch.store, person.programme)
        ask = await count_asks.by_id(unit, int(row.planned.body["ask"]))
        check = await counts.hold(unit, ask.check_id) if ask else None
        asked = asked_about(counting, check, ask.id, person.locale) if ask and check else None
        waits = check is not None and check.state == "open" and ask is not None
        if check is None or ask is None or not waits or ask.state != "waiting" or asked is None:
            await person.settle(row, "cancelled", "over")
            return
        if not await counting.may_be_put(unit, check):
            await person.settle(row, "cancelled", "too few")
            await counting.close(unit, check, now)
            return
        said = person.verdict(row)
        if person.reach.area != check.number.place or not await _agrees(person):
            said = Drop("stopped")
        if not isinstance(said, Now):
            await person.follow(row, said)
            if isinstance(said, Drop):
                await counting.without_answer(unit, ask, now)
            return
        await person.say(questions.put(asked))
        await count_asks.note_put(unit, ask.id, now)
        await person.settle(row, "asked")
        await reach.note_asked(unit, reporter, now)

    async def _tell_coordinators(self, counting: CountChecks, now: datetime) -> None:
        """Tell coordinators of the numbers that people doubt, each once."""
        dispatch, name = self.dispatch, counting.programme.name
        async with dispatch.store.reading() as reading:
            found = await counts.untold(reading, name, now - TOLD_WITHIN, COUNTS_MAX)
        for check in found:
            async with dispatch.store.unit() as unit:
                said = count_asks.tally_of(await count_asks.of_check(unit, check.id))
                words = partial(_doubted, counting, check, said)
                await coordinators.tell(unit, counting.programme, dispatch.locale_of, words, now)
                await counts.note_told(unit, check)

    async def _news(self, person: Person, row: Due) -> None:
        """Tell a validator, all at once, what came of the reports they looked at."""
        unit, validator = person.unit, person.reach.reporter
        known = await asks.news(unit, validator, NEWS_MAX)
        if await self._may_tell(person, row, worth=bool(known)):
            await person.say(telling.news(known.values()))
            for ask_id, came in known.items():
                await asks.note_heard(unit, ask_id, came.outcome)

    async def _objected(self, person: Person, row: Due) -> None:
        """Tell somebody what came of it that a question should not be asked, as they said."""
        about = (row.planned.subject, person.reach.reporter)
        verdict = await flags.verdict_of(person.unit, *about)
        if await self._may_tell(person, row, worth=bool(verdict)):
            await person.say(telling.objection(right=verdict == "right"))

    async def _objection(self, person: Person, row: Due) -> None:
        """Tell somebody what came of it that a number should not be asked about, as they said."""
        ask = await count_asks.by_id(person.unit, int(row.planned.body["ask"]))
        if await self._may_tell(person, row, worth=bool(ask and ask.outcome)):
            assert ask is not None  # noqa: S101 - it is worth telling.
            await person.say(objections.came(ask.outcome))

    async def _to_reporter(self, person: Person, row: Due) -> None:
        """Tell a reporter that others confirmed their report, or doubt it since."""
        unit = person.unit
        one = await rounds.by_id(unit, RoundId(int(row.planned.body["round"])))
        about = await opened(unit, person.programme, one) if one else None
        what = to_reporter(one) if one is not None else None
        worth = what is not None and about is not None
        if await self._may_tell(person, row, worth=worth):
            assert one is not None  # noqa: S101 - it is worth telling.
            assert what is not None  # noqa: S101 - as above.
            assert about is not None  # noqa: S101 - as above.
            code = about.standing.submission.receipt
            await person.say(telling.to_reporter(what, code, one.yes))
            await rounds.note_told(unit, one.id, one.grade)

    async def _may_tell(self, person: Person, row: Due, *, worth: bool) -> bool:
        """Settle a row that only tells something; say whether to tell it now."""
        if not worth:
            await person.settle(row, "cancelled", "over")
            return False
        if not await person.is_time_for(row):
            return False
        await person.settle(row, "done")
        return True


def _doubted(counting: CountChecks, check: CountCheck, said: Tally, locale: Locale) -> Send:
    text = question_of(counting, check, locale) or check.number.name
    return doubted(text, said, check.says)


async def _agrees(person: Person) -> bool:
    """Tell whether somebody's consent stands, where the programme asks for one."""
    programme = person.programme
    if not any(programme.consent.text.values()):
        return True
    agreed = await consents.standing(person.unit, person.reach.reporter, programme.name)
    return bool(agreed)
