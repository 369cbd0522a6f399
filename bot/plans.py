"""What the sheet by which a report goes plans, beside what is planned of it: counted, or done.

A report goes by the sheet it was made with, unless a later version took it over
(`storage.takeovers`). Each planned thing says by which version's sheet it was planned (`sheet`), so
that what has begun goes on by that, whatever is published. The rule stands in
`conversations.followups.rehearsal`; a report that was changed is planned again by the same one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from conversations.courtesy import zone_of
from conversations.followups.chains import alerts_in, asks_of, is_before
from conversations.followups.moments import Clock, Slot, When, written
from conversations.followups.rehearsal import Fate
from conversations.programme import FormKey, Programme
from conversations.sheets import read_sheets
from conversations.sheets.followups import REPORTER, Deadline, FollowUp
from conversations.sheets.reader import Sheets
from conversations.xform.editing import read_submission
from conversations.xform.form import Form
from conversations.xform.instance import Instance, Surroundings
from storage import due, links, reach, takeovers
from storage.due import Due, Planned
from storage.reporters import Reporter
from storage.store import Reading, Unit
from storage.submissions import Standing

NOTHING: Final = Sheets()
_ASKED: Final = frozenset({"asked", "answered", "done"})


def row_name(form_id: str, row: str) -> str:
    """Name a row of a sheet among all forms'; `row_of` finds it again."""
    return f"{form_id}:{row}"


def sheets_of(programme: Programme, form_id: str, version: str) -> Sheets:
    """Return what stands beside a version of a form; nothing where it is not known."""
    return programme.sheets.get((form_id, version), NOTHING)


def sheet_of(standing: Standing, planned: Planned) -> FormKey:
    """Return the version of a report's form by whose sheet something was planned about it."""
    sent = standing.submission
    return sent.form_id, planned.body.get("sheet", sent.form_version)


def row_of(programme: Programme, standing: Standing, planned: Planned) -> FollowUp | None:
    """Find the row by which a report is followed; None where it is not known any more."""
    wanted = planned.name.partition(":")[2]
    rows = sheets_of(programme, *sheet_of(standing, planned)).followups
    return next((row for row in rows if row.name == wanted), None)


def deadline_of(programme: Programme, standing: Standing, planned: Planned) -> Deadline | None:
    """Find the row by which somebody is told of a date; None where it is not known any more."""
    wanted = planned.name.partition(":")[2]
    rows = sheets_of(programme, *sheet_of(standing, planned)).deadlines
    return next((row for row in rows if row.name == wanted), None)


async def clock_of(reading: Reading, programme: Programme, reporter: Reporter) -> Clock:
    """Return the clock of a reporter."""
    known = await reach.of(reading, reporter)
    zone = zone_of(known.zone if known else "", programme.zone)
    return Clock(zone, programme.courtesy)


def surroundings_of(
    standing: Standing, now: datetime, clock: Clock, language: str = ""
) -> Surroundings:
    """Return in what a report is read that was sent before."""
    sent, local = standing.submission, now.astimezone(clock.zone)
    tongue = language or sent.language
    return Surroundings(local, tongue, sent.instance_id, sent.instance_id, local)


def dedupe_of(kind: str, subject: str, name: str, number: int) -> str:
    """Return the key under which something is planned once."""
    return f"{kind}:{subject}:{name}:{number}"


@dataclass(frozen=True, slots=True)
class Ruling:
    """The version of a form by whose sheet a report goes."""

    form: Form
    sheets: Sheets
    version: str

    @classmethod
    def of(cls, form: Form, version: str) -> Ruling:
        """Return what a form rules that need not be published."""
        return cls(form, read_sheets(form)[0], version)


async def ruling_of(
    reading: Reading, programme: Programme, form_id: str, version: str
) -> Ruling | None:
    """Return what rules a report of a version; None where nothing is known of that."""
    version = await takeovers.goes_by(reading, programme.name, form_id, version)
    key = (form_id, version)
    form = programme.forms.get(key)
    return Ruling(form, sheets_of(programme, *key), version) if form else None


@dataclass(frozen=True, slots=True)
class Followed:
    """A report, as the sheet sees it by which it goes; `made_with` is its own version.

    `sent_at` is in its reporter's zone, `original` and `root` are the first submissions of the
    report and of the chain it belongs to.
    """

    programme: Programme
    reporter: Reporter
    original: str
    root: str
    instance: Instance
    sent_at: datetime
    clock: Clock
    ruling: Ruling
    made_with: str


async def followed(
    reading: Reading, programme: Programme, ruling: Ruling, standing: Standing, now: datetime
) -> Followed:
    """Return a report that was sent before as a sheet sees it.

    Raises `FormError` where the sheet's form cannot read it.
    """
    sent, original = standing.submission, standing.original
    clock = await clock_of(reading, programme, sent.reporter)
    instance = read_submission(ruling.form, sent.xml, surroundings_of(standing, now, clock))
    link = await links.of(reading, original)
    root, sent_at = link.root if link else original, standing.sent_at.astimezone(clock.zone)
    about = (original, root, instance, sent_at, clock, ruling, sent.form_version)
    return Followed(programme, sent.reporter, *about)


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one row of one report."""

    row: str
    fate: Fate
    day: date | None = None
    planned: Planned | None = None
    existing: Due | None = None


async def changes_of(
    reading: Reading, report: Followed, now: datetime
) -> tuple[Change, ...] | None:
    """Say what becomes of a report's rows; None where nothing may be planned about it."""
    if await due.is_silenced(reading, report.root):
        return None
    about = await due.about(reading, report.original)
    found = {one.planned.dedupe: one for one in about if one.planned.kind in _KINDS}
    begun = _begun(report, found.values())
    wanted = [*await _asks(reading, report, now), *_alerts(report, now)]
    changes = [_change(one, found.get(one.dedupe), begun) for one in wanted]
    named = {one.dedupe for one in wanted}
    return (*filter(None, changes), *_left_over(found, named, begun))


