"""Others are asked about a report: a round begins, is answered, decided, and opened again.

A round asks as few people as could decide it, then more while it is not decided. What it adds up to
is worked out anew after each answer, from all of them. Nothing is said here: whatever people are to
hear is planned (`due`), and put to them gently by `validating`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from bot import records
from bot.casebook import keep_weighed
from bot.choosing import KIND, Whom, more_people, plan_gently, subject_of
from bot.kept import Report
from bot.opened import Opened, opened
from bot.plans import sheets_of
from conversations.areas import area_at
from conversations.plain import to_plain
from conversations.programme import Programme
from conversations.reviewing.cases import Case, Outcome
from conversations.sheets.flags import Severity
from conversations.sheets.validations import Validation, may_be_asked
from conversations.validating.questions import OBJECTION, Why
from conversations.validating.rules import confirming_of, first_place, reached, rule_of
from conversations.validating.telling import (
    ToReporter,
    contradicted,
    news_for_reporter,
    objected,
)
from conversations.verdicts.answers import counted
from conversations.verdicts.deciding import Verdict, verdict
from conversations.verdicts.grades import Graded, graded, worded
from conversations.verdicts.reliability import Reliabilities
from conversations.xform.editing import read_submission
from conversations.xform.instance import Instance
from storage import asks, audit, cases, due, flags, reliabilities, rests, rounds, submissions
from storage.asks import Ask
from storage.flags import Raised
from storage.moments import to_kept
from storage.reporters import Reporter
from storage.rounds import Begun, Round, RoundId
from storage.store import Reading, Store, Unit

NEWS, RESIDENTS, OBJECTED = "news", "confirmed", "objected"
"""Kinds of rows: what came of one's answers; what others say of one's report."""

DISPUTED: Final = "disputed"
"""The flag that residents raise together."""

NEWS_AFTER: Final = timedelta(hours=18)
"""So much later one hears what came of one's answers, all of a day together."""

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
            words, name = to_plain(objected(why)), OBJECTION + why
            about = (one.begun.instance_id, self.programme.name, "person", name)
            grave = Severity.HIGH if why in {"harm", "who"} else Severity.MEDIUM
            flag = Raised(*about, grave, words, now, raised_by=ask.validator)  # type: ignore[arg-type]  # One of the three sources.
            await flags.raise_(unit, flag)
            await self._to_moderators(unit, one, now)
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
        await self._follow(unit, one, after, about, now, why)
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
        await self._follow(unit, one, after, about, now, "")
        if after.state == "open":
            known = await self.knowledge.of(unit, self.programme.name, about.rule.classes)
            whom = Whom(self.store, self.programme, after, about, asked, known)
            await records.ask_keeper(unit, whom, now)
        if (after.yes, after.no) != (one.yes, one.no):
            for other in await rounds.of(unit, one.begun.instance_id):
                if other.id != one.id and other.begun.classes == one.begun.classes:
                    await self.settle(unit, other.id, now)
        return after

    async def _follow(  # noqa: PLR0913, PLR0917 - a round before and after, what it is about, when.
        self, unit: Unit, before: Round, after: Round, about: Opened, now: datetime, why: str
    ) -> None:
        """Do what a changed verdict brings with it."""
        if after.state != "open" and before.state == "open":
            await self._stop_asking(unit, after.id, now)
        if why and _said(before) != _said(after):
            body = {"name": after.begun.name, "before": _said(before), "after": _said(after)}
            await audit.note(unit, self.store, "system", why, after.begun.instance_id, now, body)
        if after.disagrees and not before.disagrees:
            body = {"name": after.begun.name, "moderator": after.moderator}
            what = "residents disagree"
            await audit.note(unit, self.store, "system", what, after.begun.instance_id, now, body)
        if after.grade == "disputed" != before.grade:
            await self._dispute(unit, after, about, now)
        if after.state == "decided":
            await self._plan_news(unit, after, about, now)

    async def _stop_asking(self, unit: Unit, round_id: RoundId, now: datetime) -> None:
        """Put the question to nobody any more; who has it already may still answer."""
        for ask in await asks.of_round(unit, round_id):
            dedupe = f"{KIND}:{ask.id}"
            if ask.source == "record":
                await records.stop(unit, ask, now)
            elif not ask.is_control and ask.state == "waiting":
                await asks.become(unit, ask.id, "expired")
                await due.cancel_under(unit, dedupe, now, "decided")
            elif not ask.is_control:
                await due.become_asked(unit, dedupe, "done", now, "decided")

    async def _dispute(self, unit: Unit, one: Round, about: Opened, now: datetime) -> None:
        by_record = about.row.lookup is not None
        words = to_plain(contradicted() if by_record else worded(graded_of(one)))
        where = (one.begun.instance_id, self.programme.name)
        severity = Severity.HIGH if one.state == "decided" else Severity.MEDIUM
        flag = Raised(*where, "check", DISPUTED, severity, words, now, about=(about.row.name,))
        await flags.raise_(unit, flag)
        await self._to_moderators(unit, one, now)

    async def _to_moderators(self, unit: Unit, one: Round, now: datetime) -> None:
        begun = one.begun
        standing = await flags.of(unit, begun.instance_id)
        case = await cases.of(unit, begun.instance_id)
        fresh = Case(
            *(begun.instance_id, begun.form_id, begun.language, now, Severity.LOW),
            area=begun.area,
        )
        await keep_weighed(unit, self.programme, case, fresh, standing, now)

    async def _plan_news(self, unit: Unit, one: Round, about: Opened, now: datetime) -> None:
        """Plan to tell those who answered, all of a day together, and the reporter."""
        for validator in await asks.untold(unit, one.id):
            nothing: dict[str, int] = {}
            news = ("", validator, await _news_of_day(unit, validator, now), nothing)
            await plan_gently(unit, self.programme, validator, NEWS, news, now, NEWS_AFTER)
        if to_reporter(one) is not None and one.decided_at is not None:
            dedupe = f"{RESIDENTS}:{one.id}:{to_kept(one.decided_at)}"
            what = (about.row.name, subject_of(one.id), dedupe, {"round": int(one.id)})
            await plan_gently(unit, self.programme, about.reporter, RESIDENTS, what, now)

    # Moderators

    async def moderated(
        self, unit: Unit, instance_id: str, outcome: Outcome, now: datetime
    ) -> None:
        """Let a moderator's decision count as the truth about a report, or take that back.

        Whoever said that it should not be asked about hears what came of it, some hours later.
        """
        await due.cancel_about(unit, instance_id, now, "decided anew", OBJECTED)
        for objector, flag_name in await flags.judged_people(unit, instance_id):
            if flag_name.startswith(OBJECTION):
                dedupe = f"{OBJECTED}:{instance_id}:{objector}:{to_kept(now)}"
                what = ("", instance_id, dedupe, dict[str, int]())
                about = (unit, self.programme, objector, OBJECTED)
                await plan_gently(*about, what, now, NEWS_AFTER)
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
        last, looked_at = 0, len(over)
        while True:
            async with self.store.reading() as reading:
                page = await rounds.under_way(reading, last, PAGE)
            for one in page:
                if one.begun.programme == self.programme.name:
                    async with self.store.unit() as unit:
                        await self.settle(unit, one.id, now)
            looked_at += len(page)
            if len(page) < PAGE:
                return looked_at
            last = page[-1].id

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


