"""What a report brings with it, in the transaction in which it is kept: flags, a case, a way back.

A report that was changed is looked at again: flags that it does not raise any more are lifted, new
ones raised, and a case that was decided is opened again, for what was decided is not what stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot import authors, count_checks, doubting, followups, homes, lookups, put_to_others
from bot.asked import learn_zone
from bot.casebook import keep_weighed
from bot.kept import Kept, Report
from bot.rendering import render
from conversations.areas import area_at
from conversations.followups.alarms import support_message
from conversations.phrases import Locale, phrase
from conversations.plain import from_plain, to_plain
from conversations.programme import Programme
from conversations.replies import Reply
from conversations.reviewing.cases import Case
from conversations.sheets.flags import Severity
from storage import (
    assurances,
    cases,
    flags,
    outbox,
    precedents,
    reach,
    submissions,
)
from storage.due import Due
from storage.flags import Raised
from storage.store import Store, Unit


async def follow(kept: Kept, locales: Mapping[str, Locale]) -> tuple[Reply, ...]:
    """Do what a report brings with it; `locales` are those of the programme's languages.

    Return what is to be said to its reporter besides, after the thanks. What somebody looked up in
    a register is no report, and brings nothing with it but what it says of one.
    """
    programme, sent = kept.programme, kept.submission
    await reach.meet(
        *(kept.unit, kept.store, kept.reporter, programme.name),
        *(kept.contact.id, sent.language, kept.now, kept.invited_by),
    )
    if await lookups.looked_up(kept):
        return ()
    original = await submissions.original_of(kept.unit, sent.instance_id)
    report = kept.report(original)
    began_at = kept.began_at if not sent.replaces else None
    pictured = sent.instance_id if sent.attachments else ""
    facts = await doubting.facts_of(report, began_at, pictured)
    await doubting.note(report, facts)
    await homes.learn(kept, facts.place)
    if facts.place is not None:
        await learn_zone(kept.unit, programme, kept.reporter, facts.place, own=False)
    if await followups.come_back(kept, original, locales):
        await say_support(kept, locales[sent.language])
    first = authors.Asked()
    if programme.moderation.review != "none":
        found = doubting.found(report, facts, locales)
        await _raise(kept, original, found)
        first = await authors.ask_first(kept, report, found, locales[sent.language])
    if not first.waits:
        await let_go(report)
    return first.replies


async def let_go(report: Report) -> None:
    """Let moderators and others see a report: its author has said what they had to say."""
    if report.programme.moderation.review != "none":
        await review(report)
    await count_checks.note(report)
    await put_to_others.begin(report)


async def let_go_silent(store: Store, programme: Programme, now: datetime) -> int:
    """Let go of the reports whose authors do not answer; return how many."""
    async with store.reading() as reading:
        silent = await authors.silent(reading, programme, now)
    for original in silent:
        async with store.unit() as unit:
            if await assurances.become_all(unit, original, "late", now):
                report = await authors.reopened(unit, store, programme, original, now)
                if report is not None:
                    await let_go(report)
    return len(silent)


async def say_support(kept: Kept, locale: Locale) -> None:
    """Say what the programme says to whoever told of something grave."""
    programme = kept.programme
    text = programme.text(programme.support, *locale.chain)
    if text:
        calls = render([support_message(text)], locale)
        await outbox.put(kept.unit, kept.contact.id, calls, kept.now)


async def review(report: Report) -> None:
    """Open a report's case, or bring it up to the flags that stand on it now."""
    unit, programme, original = report.unit, report.programme, report.original
    standing = await flags.of(unit, original)
    case = await cases.of(unit, original)
    if case is None and not standing and programme.moderation.review != "all":
        return
    place = await precedents.place_of(unit, original)
    fresh = Case(
        *(original, report.form_id, report.language, report.now, Severity.LOW),
        area=area_at(programme.areas, place) if place else "",
    )
    await keep_weighed(unit, programme, case, fresh, standing, report.now)


async def doubt_unanswered(unit: Unit, programme: Programme, asked: Due, now: datetime) -> None:
    """Put a report before moderators whose follow-up nobody answered, as its sheet wishes."""
    original = asked.planned.subject
    standing = await submissions.standing_of(unit, original)
    if standing is None:
        return
    sent = standing.submission
    # Translators: why a report is put before moderators.
    words = to_plain(phrase("Its follow-up question got no answer."))
    name = "no_answer"
    flag = Raised(original, programme.name, "check", name, Severity.MEDIUM, words, now, "queue")
    await flags.raise_(unit, flag)
    case = await cases.of(unit, original)
    fresh = Case(original, sent.form_id, sent.language, now, Severity.LOW)
    raised_now = await flags.of(unit, original)
    await keep_weighed(unit, programme, case, fresh, raised_now, now)


def words_of(words: Mapping[str, Any], locale: Locale) -> str:
    """Return a flag's words as a moderator reads them."""
    if "texts" not in words:
        return locale.say(from_plain(words))
    texts = words["texts"]
    spoken = (texts[tag] for tag in (*locale.chain, *texts) if tag in texts)
    return next(spoken, "")


async def _raise(kept: Kept, original: str, found: list[Raised]) -> None:
    """Raise what was found, and lift what a corrected report does not raise any more."""
    wanted = {one.dedupe for one in found}
    for one in await flags.of(kept.unit, original):
        if one.source != "person" and one.dedupe not in wanted:
            await flags.lift(kept.unit, original, one.dedupe)
    for one in found:
        await flags.raise_(kept.unit, one)