async def apply(unit: Unit, changes: Iterable[Change], now: datetime) -> None:
    """Do what was worked out in the same unit."""
    many = tuple(changes)
    fresh = [one.planned for one in many if one.fate in {"added", "moved"} and one.planned]
    await due.replan(unit, fresh)
    for one in many:
        if one.existing is None:
            continue
        if one.fate in {"cancelled", "late"}:
            await due.cancel(unit, one.existing.id, now, "changed")
        elif one.fate == "kept" and one.planned is not None:
            await due.note(unit, one.existing.id, {**one.existing.planned.body, **one.planned.body})


_KINDS: Final = frozenset({"followup", "deadline"})


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Something a sheet wants; `planned` is None where its time has passed."""

    row: str
    name: str
    dedupe: str
    day: date | None
    planned: Planned | None


def _begun(report: Followed, found: Iterable[Due]) -> frozenset[str]:
    """Return the names of the rows that go on by the sheet by which they began."""
    return frozenset(
        one.planned.name
        for one in found
        if one.planned.kind == "followup"
        and (
            one.planned.number
            or one.state in _ASKED
            or (one.asked_at and _sheet(report, one) != report.ruling.version)
        )
    )


def _sheet(report: Followed, one: Due) -> str:
    return str(one.planned.body.get("sheet", report.made_with))


def _change(wanted: _Wanted, existing: Due | None, begun: frozenset[str]) -> Change | None:
    row, day, planned = wanted.row, wanted.day, wanted.planned
    if wanted.name in begun:
        return Change(row, "begun")
    if planned is None:
        waits = existing if existing and existing.state == "waiting" else None
        return Change(row, "late", existing=waits)
    if existing is None or (existing.state, existing.reason) == ("cancelled", "changed"):
        return Change(row, "added", day, planned)
    if existing.state != "waiting":
        return None
    same = (existing.planned.wall, existing.planned.zone) == (planned.wall, planned.zone)
    return Change(row, "kept" if same else "moved", day, planned, existing)


def _left_over(
    found: Mapping[str, Due], wanted: set[str], begun: frozenset[str]
) -> Iterator[Change]:
    """Yield what waits and is not wanted any more; what its answers brought stays."""
    told: set[str] = set()
    for one in found.values():
        name, row = one.planned.name, one.planned.name.partition(":")[2]
        if one.state != "waiting" or one.planned.dedupe in wanted:
            continue
        if name not in begun:
            yield Change(row, "cancelled", existing=one)
        elif name not in told and dedupe_of("followup", one.planned.subject, name, 0) not in wanted:
            told.add(name)
            yield Change(row, "begun")


async def _asks(reading: Reading, report: Followed, now: datetime) -> list[_Wanted]:
    form_id, sheets = report.ruling.form.form_id, report.ruling.sheets
    counted = {
        row.name: await due.count_asked(
            reading, report.root, "followup", row_name(form_id, row.name)
        )
        for row in sheets.followups
        if row.until.times is not None and report.root != report.original
    }
    found: list[_Wanted] = []
    for row, when in asks_of(sheets, report.instance, report.sent_at, counted):
        name = row_name(form_id, row.name)
        dedupe = dedupe_of("followup", report.original, name, 0)
        slot = report.clock.slot(when, now, row.send_window, dedupe)
        body = {"form": row.form, "when": written(when), "moved": 0}
        found += _wanted(report, "followup", row.name, dedupe, when, slot, body, now)
    return found


def _alerts(report: Followed, now: datetime) -> list[_Wanted]:
    found: list[_Wanted] = []
    staff = Clock(report.programme.zone, report.programme.courtesy)
    sheets, instance = report.ruling.sheets, report.instance
    for row, before, when, falls in alerts_in(sheets, instance, report.sent_at):
        name = row_name(report.ruling.form.form_id, row.name)
        dedupe = f"deadline:{report.original}:{name}:{str(before).replace(' ', '-')}"
        whose = report.clock if row.alert == REPORTER else staff
        slot = whose.slot(when, now, row.send_window, dedupe)
        body = {"to": row.alert, "falls": written(falls), "before": str(before)}
        found += _wanted(report, "deadline", row.name, dedupe, when, slot, body, now)
    return found


def _wanted(  # noqa: PLR0913, PLR0917 - a row's members.
    report: Followed,
    kind: str,
    row: str,
    dedupe: str,
    when: When,
    slot: Slot | None,
    body: Mapping[str, Any],
    now: datetime,
) -> Iterator[_Wanted]:
    """Yield what is to be planned, or that it is too late; what is centuries away is neither."""
    name = row_name(report.ruling.form.form_id, row)
    if slot is None:
        if is_before(when, now.astimezone(report.clock.zone)):
            yield _Wanted(row, name, dedupe, None, None)
        return
    about = (report.programme.name, report.reporter, kind, name, report.original)
    told = {**body, "sheet": report.ruling.version}
    time = (slot.due_at, slot.zone, slot.wall)
    planned = Planned(*about, *time, dedupe, 0, told, report.root)
    yield _Wanted(row, name, dedupe, slot.due_at.astimezone(report.clock.zone).date(), planned)


def at(planned: Planned, slot: Slot) -> Planned:
    """Put something planned at another time."""
    return replace(planned, due_at=slot.due_at, zone=slot.zone, wall=slot.wall)
