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
from typing import Any, Final

from bot.kept import Kept
from conversations.courtesy import zone_of
from conversations.followups.chains import (
    Ends,
    Goes,
    Outcome,
    SoFar,
    alerts_in,
    answered,
    asks_of,
    unanswered,
    with_answer,
)
from conversations.followups.moments import Clock, Slot, When, read, written
from conversations.phrases import Locale
from conversations.programme import Programme
from conversations.sheets.flags import Flag, raised
from conversations.sheets.followups import FollowUp
from conversations.sheets.parents import told_of
from conversations.sheets.reader import Sheets
from conversations.xform.instance import Instance, Surroundings
from storage import due, links, reach, submissions
from storage.due import Due, Planned
from storage.links import Link
from storage.reporters import Reporter
from storage.store import Reading, Unit
from storage.submissions import Standing

NOTHING: Final = Sheets()
STILL_MAX: Final = 200
"""Rows of a sheet; see `sheets.reader.ROWS_MAX`."""


def row_name(form_id: str, row: str) -> str:
    """Name a row of a sheet among all forms'; `row_of` finds it again."""
    return f"{form_id}:{row}"


def sheets_of(programme: Programme, form_id: str, version: str) -> Sheets:
    """Return what stands beside a version of a form; nothing where it is not known."""
    return programme.sheets.get((form_id, version), NOTHING)


def row_of(programme: Programme, standing: Standing, name: str) -> FollowUp | None:
    """Find the row by which a report is followed; None where its form does not have it any more."""
    sent = standing.submission
    wanted = name.partition(":")[2]
    rows = sheets_of(programme, sent.form_id, sent.form_version).followups
    return next((row for row in rows if row.name == wanted), None)


async def clock_of(reading: Reading, programme: Programme, reporter: Reporter) -> Clock:
    """Return the clock of a reporter."""
    known = await reach.of(reading, reporter)
    zone = zone_of(known.zone if known else "", programme.zone)
    return Clock(zone, programme.courtesy)


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
        await _go_on(kept, made, clock)
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
    texts = {tag: flag.label.said(kept.instance, locale) for tag, locale in locales.items()}
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


async def _go_on(kept: Kept, made: Link, clock: Clock) -> None:
    asked = await due.by_id(kept.unit, made.due_id)
    opened = await _asked_about(kept.unit, kept.programme, made.parent, made.name, kept.now, clock)
    if asked is None or opened is None:
        return
    answer = told_of(kept.submission.xml, kept.submission.receipt, kept.now.date())
    row, report = opened.row, opened.report(answer)
    local = kept.now.astimezone(clock.zone)
    so_far = await _so_far(kept.unit, asked)
    await carry_on(kept.unit, asked, row, answered(row, report, so_far, local), clock, kept.now)


async def give_up(unit: Unit, programme: Programme, asked: Due, now: datetime) -> bool:
    """Let a row that got no answer end, or go on; tell whether a moderator should know."""
    planned = asked.planned
    clock = await clock_of(unit, programme, planned.reporter)
    opened = await _asked_about(unit, programme, planned.subject, planned.name, now, clock)
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
    following = _dedupe("followup", planned.subject, planned.name, planned.number + 1)
    match outcome:
        case Ends("withdrawn"):
            await due.cancel_chain(unit, planned.root, now, "withdrawn")
        case Ends():
            waiting = await due.by_dedupe(unit, following)
            if waiting is not None:
                await due.cancel(unit, waiting.id, now, "changed")
        case Goes(when, moved):
            slot = clock.slot(when, now, row.send_window, following)
            if slot is not None:
                body = {**planned.body, "when": written(when), "moved": moved}
                number = planned.number + 1
                again = _at(replace(planned, dedupe=following, number=number, body=body), slot)
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
    programme: Programme
    surroundings: Surroundings

    def report(self, answer: Mapping[str, str]) -> Instance:
        sent = self.standing.submission
        form = self.programme.forms[sent.form_id, sent.form_version]
        return with_answer(form, sent.xml, self.surroundings, answer)


async def _asked_about(  # noqa: PLR0913, PLR0917 - which report, by which row, when and where.
    reading: Reading, programme: Programme, parent: str, name: str, now: datetime, clock: Clock
) -> _Opened | None:
    standing = await submissions.standing_of(reading, parent)
    row = row_of(programme, standing, name) if standing else None
    if standing is None or row is None:
        return None
    return _Opened(row, standing, programme, surroundings_of(standing, now, clock))


