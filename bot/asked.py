"""A planned question as the conversation takes it, and what a person may wish about being asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.followups import closing_of, settle_asked
from bot.opened import opened
from bot.plans import clock_of, dedupe_of, row_of, sheet_of, surroundings_of
from bot.records import KIND as RECORD
from conversations.areas import area_at, place_of
from conversations.courtesy import zone_of
from conversations.events import Asked, Recalled
from conversations.followups.moments import Clock, moved_to
from conversations.phrases import Locale
from conversations.programme import FormKey, Programme
from conversations.sheets.followups import REPORTER, FollowUp
from conversations.sheets.parents import told_of
from conversations.xform.editing import read_submission
from conversations.xform.instance import Instance
from conversations.xpath.functions.geometry import Place
from storage import asks, attachments, due, reach, rounds, submissions
from storage.due import Due, Planned
from storage.reporters import Reporter
from storage.store import Reading, Unit
from storage.submissions import Standing

ABOUT_CHARACTERS_MAX: Final = 40
MOVED_MAX: Final = 10_000
"""Planned things of one person that follow them into another zone."""


def form_asked(programme: Programme, row: FollowUp) -> FormKey | None:
    """Return the version of the form that a row asks, as it is open now; None where it is not."""
    return form_named(programme, row.form)


def form_named(programme: Programme, form_id: str) -> FormKey | None:
    """Return the version of a form that is open now; None where it is not."""
    keys = (*programme.asked, *programme.offered)
    return next((key for key in keys if key[0] == form_id and key in programme.forms), None)


async def asked_of(
    reading: Reading, programme: Programme, row: Due, locale: Locale, now: datetime
) -> Asked | None:
    """Return a planned follow-up as it is put; None where its report or its form is gone."""
    if row.planned.kind == RECORD:
        return await _lookup(reading, programme, row, locale, now)
    if row.planned.kind != "followup":
        return None
    standing = await submissions.standing_of(reading, row.planned.subject)
    asking = row_of(programme, standing, row.planned) if standing else None
    key = form_asked(programme, asking) if asking else None
    if standing is None or asking is None or key is None:
        return None
    clock = await clock_of(reading, programme, row.planned.reporter)
    asked, report = _asked(programme, row, standing, asking, key, locale, clock, now)
    if programme.is_high_risk or asking.neutral or not asking.show:
        return asked
    return replace(asked, recalled=await _recalled(reading, asking, standing, report))


async def _recalled(
    reading: Reading, asking: FollowUp, standing: Standing, report: Instance
) -> tuple[Recalled, ...]:
    """Find what a row shows of a report, as far as it is here; a corrected report as it is now."""
    files = await attachments.of_submission(reading, standing.submission.instance_id)
    here = {one.name: one.id for one in files if one.state == "kept" and one.sha256}
    found = list[Recalled]()
    for path in asking.show:
        state = report.state(path)
        place = place_of(state.value) if state.relevant else None
        if place is not None:
            found.append(Recalled("place", f"{place[0]} {place[1]}"))
        elif state.relevant and state.value in here:
            found.append(Recalled("picture", f"{here[state.value]}/{state.value}"))
    return tuple(found)


async def _lookup(
    reading: Reading, programme: Programme, row: Due, locale: Locale, now: datetime
) -> Asked | None:
    """Return what somebody is to look up: a form of their own, beside the report."""
    ask = await asks.by_id(reading, int(row.planned.body["ask"]))
    one = await rounds.by_id(reading, ask.round_id) if ask else None
    about = await opened(reading, programme, one) if one else None
    lookup = about.row.lookup if about else None
    key = form_named(programme, lookup.form) if lookup else None
    if ask is None or about is None or key is None:
        return None
    sent = about.standing.submission
    day = about.standing.sent_at.astimezone(programme.zone).date()
    told = told_of(sent.xml, sent.receipt, day)
    question = await about.question(reading, programme, ask.id, locale, now)
    return Asked(row.id, *key, tuple(told.items()), question.text)


def _asked(  # noqa: PLR0913, PLR0917 - what is asked, by which row, of whom, when.
    programme: Programme,
    row: Due,
    standing: Standing,
    asking: FollowUp,
    key: FormKey,
    locale: Locale,
    clock: Clock,
    now: datetime,
) -> tuple[Asked, Instance]:
    sent = standing.submission
    told = told_of(sent.xml, sent.receipt, standing.sent_at.astimezone(clock.zone).date())
    about = ""
    if not (asking.neutral or programme.is_high_risk):
        about = f"{programme.forms[key].title} · {sent.receipt}"[:ABOUT_CHARACTERS_MAX]
    form = programme.forms[sheet_of(standing, row.planned)]
    spoken = replace(surroundings_of(standing, now, clock, locale.tag), stand_ins=locale.chain)
    report = read_submission(form, sent.xml, spoken)
    opening = asking.message.said(report, locale)
    return Asked(row.id, *key, tuple(told.items()), opening, about), report


# Late answers


LATE_FOR: Final = timedelta(days=60)
"""So long after it was given up a question may still be answered."""


async def late(reading: Reading, reporter: Reporter, due_id: int, now: datetime) -> Due | None:
    """Return a question that was given up and can still be answered, None for all others.

    It cannot where its row has asked again meanwhile, or the chain is to be left in peace.
    """
    row = await due.by_id(reading, due_id) if due_id else None
    if row is None or (row.state, row.reason) != ("done", "no answer") or row.settled_at is None:
        return None
    planned = row.planned
    if planned.reporter != reporter or now - row.settled_at > LATE_FOR:
        return None
    following = dedupe_of("followup", planned.subject, planned.name, planned.number + 1)
    again = await due.by_dedupe(reading, following)
    gone_on = again is not None and again.asked_at is not None
    return None if gone_on or await due.is_silenced(reading, planned.root) else row


async def take_late(
    unit: Unit, programme: Programme, reporter: Reporter, due_id: int, now: datetime
) -> None:
    """Let a question that was given up wait for its answer again, for a week."""
    row = await late(unit, reporter, due_id, now)
    if row is None:
        return
    await due.become(unit, row.id, "asked", now, "late")
    clock = await clock_of(unit, programme, reporter)
    await due.plan(unit, [closing_of(row, clock, now)])


# What a person wishes


LATER: Final = "later"
"""Why something waits that a person put off."""


async def ask_again_in(unit: Unit, asked: Due, days: int, now: datetime) -> None:
    """Let a question that was put wait for so many days; it counts as asked once."""
    await due.cancel_about(unit, f"due:{asked.id}", now, "later")
    await due.wait_again(unit, asked.id, now + timedelta(days=days), LATER)


async def end_chain(unit: Unit, asked: Due, now: datetime) -> None:
    """Ask nothing more about the report of a question."""
    await settle_asked(unit, asked, "cancelled", now, "stopped")
    await due.cancel_chain(unit, asked.planned.root, now, "stopped")


async def change_zone(unit: Unit, reporter: Reporter, zone: str) -> None:
    """Keep the zone a person is in, and let what waits for them keep its time by their clock.

    What they put off themselves, "tomorrow", stays put off.
    """
    await reach.keep_zone(unit, reporter, zone)
    for one in await due.of_reporter(unit, reporter, "waiting", MOVED_MAX):
        planned = one.planned
        if _goes_by_their_clock(planned) and planned.wall and one.reason != LATER:
            moment = moved_to(planned.wall, zone_of(zone, zone_of(planned.zone, _UTC)))
            await due.move(unit, planned.dedupe, moment, zone, planned.wall)


def _goes_by_their_clock(planned: Planned) -> bool:
    to_them = planned.kind == "deadline" and planned.body["to"] == REPORTER
    return to_them or planned.kind in {"followup", "reminder"}


async def learn_zone(
    unit: Unit, programme: Programme, reporter: Reporter, where: Place, *, own: bool
) -> None:
    """Learn from a place in which zone somebody is, by the zones that the areas name.

    `own` says that they shared where they are themselves; the place of a report counts only where
    nothing is known yet. What they said themselves stands.
    """
    named = any(area.zone for area in programme.areas.values())
    code = area_at(programme.areas, where) if named else ""
    await learn_zone_in(unit, programme, reporter, code, own=own)


async def learn_zone_in(
    unit: Unit, programme: Programme, reporter: Reporter, code: str, *, own: bool
) -> None:
    """Do the same by the area in which the place is; blank or unknown teaches nothing."""
    named = {area.zone for area in programme.areas.values() if area.zone}
    if not named or code not in programme.areas:
        return
    known = await reach.of(unit, reporter)
    if known is None:
        return
    zone = programme.areas[code].zone or programme.zone.key
    learnt = not known.zone or (own and known.zone in {*named, programme.zone.key})
    if learnt and zone != (known.zone or programme.zone.key):
        await change_zone(unit, reporter, zone)


async def change_pause(unit: Unit, reporter: Reporter, days: int | None, now: datetime) -> None:
    """Ask nothing for some days, again from now on (0), or never more (None)."""
    await reach.stop(unit, reporter, stopped=days is None)
    await reach.pause(unit, reporter, now + timedelta(days=days) if days else None)
    if days is None:
        await due.cancel_for(unit, reporter, now, "stopped", "followup")
        await due.cancel_for(unit, reporter, now, "stopped", "reminder")


_UTC: Final = ZoneInfo("UTC")
