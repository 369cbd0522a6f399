"""Published figures that people doubt: their doubts kept, what moderators decide, done.

Both faces go through `act`. A figure that is corrected or withdrawn is put right in what of its
results has not been sent yet, and the next results say so; who doubted it is told by `tell`, page
by page, so that a crowd of doubts holds nobody up, in the hours in which each may be written to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.moods import mood_of
from bot.rendering import render
from conversations.campaigning.doubts import settled
from conversations.campaigning.message import Message
from conversations.campaigning.results import worded
from conversations.followups.gentle import Wait, verdict
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.replies import Send
from conversations.reviewing.deciding import Moderator, Refused
from conversations.reviewing.published import (
    Count,
    Figure,
    FigureAct,
    FigureCase,
    Reason,
    Recount,
    act_on_figure,
    figure_look_by,
    severity_of,
    was_right,
)
from conversations.reviewing.weights import Record, weight_of_case
from storage import audit, campaigns, contacts, figure_cases, outbox, reach, sessions
from storage.contacts import Contact
from storage.figure_cases import Doubter
from storage.reporters import Reporter
from storage.store import Reading, Store, Unit

TOLD_AT_ONCE: Final = 100
"""So many people are told in one unit what became of their doubts."""

DOUBTS_A_DAY: Final = 20
"""Figures one person may doubt within a day."""


@dataclass(frozen=True, slots=True)
class Published:
    """Keeps doubts about the figures of one programme, and does what is decided about them."""

    store: Store
    programme: Programme
    locale_of: Callable[[str], Locale]

    async def doubt(  # noqa: PLR0913, PLR0917 - who doubts which figure of which message, how and when.
        self,
        unit: Unit,
        by: Reporter,
        contact: Contact,
        campaign: int,
        figure: Figure,
        shown: Count,
        reason: Reason,
        now: datetime,
    ) -> bool:
        """Keep that somebody doubts a figure; False where they do already, or it is decided."""
        case = await figure_cases.open_(unit, self.programme.name, figure, campaign, shown, now)
        if case.state == "decided":
            return False
        doubt = (case.number, by, contact.id, reason, now)
        if not await figure_cases.raise_(unit, self.store, *doubt):
            return False
        await _weigh(unit, self.programme, case)
        return True

    async def doubted_enough(self, unit: Unit, by: Reporter, now: datetime) -> bool:
        """Tell whether somebody has doubted as many figures lately as one person may."""
        lately = await figure_cases.raised_since(unit, by, now - timedelta(days=1))
        return lately >= DOUBTS_A_DAY

    async def act(  # noqa: PLR0913, PLR0917 - who does what with which figure as it was seen, when.
        self,
        unit: Unit,
        by: Moderator,
        number: int,
        seen: int,
        wanted: FigureAct,
        now: datetime,
        recount: Recount | None = None,
    ) -> FigureCase | Refused:
        """Do one act to a figure's case and keep all that comes of it; or say why not."""
        case = await figure_cases.hold(unit, self.programme.name, number)
        if case is None:
            return "not decided"
        after = act_on_figure(case, wanted, by, seen, now, self.programme.moderation.rules, recount)
        if not isinstance(after, FigureCase):
            return after
        await _keep(unit, self.programme, after, case.version)
        if wanted == "undo":
            await figure_cases.unjudge(unit, number)
        if case.outcome != after.outcome:
            await self._put_right(unit, after, now)
        body = {"version": after.version, "outcome": after.outcome}
        who, about = f"role:{by.id}", subject_of(number)
        await audit.note(unit, self.store, who, FIGURE_ACTS[wanted], about, now, body)
        return after

    async def tell(self, now: datetime) -> int:
        """Tell those whose doubts were decided what came of them; return how many were met."""
        met, last, page = 0, 0, TOLD_AT_ONCE
        while page == TOLD_AT_ONCE:
            about = (self.programme.name, TOLD_AT_ONCE, last)
            async with self.store.reading() as reading:
                waiting = await figure_cases.untold(reading, *about)
                ready = [one for one in waiting if await self._may_hear(reading, one, now)]
            page = len(waiting)
            met += len(ready)
            last = waiting[-1].id if waiting else last
            if ready:
                async with self.store.unit() as unit:
                    await self._tell_page(unit, ready, now)
        return met

    async def _may_hear(self, reading: Reading, one: Doubter, now: datetime) -> bool:
        """Tell whether it is the time to write to somebody; who wants nothing more never waits."""
        known = await reach.of(reading, one.reporter)
        session = await sessions.current(reading, one.reporter, self.programme.name)
        about = (reading, self.programme, one.reporter, known, session, now)
        said = verdict(now, now, await mood_of(*about), seed=f"figure {one.id}")
        return not isinstance(said, Wait)

    async def _tell_page(self, unit: Unit, page: Sequence[Doubter], now: datetime) -> None:
        for number in sorted({one.figure for one in page}):
            case = await figure_cases.hold(unit, self.programme.name, number)
            if case is None or case.state != "decided":
                continue  # It was taken back meanwhile.
            fresh = [one for one in page if one.figure == number]
            verdicts = {one.id: was_right(one.reason, case) for one in fresh}
            judged = await figure_cases.judge(unit, verdicts)
            for one in fresh:
                if one.id in judged:
                    await self._tell(unit, one, case, now)

    async def _tell(self, unit: Unit, one: Doubter, case: FigureCase, now: datetime) -> None:
        contact_id = figure_cases.contact_of(self.store, one)
        contact = await contacts.by_id(unit, contact_id)
        known = await reach.of(unit, one.reporter)
        if contact is None or contact.state != "active" or (known and known.stopped):
            return
        locale = self.locale_of(contact.language or self.programme.languages[0])
        calls = render((Send((settled(self.programme, case, locale),)),), locale)
        await outbox.put_behind(unit, contact.id, calls, now)

    async def _put_right(self, unit: Unit, case: FigureCase, now: datetime) -> None:
        """Let what has not been sent yet of a month's results tell the figure as it is now."""
        name = self.programme.name
        campaign = await campaigns.of(unit, name, case.campaign)
        if campaign is None:
            return
        message = _with_figure(campaign.plan.message, case)
        locales = [self.locale_of(tag) for tag in self.programme.languages]
        told = worded(self.programme, message, locales)
        await campaigns.revise(unit, campaign.id, replace(campaign.plan, message=told))
        if campaign.state == "running":
            await campaigns.withdraw(unit, campaign.id, now)


