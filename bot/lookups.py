"""What somebody found in a register, in the transaction that keeps their form."""

from __future__ import annotations

from datetime import datetime

from bot.community import Community
from bot.kept import Kept
from bot.opened import opened
from bot.plans import clock_of, surroundings_of
from bot.records import KIND, NO
from conversations.followups.chains import with_answer
from conversations.sheets.parents import told_of
from conversations.validating.rules import YES
from storage import asks, audit, due, rounds, submissions
from storage.due import Due
from storage.store import Unit

FOUND_NOTHING = "dk"
ANSWER = "answer"
"""Where a planned question keeps the id of the form that answered it."""

CHANGEABLE_MAX = 200
"""Forms of one keeper, the last ones, that may still say otherwise."""


async def looked_up(kept: Kept) -> bool:
    """Bring what was found into the round that asked for it; False where none did.

    A form that is changed later says anew what was found; that is written down.
    """
    original = await submissions.original_of(kept.unit, kept.submission.instance_id)
    planned = await _asked_by(kept, original)
    if planned is None or planned.planned.kind != KIND:
        return False
    ask = await asks.by_id(kept.unit, int(planned.planned.body["ask"]))
    one = await rounds.hold(kept.unit, ask.round_id) if ask else None
    about = await opened(kept.unit, kept.programme, one) if one else None
    if ask is None or one is None or about is None or about.row.lookup is None:
        return True
    if ask.validator != kept.reporter or ask.state == "withdrawn" or one.state == "void":
        return True
    clock = await clock_of(kept.unit, kept.programme, about.reporter)
    answer = told_of(kept.submission.xml, kept.submission.receipt, kept.now.date())
    spoken = surroundings_of(about.standing, kept.now, clock)
    report = with_answer(about.form, about.standing.submission.xml, spoken, answer)
    row = about.row.lookup
    says = YES if report.holds(row.confirms) else FOUND_NOTHING
    if row.refutes is not None and says != YES and report.holds(row.refutes):
        says = NO
    await due.become(kept.unit, planned.id, "answered", kept.now)
    await due.note(kept.unit, planned.id, {**planned.planned.body, ANSWER: original})
    if ask.choice and ask.choice != says:
        body = {"name": one.begun.name, "before": ask.choice, "after": says}
        about_it = (one.begun.instance_id, kept.now, body)
        await audit.note(kept.unit, kept.store, "system", "record changed", *about_it)
    late = one.state == "decided"
    await Community(kept.store, kept.programme).answered(kept.unit, ask, says, kept.now, late=late)
    return True


async def _asked_by(kept: Kept, original: str) -> Due | None:
    """Return what asked for a form: the first time its session knows, later the form's id does."""
    if kept.due_id:
        return await due.by_id(kept.unit, kept.due_id)
    if not kept.submission.replaces:
        return None
    about = (kept.reporter, KIND, CHANGEABLE_MAX)
    answered = await due.answered_last(kept.unit, *about)
    return next((one for one in answered if one.planned.body.get(ANSWER) == original), None)


async def give_back(unit: Unit, community: Community, planned: Due, now: datetime) -> None:
    """Take it that somebody does not look it up; the next one is asked."""
    await due.become(unit, planned.id, "done", now, "declined")
    ask = await asks.by_id(unit, int(planned.planned.body["ask"]))
    if ask is not None:
        await community.without_answer(unit, ask, now)