def surroundings_of(
    standing: Standing, now: datetime, clock: Clock, language: str = ""
) -> Surroundings:
    """Return in what a report is read that was sent before."""
    sent, local = standing.submission, now.astimezone(clock.zone)
    tongue = language or sent.language
    return Surroundings(local, tongue, sent.instance_id, sent.instance_id, local)


# A report's own rows


async def _plan(kept: Kept, original: str, root: str, clock: Clock) -> None:
    sent = kept.submission
    sheets = sheets_of(kept.programme, sent.form_id, sent.form_version)
    if not (sheets.followups or sheets.deadlines):
        return
    standing = await submissions.standing_of(kept.unit, original)
    sent_at = (standing.sent_at if standing else kept.now).astimezone(clock.zone)
    planned = [
        *(await _asks(kept, original, root, clock, sheets, sent_at)),
        *_alerts(kept, original, root, clock, sheets, sent_at),
    ]
    await _cancel_others(kept, original, {one.dedupe for one in planned})
    await due.replan(kept.unit, planned)


async def _asks(  # noqa: PLR0913, PLR0917 - one report, in all its relations.
    kept: Kept, original: str, root: str, clock: Clock, sheets: Sheets, sent_at: datetime
) -> list[Planned]:
    counted = {
        row.name: await due.count_asked(
            kept.unit, root, "followup", row_name(kept.submission.form_id, row.name)
        )
        for row in sheets.followups
        if row.until.times is not None and root != original
    }
    found = []
    for row, when in asks_of(sheets, kept.instance, sent_at, counted):
        name = row_name(kept.submission.form_id, row.name)
        dedupe = _dedupe("followup", original, name, 0)
        if slot := clock.slot(when, kept.now, row.send_window, dedupe):
            body = {"form": row.form, "when": written(when), "moved": 0}
            found.append(_planned(kept, "followup", name, original, root, slot, dedupe, body))
    return found


def _alerts(  # noqa: PLR0913, PLR0917 - as above.
    kept: Kept, original: str, root: str, clock: Clock, sheets: Sheets, sent_at: datetime
) -> list[Planned]:
    found = []
    staff = Clock(kept.programme.zone, kept.programme.courtesy)
    for row, before, when, falls in alerts_in(sheets, kept.instance, sent_at):
        name = row_name(kept.submission.form_id, row.name)
        dedupe = f"deadline:{original}:{name}:{str(before).replace(' ', '-')}"
        whose = clock if row.alert == "reporter" else staff
        if slot := whose.slot(when, kept.now, row.send_window, dedupe):
            body = {"to": row.alert, "falls": written(falls), "before": str(before)}
            found.append(_planned(kept, "deadline", name, original, root, slot, dedupe, body))
    return found


def _planned(  # noqa: PLR0913, PLR0917 - a row's members.
    kept: Kept,
    kind: str,
    name: str,
    original: str,
    root: str,
    slot: Slot,
    dedupe: str,
    body: Mapping[str, Any],
) -> Planned:
    about = (kept.programme.name, kept.reporter, kind, name, original)
    return Planned(*about, slot.due_at, slot.zone, slot.wall, dedupe, 0, body, root)


async def _cancel_others(kept: Kept, original: str, wanted: set[str]) -> None:
    """Cancel what a changed report does not ask for any more; what its answers brought stays."""
    for one in await due.about(kept.unit, original):
        first = one.planned.kind == "deadline" or one.planned.number == 0
        ours = one.planned.kind in {"followup", "deadline"} and first
        if ours and one.state == "waiting" and one.planned.dedupe not in wanted:
            await due.cancel(kept.unit, one.id, kept.now, "changed")


def _at(planned: Planned, slot: Slot) -> Planned:
    return replace(planned, due_at=slot.due_at, zone=slot.zone, wall=slot.wall)


def _dedupe(kind: str, subject: str, name: str, number: int) -> str:
    return f"{kind}:{subject}:{name}:{number}"


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


def _reminder(  # noqa: PLR0913, PLR0917 - of what, which, when.
    asked: Due, kind: str, number: int, when: When, row: FollowUp, clock: Clock, now: datetime
) -> list[Planned]:
    dedupe = f"{kind}:{asked.id}:{number}:{now:%Y%m%dT%H%M%S}"
    slot = clock.slot(when, now, row.send_window, dedupe)
    if slot is None:
        return []
    subject, body = reminding_of(asked.id), {"of": asked.id}
    about = replace(asked.planned, kind=kind, subject=subject, dedupe=dedupe, body=body)
    return [_at(replace(about, number=number), slot)]
