"""What the checks and the sheet find in a report as it stands: its facts, flags to be raised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from bot.kept import Report, in_each_language
from conversations.checks import doubts
from conversations.checks.facts import COUNTED, Facts, Picture, given
from conversations.checks.likeness import key_answers
from conversations.checks.numbers import figure_of
from conversations.phrases import Locale
from conversations.plain import to_plain
from conversations.sheets.flags import raised as raised_by_sheet
from storage import attachments, pictures, precedents
from storage.flags import Raised


async def facts_of(report: Report, began_at: datetime | None, sent: str = "") -> Facts:
    """Gather what the checks look at.

    `began_at` is when its reporter began, None where that says nothing any more. `sent` is the
    submission whose pictures are looked at, blank for none.
    """
    programme, zone, original = report.programme, report.programme.zone, report.original
    facts = Facts(
        given(report.instance),
        report.language,
        report.now.astimezone(zone),
        began_at.astimezone(zone) if began_at else None,
        tuple(tag for tag in programme.languages if tag != report.language),
        areas=programme.areas,
        partial=bool(report.instance.failures()),
    )
    about = (report.unit, programme.name, report.form_id, original)
    paths = [one.question.path for one in facts.of(COUNTED)]
    return replace(
        facts,
        history=await precedents.history(*about, paths),
        neighbours=await precedents.near(*about, facts.place, report.now),
        pictures=await _pictures(report, sent) if sent else (),
    )


async def _pictures(report: Report, sent: str) -> tuple[Picture, ...]:
    """Look at the pictures whose bytes are here; `seen_before` does at those that follow."""
    unit, name, found = report.unit, report.programme.name, list[Picture]()
    for one in await attachments.of_submission(unit, sent):
        if one.look is not None:
            bits, taken_at = one.look.bits, one.look.taken_at
            known_in = await pictures.like(unit, name, report.original, bits)
            found.append(Picture(one.name, bits, taken_at, known_in))
            await pictures.note(unit, name, report.original, one.name, bits, report.now)
    return tuple(found)


async def note(report: Report, facts: Facts) -> None:
    """Keep what later reports are compared with."""
    figures = [(one.question.path, figure) for one in facts.of(COUNTED)
               if (figure := figure_of(one.value)) is not None]  # fmt: skip
    about = (report.unit, report.programme.name, report.form_id, report.original, report.now)
    await precedents.note(*about, facts.place, key_answers(facts.answers), figures)


def found(report: Report, facts: Facts, locales: Mapping[str, Locale]) -> list[Raised]:
    """Return every flag that the sheet and the checks raise; `locales` those of its languages."""
    return [*_of_sheet(report, locales), *_of_checks(report, facts)]


def _of_sheet(report: Report, locales: Mapping[str, Locale]) -> Iterator[Raised]:
    sheets = report.programme.sheets.get((report.form_id, report.form_version))
    for flag in raised_by_sheet(sheets.flags, report.instance) if sheets else ():
        texts = in_each_language(flag.label, report.instance, locales)
        yield Raised(
            *(report.original, report.programme.name, "sheet", flag.name, flag.severity),
            *({"texts": texts}, report.now, flag.action, flag.about),
        )


def _of_checks(report: Report, facts: Facts) -> Iterator[Raised]:
    for doubt in doubts(facts, report.programme.moderation.checks_off):
        yield Raised(
            *(report.original, report.programme.name, "check", doubt.check, doubt.severity),
            *(to_plain(doubt.words), report.now, "queue", doubt.about, doubt.other),
        )
