"""Cases as their flags weigh them: opened, brought up to date, opened again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from conversations.programme import Programme
from conversations.reviewing.cases import Case, ModeratorId, look_by
from conversations.reviewing.deciding import reopened
from conversations.reviewing.weights import ModeratorRecord, Record, weight_of_case
from conversations.sheets.flags import Severity
from storage import cases, flags, trust
from storage.flags import Raised
from storage.store import Unit

TRUST_SPAN: Final = timedelta(days=365)
"""How far back it is looked how moderators' decisions fared."""


async def keep_weighed(  # noqa: PLR0913, PLR0917 - a case as it was, as it would begin, its flags.
    unit: Unit,
    programme: Programme,
    case: Case | None,
    fresh: Case,
    standing: Iterable[Raised],
    now: datetime,
) -> Case:
    """Keep a case with the severity and weight of its flags; one that was decided is open again."""
    before = fresh if case is None else reopened(case, now)
    weighed = await as_weighed(unit, programme.name, before, standing, now)
    by = look_by(weighed, programme.moderation.rules)
    if case is None:
        await cases.open_(unit, programme.name, weighed, by)
    else:
        await cases.keep(unit, programme.name, weighed, by, case.version)
        await flags.judge(unit, weighed.instance_id, right=None)
    return weighed


async def as_weighed(  # noqa: PLR0913 - a case, its flags, and who left it to seniors just now.
    unit: Unit,
    programme: str,
    case: Case,
    standing: Iterable[Raised],
    now: datetime,
    *,
    left_by: ModeratorId | None = None,
) -> Case:
    """Return a case with the severity and weight of its flags, and of who left it to seniors.

    Who did stands in its history, unless they do so just now: then `left_by` names them.
    """
    known = tuple(standing)
    people = [Record(*one) for one in await flags.people_on(unit, case.instance_id)]
    others = [one.severity for one in known if one.source != "person"]
    left = await record_of_who_left(unit, programme, case, now, left_by)
    return replace(
        case,
        severity=max((one.severity for one in known), default=Severity.LOW),
        weight=weight_of_case(others, people, left),
        held=any(one.action != "queue" for one in known),
    )


async def record_of_who_left(
    unit: Unit, programme: str, case: Case, now: datetime, left_by: ModeratorId | None = None
) -> ModeratorRecord | None:
    """Return the record of whoever left a case to seniors, None where nobody did."""
    if not case.escalated:
        return None
    by = left_by or await trust.escalated_by(unit, case.instance_id)
    if by is None:
        return None
    known = await trust.records(unit, programme, now - TRUST_SPAN)
    return known.get(by, trust.NOTHING)