async def begin(report: Report) -> None:
    """Begin the rounds that a report asks for; end or renew those of a changed one."""
    rows = {row.name: row for row in _askable(report)}
    community = Community(report.store, report.programme)
    for one in await rounds.of(report.unit, report.original):
        row = rows.pop(one.begun.name, None)
        await _changed(report, community, one, row)
    for row in sorted(rows.values(), key=lambda row: row.lookup is None):
        begun = _begun(report, row)
        fresh = await rounds.begin(report.unit, begun) if begun else None
        if fresh is not None:
            await community.settle(report.unit, fresh.id, report.now)


def _askable(report: Report) -> tuple[Validation, ...]:
    """Return the rows by which others may be asked about a report: none while it alarms."""
    programme = report.programme
    sheets = sheets_of(programme, report.form_id, report.form_version)
    alarms = any(flag.stops and report.instance.holds(flag.relevant) for flag in sheets.flags)
    if alarms or not programme.validation.asks:
        return ()
    rows = may_be_asked(sheets.validations, report.instance)
    return tuple(row for row in rows if row.high_risk or not programme.is_high_risk)


def _begun(report: Report, row: Validation) -> Begun | None:
    programme, now = report.programme, report.now
    confirming = confirming_of(row, report.instance)
    if not confirming:
        return None
    rule = rule_of(row, report.instance.form, confirming, programme.validation)
    place = first_place(report.instance)
    drawn = area_at(programme.areas, place) if place else ""
    area = reached(row, report.instance, programme.areas).area or drawn
    about = (report.original, programme.name, report.form_id, row.name, report.language, area)
    return Begun(*about, rule.classes, confirming, now, row.expires.after(now))


async def _changed(
    report: Report, community: Community, one: Round, row: Validation | None
) -> None:
    """Ask anew about a report whose quoted answers were changed; nothing where it says no more."""
    if row is not None and await _quotes_the_same(report, row):
        return
    await asks.withdraw(report.unit, one.id)
    await due.cancel_about(report.unit, subject_of(one.id), report.now, "changed")
    if row is None:
        await rounds.keep(report.unit, replace(one, state="void"))
        return
    confirming, until = confirming_of(row, report.instance), row.expires.after(report.now)
    await rounds.reopen(report.unit, one.id, report.now, until, confirming)
    await community.settle(report.unit, one.id, report.now)


async def _quotes_the_same(report: Report, row: Validation) -> bool:
    before = await submissions.by_id(report.unit, report.replaces)
    if before is None or before.form_version != report.form_version:
        return before is None
    form, spoken = report.instance.form, report.instance.surroundings
    earlier = read_submission(form, before.xml, spoken)
    return _quoted(row, earlier) == _quoted(row, report.instance)


def _quoted(row: Validation, instance: Instance) -> list[str]:
    return [instance.worked_out(one.expression) for one in row.question.quoted]


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


def _said(one: Round) -> list[str | int]:
    return [one.grade, one.yes, one.no]


async def _news_of_day(unit: Unit, validator: Reporter, now: datetime) -> str:
    """Return the key under which the day's news wait for somebody, another once they were told."""
    dedupe = f"{NEWS}:{validator}:{now.date()}"
    planned = await due.by_dedupe(unit, dedupe)
    return dedupe if planned is None or planned.state == "waiting" else f"{dedupe}:{now.hour}"


def to_reporter(one: Round) -> ToReporter | None:
    """Say what a round's reporter is to hear of it that they were not told yet."""
    return news_for_reporter(one.told, one.grade, decided=one.state == "decided")


def graded_of(one: Round) -> Graded:
    """Return a round's grade with its counts."""
    return Graded(one.grade, one.yes, one.no)


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
