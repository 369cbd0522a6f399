"""A report put to others: the rounds it begins, and what a change of it does to them."""

from __future__ import annotations

from dataclasses import replace

from bot.choosing import subject_of
from bot.community import Community
from bot.kept import Report
from bot.plans import sheets_of
from conversations.areas import area_at
from conversations.sheets.validations import Validation, may_be_asked
from conversations.validating.rules import confirming_of, first_place, reached, rule_of
from conversations.xform.editing import read_submission
from conversations.xform.instance import Instance
from storage import asks, due, rounds, submissions
from storage.rounds import Begun, Round


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