async def withdraw(unit: Unit, programme: Programme, by: Reporter) -> int:
    """Take back all that somebody said of figures; return of how many."""
    numbers = await figure_cases.take_back(unit, by)
    for number in numbers:
        case = await figure_cases.hold(unit, programme.name, number)
        if case is not None and case.state == "open":
            await _weigh(unit, programme, case)
    return len(numbers)


async def _weigh(unit: Unit, programme: Programme, case: FigureCase) -> None:
    """Weigh a figure's case by all who doubt it; nothing that a moderator saw changes."""
    why = await figure_cases.reasons(unit, case.number)
    people = [Record(*one) for one in await figure_cases.people_on(unit, case.number)]
    weighed = replace(case, severity=severity_of(why), weight=weight_of_case((), people))
    await _keep(unit, programme, weighed, case.version)


async def _keep(unit: Unit, programme: Programme, case: FigureCase, seen: int) -> None:
    look_by = figure_look_by(case, programme.moderation.rules)
    await figure_cases.keep(unit, case, look_by, seen)


def _with_figure(message: Message, case: FigureCase) -> Message:
    area, form_id = case.figure.area, case.figure.form_id
    of_area = {**message.figures.get(area, {}), form_id: case.stands}
    return replace(message, figures={**message.figures, area: of_area})


FIGURE_ACTS: Final[dict[FigureAct, str]] = {
    "claim": "ClaimFigure",
    "release": "ReleaseFigure",
    "keep": "KeepFigure",
    "correct": "CorrectFigure",
    "withdraw": "WithdrawFigure",
    "undo": "UndoFigure",
}
"""What the audit calls each act."""


def subject_of(number: int) -> str:
    """Name a figure's case in the audit."""
    return f"figure:{number}"
