"""What a kept report plans, and what an answer to a follow-up does, in the transaction of keeping.

A report that was changed is planned again: what waits moves, what does not hold any more is
cancelled. An answer ends its row, moves it or repeats it; it is linked to the report asked about,
and has follow-ups of its own. While an alarm about the chain waits for somebody, nothing is
planned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from bot.kept import Kept, in_each_language
from bot.plans import (
    Followed,
    apply,
    at,
    changes_of,
    clock_of,
    deadline_of,
    dedupe_of,
    followed,
    row_of,
    ruling_of,
    sheet_of,
    sheets_of,
    surroundings_of,
)
from conversations.followups.chains import (
    Ends,
    Goes,
    Outcome,
    SoFar,
    answered,
    unanswered,
    with_answer,
)
from conversations.followups.moments import Clock, When, read, written
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.replies import KeepSubmission
from conversations.sheets.flags import Flag, raised
from conversations.sheets.followups import FollowUp
from conversations.sheets.parents import told_of
from conversations.xform.form import Form
from conversations.xform.instance import Instance, Surroundings
from storage import due, links, submissions
from storage.due import Due, Planned
from storage.links import Link
from storage.store import Reading, Unit
from storage.submissions import Standing, Submission


async def come_back(
    kept: Kept, original: str, locales: Mapping[str, Locale] = MappingProxyType({})
) -> bool:
    """Plan what comes after a report; `original` is the id of the first submission of its chain.

    Where it tells of something grave everything stops, people are called, and this returns True.
    """
    made = await _linked(kept, original)
    root = made.root if made else original
    if flags := _alarming(kept):
        await _raise_alarm(kept, original, root, flags[0], locales)
        return True
    if not await due.is_alarmed(kept.unit, root):
        await _come_back(kept, original, root, made)
    return False


async def _come_back(kept: Kept, original: str, root: str, made: Link | None) -> None:
    clock = await clock_of(kept.unit, kept.programme, kept.reporter)
    if made is not None:
        await _go_on(kept.unit, kept.programme, kept.submission, made, kept.now, clock)
    await _plan(kept, original, root, clock)


def _alarming(kept: Kept) -> list[Flag]:
    sent = kept.submission
    found = sheets_of(kept.programme, sent.form_id, sent.form_version).flags
    return [flag for flag in raised(found, kept.instance) if flag.stops]


async def _raise_alarm(
    kept: Kept, original: str, root: str, flag: Flag, locales: Mapping[str, Locale]
) -> None:
    """Stop all that is planned about a chain, and call people; one alarm a chain at a time."""
    unit, now = kept.unit, kept.now
    await due.cancel_chain(unit, root, now, "alert")
    if await due.is_alarmed(unit, root):
        return
    texts = in_each_language(flag.label, kept.instance, locales)
    dedupe = f"alarm:{kept.submission.instance_id}"
    body = {"flag": flag.name, "about": texts}
    about = (kept.programme.name, kept.reporter, "alarm", flag.name, original)
    zone = kept.programme.zone.key
    alarm = Planned(*about, now, zone, "", dedupe, 0, body, root)
    await due.plan(unit, [alarm])


# An answer


async def _linked(kept: Kept, original: str) -> Link | None:
    """Return what a submission answers, and note that it does."""
    if known := await links.of(kept.unit, original):
        return known
    asked = await due.by_id(kept.unit, kept.due_id) if kept.due_id else None
    if asked is None or asked.planned.reporter != kept.reporter:
        return None
    if asked.planned.kind != "followup":
        return None
    planned = asked.planned
    made = Link(original, planned.subject, planned.root, planned.name, asked.id)
    await links.link(kept.unit, made)
    await settle_asked(kept.unit, asked, "answered", kept.now)
    return made


async def settle_asked(
    unit: Unit, asked: Due, state: due.DueState, now: datetime, why: str = ""
) -> None:
    """Say what became of something that was asked, and stop reminding of it."""
    await due.become(unit, asked.id, state, now, why)
    await due.cancel_about(unit, reminding_of(asked.id), now, why or state)


def reminding_of(due_id: int) -> str:
    """Name, as a subject, the reminders of something that was asked."""
    return f"due:{due_id}"


async def _go_on(  # noqa: PLR0913, PLR0917 - whose answer, to what, when.
    unit: Unit,
    programme: Programme,
    answered_by: KeepSubmission | Submission,
    made: Link,
    now: datetime,
    clock: Clock,
) -> None:
    asked = await due.by_id(unit, made.due_id)
    opened = await _asked_about(unit, programme, asked.planned, now, clock) if asked else None
    if asked is None or opened is None:
        return
    answer = told_of(answered_by.xml, answered_by.receipt, now.date())
    row, report = opened.row, opened.report(answer)
    outcome = answered(row, report, await _so_far(unit, asked), now.astimezone(clock.zone))
    await carry_on(unit, asked, row, outcome, clock, now)
    for subject in dict.fromkeys((asked.planned.subject, asked.planned.root)):
        await _end_deadlines(unit, programme, subject, answer, now, clock)


async def _end_deadlines(  # noqa: PLR0913, PLR0917 - which report's, by what answer, when.
    unit: Unit,
    programme: Programme,
    subject: str,
    answer: Mapping[str, str],
    now: datetime,
    clock: Clock,
) -> None:
    """Tell of no date any more that an answer has overtaken, as the sheet says."""
    standing = await submissions.standing_of(unit, subject)
    for one in await due.about(unit, subject):
        if standing is None or one.planned.kind != "deadline" or one.state != "waiting":
            continue
        row = deadline_of(programme, standing, one.planned)
        if row is not None and row.until is not None:
            form = programme.forms[sheet_of(standing, one.planned)]
            spoken = surroundings_of(standing, now, clock)
            if with_answer(form, standing.submission.xml, spoken, answer).holds(row.until):
                await due.cancel(unit, one.id, now, "over")


async def give_up(unit: Unit, programme: Programme, asked: Due, now: datetime) -> bool:
    """Let a row that got no answer end, or go on; tell whether a moderator should know."""
    planned = asked.planned
    clock = await clock_of(unit, programme, planned.reporter)
    opened = await _asked_about(unit, programme, planned, now, clock)
    await settle_asked(unit, asked, "done", now, "no answer")
    if opened is None:
        return False
    row, local = opened.row, now.astimezone(clock.zone)
    outcome = unanswered(row, opened.report({}), await _so_far(unit, asked), local)
    await carry_on(unit, asked, row, outcome, clock, now)
    return row.on_no_answer == "flag"


async def carry_on(  # noqa: PLR0913, PLR0917 - what was asked, by which row, what comes of it.
    unit: Unit, asked: Due, row: FollowUp, outcome: Outcome, clock: Clock, now: datetime
) -> None:
    """Plan the next of a row, or end it; the same again changes nothing."""
    planned = asked.planned
    following = dedupe_of("followup", planned.subject, planned.name, planned.number + 1)
    match outcome:
        case Ends("withdrawn"):
            await due.cancel_chain(unit, planned.root, now, "withdrawn")
            await due.become(unit, asked.id, "answered", now, "withdrawn")
        case Ends():
            waiting = await due.by_dedupe(unit, following)
            if waiting is not None:
                await due.cancel(unit, waiting.id, now, "changed")
        case Goes(when, moved):
            slot = clock.slot(when, now, row.send_window, following)
            if slot is not None:
                body = {**planned.body, "when": written(when), "moved": moved}
                number = planned.number + 1
                again = at(replace(planned, dedupe=following, number=number, body=body), slot)
                await due.replan(unit, [again])


async def _so_far(reading: Reading, asked: Due) -> SoFar:
    planned = asked.planned
    count = await due.count_asked(reading, planned.root, planned.kind, planned.name)
    asked_times = max(count, planned.number + 1)  # What was settled long ago is forgotten.
    return SoFar(read(planned.body["when"]), asked_times, planned.body.get("moved", 0))


@dataclass(frozen=True, slots=True)
class _Opened:
    """The report that is asked about, with the row that asks."""

    row: FollowUp
    standing: Standing
    form: Form
    surroundings: Surroundings

    def report(self, answer: Mapping[str, str]) -> Instance:
        return with_answer(self.form, self.standing.submission.xml, self.surroundings, answer)


async def _asked_about(
    reading: Reading, programme: Programme, planned: Planned, now: datetime, clock: Clock
) -> _Opened | None:
    standing = await submissions.standing_of(reading, planned.subject)
    row = row_of(programme, standing, planned) if standing else None
    if standing is None or row is None:
        return None
    form = programme.forms[sheet_of(standing, planned)]
    return _Opened(row, standing, form, surroundings_of(standing, now, clock))


# A report's own rows


async def _plan(kept: Kept, original: str, root: str, clock: Clock) -> None:
    sent = kept.submission
    ruling = await ruling_of(kept.unit, kept.programme, sent.form_id, sent.form_version)
    if ruling is None or not (ruling.sheets.followups or ruling.sheets.deadlines):
        return
    standing = await submissions.standing_of(kept.unit, original)
    if standing is not None and ruling.version != sent.form_version:
        await plan_again(kept.unit, kept.programme, original, kept.now)
        return
    sent_at = (standing.sent_at if standing else kept.now).astimezone(clock.zone)
    about = (original, root, kept.instance, sent_at, clock, ruling, sent.form_version)
    report = Followed(kept.programme, kept.reporter, *about)
    await apply(kept.unit, await changes_of(kept.unit, report, kept.now) or (), kept.now)


async def plan_again(unit: Unit, programme: Programme, original: str, now: datetime) -> None:
    """Plan what follows a report anew, as it stands now: somebody corrected it, or it was held up.

    What its answers moved or repeated stays; see `plans`.
    """
    standing = await submissions.standing_of(unit, original)
    if standing is None:
        return
    sent = standing.submission
    ruling = await ruling_of(unit, programme, sent.form_id, sent.form_version)
    if ruling is not None and (ruling.sheets.followups or ruling.sheets.deadlines):
        report = await followed(unit, programme, ruling, standing, now)
        await apply(unit, await changes_of(unit, report, now) or (), now)


async def take_up(unit: Unit, programme: Programme, root: str, now: datetime) -> int:
    """Go on with a chain that an alarm had stopped; return how many questions wait now.

    What was planned comes back, and what was told meanwhile has its follow-ups, too.
    """
    await due.revive(unit, root, "alert", now)
    made = await links.chain(unit, root)
    for original in (root, *(one.instance_id for one in made)):
        await plan_again(unit, programme, original, now)
    for one in made:
        standing = await submissions.standing_of(unit, one.instance_id)
        if standing is not None:
            sent = standing.submission
            clock = await clock_of(unit, programme, sent.reporter)
            await _go_on(unit, programme, sent, one, now, clock)
    return await due.count_waiting(unit, root)


# Reminders


ANSWER_WITHIN: Final = timedelta(days=7)
"""So long after the last reminder a question counts as not answered."""


def reminders_of(asked: Due, row: FollowUp, clock: Clock, now: datetime) -> list[Planned]:
    """Return the reminders of a question that was put just now, and when it is given up."""
    local = now.astimezone(clock.zone)
    found = []
    last: When = local
    for number, after in enumerate(row.reminders, 1):
        last = after.after(local)
        found += _reminder(asked, "reminder", number, last, row, clock, now)
    end = last + ANSWER_WITHIN
    return [*found, *_reminder(asked, "closing", 0, end, row, clock, now)]


def closing_of(asked: Due, clock: Clock, now: datetime) -> Planned:
    """Return when a question that was taken up late is given up again."""
    dedupe = f"closing:{asked.id}:late:{now:%Y%m%dT%H%M%S}"
    due_at = clock.allowed(now + ANSWER_WITHIN, None, dedupe)
    wall = due_at.astimezone(clock.zone).replace(tzinfo=None).isoformat(timespec="minutes")
    about = replace(asked.planned, kind="closing", subject=reminding_of(asked.id), number=0)
    later = replace(about, dedupe=dedupe, body={"of": asked.id})
    return replace(later, due_at=due_at, zone=clock.zone.key, wall=wall)


def _reminder(  # noqa: PLR0913, PLR0917 - of what, which, when.
    asked: Due, kind: str, number: int, when: When, row: FollowUp, clock: Clock, now: datetime
) -> list[Planned]:
    dedupe = f"{kind}:{asked.id}:{number}:{now:%Y%m%dT%H%M%S}"
    slot = clock.slot(when, now, row.send_window, dedupe)
    if slot is None:
        return []
    subject, body = reminding_of(asked.id), {"of": asked.id}
    about = replace(asked.planned, kind=kind, subject=subject, dedupe=dedupe, body=body)
    return [at(replace(about, number=number), slot)]
