"""What a verdict of residents brings with it: who is asked no more, who looks, who hears of it.

Nothing is said here: whatever people are to hear is planned (`due`), all of a day together, and put
to them gently by `asking`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot import records
from bot.casebook import keep_weighed
from bot.choosing import KIND, plan_gently, subject_of
from bot.opened import Opened
from conversations.plain import to_plain
from conversations.programme import Programme
from conversations.reviewing.cases import Case
from conversations.sheets.flags import Severity
from conversations.validating.questions import OBJECTION, Why
from conversations.validating.telling import (
    ToReporter,
    contradicted,
    news_for_reporter,
    objected,
)
from conversations.verdicts.grades import Graded, worded
from storage import asks, audit, cases, due, flags
from storage.flags import Raised
from storage.moments import to_kept
from storage.reporters import Reporter
from storage.rounds import Round, RoundId
from storage.store import Store, Unit

NEWS, RESIDENTS, OBJECTED = "news", "confirmed", "objected"
"""Kinds of rows: what came of one's answers; what others say of one's report; what came of it that
one would not have a question asked."""

DISPUTED: Final = "disputed"
"""The flag that residents raise together."""

NEWS_AFTER: Final = timedelta(hours=18)
"""So much later one hears what came of one's answers, all of a day together."""


@dataclass(frozen=True, slots=True)
class Consequences:
    """Does what verdicts of one programme bring with them, in the caller's unit."""

    store: Store
    programme: Programme

    async def change(  # noqa: PLR0913, PLR0917 - a round before and after, what it is about, when.
        self, unit: Unit, before: Round, after: Round, about: Opened, now: datetime, why: str = ""
    ) -> None:
        """Do what a verdict brings with it that is another than before.

        `why` is set where the change is none of the people's, and is written down then.
        """
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

    async def objection(
        self, unit: Unit, one: Round, by: Reporter, why: Why, now: datetime
    ) -> None:
        """Let moderators look at a question that somebody says should not be asked."""
        words, name = to_plain(objected(why)), OBJECTION + why
        about = (one.begun.instance_id, self.programme.name, "person", name)
        grave = Severity.HIGH if why in {"harm", "who"} else Severity.MEDIUM
        flag = Raised(*about, grave, words, now, raised_by=by)  # type: ignore[arg-type]  # One of the three sources.
        await flags.raise_(unit, flag)
        await self._to_moderators(unit, one, now)

    async def judgement_of_objections(self, unit: Unit, instance_id: str, now: datetime) -> None:
        """Plan to tell whoever would not have it asked what a moderator made of that."""
        await due.cancel_about(unit, instance_id, now, "decided anew", OBJECTED)
        for objector, flag_name in await flags.judged_people(unit, instance_id):
            if flag_name.startswith(OBJECTION):
                dedupe = f"{OBJECTED}:{instance_id}:{objector}:{to_kept(now)}"
                what = ("", instance_id, dedupe, dict[str, int]())
                about = (unit, self.programme, objector, OBJECTED)
                await plan_gently(*about, what, now, NEWS_AFTER)


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
