"""An author asked whether a doubted answer is right, before anybody else sees the report.

Asked once about one doubt, at most `author_asks` times of one report, one question after the other.
A report that moderators or others have seen already goes its way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.kept import Kept, Report
from bot.plans import clock_of, sheets_of, surroundings_of
from conversations.phrases import Locale, Speech
from conversations.programme import Programme
from conversations.replies import Reply
from conversations.sheets.flags import Severity
from conversations.validating import authors
from conversations.validating.authors import Doubted
from conversations.xform.editing import read_submission
from conversations.xform.instance import QuestionStop
from storage import assurances, cases, rounds, submissions
from storage.assurances import Assurance
from storage.flags import Raised
from storage.store import Reading, Store, Unit

SILENT_MAX = 100
"""Reports that are let go in one round, since their authors do not answer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whether a report waits for its author, and what is said to them now."""

    waits: bool = False
    replies: tuple[Reply, ...] = ()


async def ask_first(kept: Kept, report: Report, found: Sequence[Raised], locale: Locale) -> Asked:
    """Ask the author about what was found, where that is wanted, and nobody has seen it yet."""
    unit, now = kept.unit, kept.now
    open_before = await assurances.become_all(unit, report.original, "changed", now)
    closing = (authors.closed(),) if open_before else ()
    if _is_urgent(found) or await _is_seen(unit, report.original):
        return Asked(replies=closing)
    asked = {one.dedupe for one in await assurances.of(unit, report.original)}
    left = kept.programme.validation.author_asks - len(asked)
    doubts = [one for one in found if one.dedupe not in asked and _words(report, one, locale)]
    for doubt in doubts[: max(0, left)]:
        about = (doubt.dedupe, doubt.source, doubt.name, _answer(doubt.about))
        where = (kept.programme.name, kept.reporter, report.original)
        await assurances.plan(unit, *where, about, now)
    put = await next_question(report, locale)
    return Asked(waits=bool(put), replies=(*closing, *put))


async def next_question(report: Report, locale: Locale) -> tuple[Reply, ...]:
    """Put the next question that waits for an author; nothing where none does."""
    for one in await assurances.of(report.unit, report.original):
        asked = doubted(report, one, locale) if one.state == "waiting" else None
        if asked is not None:
            await assurances.note_put(report.unit, one.id)
            return (authors.put(asked),)
    return ()


def doubted(report: Report, one: Assurance, locale: Locale) -> Doubted | None:
    """Return what an author is asked; None where the report does not say it any more."""
    words = _worded(report, one.source, one.name, one.about, locale)
    if words is None:
        return None
    stop = report.instance.stop(one.about) if one.about else None
    built_in = one.source == "check" and isinstance(stop, QuestionStop)
    label = report.instance.state(one.about).label if built_in else ""
    return Doubted(one.id, label or "", words, report.programme.edit_hours > 0)


async def reopened(  # noqa: PLR0913, PLR0917 - which report, where and when, in which language.
    unit: Unit,
    store: Store,
    programme: Programme,
    original: str,
    now: datetime,
    locale: Locale | None = None,
) -> Report | None:
    """Read a report that was kept before; None where it, or its form, is gone."""
    standing = await submissions.standing_of(unit, original)
    sent = standing.submission if standing else None
    form = programme.forms.get((sent.form_id, sent.form_version)) if sent else None
    if standing is None or sent is None or form is None:
        return None
    clock = await clock_of(unit, programme, sent.reporter)
    spoken = surroundings_of(standing, now, clock, locale.tag if locale else "")
    if locale is not None:
        spoken = replace(spoken, stand_ins=locale.chain)
    about = (original, sent.form_id, sent.form_version, sent.language)
    instance = read_submission(form, sent.xml, spoken)
    return Report(unit, store, programme, *about, instance, now)


async def silent(reading: Reading, programme: Programme, now: datetime) -> Sequence[str]:
    """Return the reports whose authors have not answered in time."""
    return await assurances.silent(reading, programme.name, now - authors.PATIENCE, SILENT_MAX)


def _is_urgent(found: Iterable[Raised]) -> bool:
    return any(one.severity == Severity.URGENT or one.action == "alert" for one in found)


async def _is_seen(unit: Unit, original: str) -> bool:
    return bool(await cases.of(unit, original) or await rounds.of(unit, original))


def _words(report: Report, doubt: Raised, locale: Locale) -> Speech | None:
    return _worded(report, doubt.source, doubt.name, _answer(doubt.about), locale)


def _worded(report: Report, source: str, name: str, about: str, locale: Locale) -> Speech | None:
    if source == "check":
        return authors.words_about(name, about, report.instance, locale)
    flags = sheets_of(report.programme, report.form_id, report.form_version).flags
    flag = next((one for one in flags if one.name == name), None)
    return authors.words_of_sheet(flag, report.instance, locale) if flag else None


def _answer(about: Sequence[str]) -> str:
    """Return the answer that a doubt is about, where it is one."""
    return about[0] if len(about) == 1 else ""
