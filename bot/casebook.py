"""Cases as their flags weigh them: opened, brought up to date, opened again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from conversations.programme import Programme
from conversations.reviewing.cases import Case, look_by
from conversations.reviewing.deciding import reopened
from conversations.reviewing.weights import Record, weight_of_case
from conversations.sheets.flags import Severity
from storage import cases, flags
from storage.flags import Raised
from storage.store import Unit


async def keep_weighed(  # noqa: PLR0913, PLR0917 - a case as it was, as it would begin, its flags.
    unit: Unit,
    programme: Programme,
    case: Case | None,
    fresh: Case,
    standing: Iterable[Raised],
    now: datetime,
) -> Case:
    """Keep a case with the severity and weight of its flags; one that was decided is open again."""
    weighed = await as_weighed(unit, fresh if case is None else reopened(case, now), standing)
    by = look_by(weighed, programme.moderation.rules)
    if case is None:
        await cases.open_(unit, programme.name, weighed, by)
    else:
        await cases.keep(unit, programme.name, weighed, by, case.version)
        await flags.judge(unit, weighed.instance_id, right=None)
    return weighed


async def as_weighed(unit: Unit, case: Case, standing: Iterable[Raised]) -> Case:
    """Return a case with the severity and weight of its flags."""
    known = tuple(standing)
    people = [Record(*one) for one in await flags.people_on(unit, case.instance_id)]
    others = [one.severity for one in known if one.source != "person"]
    return replace(
        case,
        severity=max((one.severity for one in known), default=Severity.LOW),
        weight=weight_of_case(others, people),
        held=any(one.action != "queue" for one in known),
    )
