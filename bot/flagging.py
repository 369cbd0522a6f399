"""People who doubt a report: one flag a person and thing, weighed by how often they were right.

A flag never decides, and never disturbs whoever works on the case: it moves the case in the queue
and changes nothing that a moderator has seen, so a crowd cannot keep them from deciding. What was
decided is not opened by it either; an appeal, or new evidence, does that.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.casebook import record_of_who_left
from conversations.areas import area_at
from conversations.phrases import phrase
from conversations.plain import to_plain
from conversations.programme import Programme
from conversations.reviewing.cases import Case, look_by
from conversations.reviewing.weights import Record, weight_of_case
from conversations.sheets.flags import Severity
from storage import cases, flags, precedents, submissions
from storage.flags import Raised
from storage.reporters import Reporter
from storage.store import Unit

NAME_MAX: Final = 40


async def flag(  # noqa: PLR0913, PLR0917 - who doubts which report, how and when.
    unit: Unit,
    programme: Programme,
    by: Reporter,
    instance_id: str,
    name: str,
    now: datetime,
) -> bool:
    """Let a person flag a report; False where they have, where it is theirs, or is not there.

    `instance_id` is any of the report's chain, `name` a short word for what they doubt.
    """
    original = await submissions.original_of(unit, instance_id)
    sent = await submissions.by_id(unit, original)
    if sent is None or sent.programme != programme.name or sent.reporter == by:
        return False
    # Translators: to moderators: a person, not a check of the bot, doubts a report.
    words = to_plain(phrase("Somebody doubts this."))
    about = (original, programme.name, "person", name[:NAME_MAX], Severity.LOW, words, now)
    raised = Raised(*about, raised_by=by)  # type: ignore[arg-type]  # One of the three sources.
    if not await flags.raise_(unit, raised):
        return False
    case = await cases.hold(unit, original)
    if case is None:
        place = await precedents.place_of(unit, original)
        area = area_at(programme.areas, place) if place else ""
        fresh = Case(original, sent.form_id, sent.language, now, Severity.LOW, area=area)
        weighed = await _weighed(unit, programme, fresh, now)
        await cases.open_(
            unit, programme.name, weighed, look_by(weighed, programme.moderation.rules)
        )
    else:
        await _weigh_again(unit, programme, case, now)
    return True


async def withdraw(unit: Unit, programme: Programme, by: Reporter, now: datetime) -> int:
    """Take back all that a person doubts of others' reports; return how many these were."""
    flagged = await flags.flagged_by(unit, by)
    await flags.take_back(unit, by)
    for instance_id in flagged:
        case = await cases.hold(unit, instance_id)
        if case is not None:
            await _weigh_again(unit, programme, case, now)
    return len(flagged)


async def _weigh_again(unit: Unit, programme: Programme, case: Case, now: datetime) -> None:
    """Weigh a case by all that stands on it now; what was decided stays as it is."""
    if case.state != "decided":
        weighed = await _weighed(unit, programme, case, now)
        by_then = look_by(weighed, programme.moderation.rules)
        await cases.keep(unit, programme.name, weighed, by_then, case.version)


async def _weighed(unit: Unit, programme: Programme, case: Case, now: datetime) -> Case:
    """Weigh a case by all that stands on it; its version stays, for nothing else is changed."""
    severities = await flags.severities_on(unit, case.instance_id)
    people = [Record(*one) for one in await flags.people_on(unit, case.instance_id)]
    left = await record_of_who_left(unit, programme.name, case, now)
    return replace(
        case,
        severity=max((case.severity, *severities)),
        weight=weight_of_case(severities, people, left),
    )
