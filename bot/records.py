"""Records: a report looked up in a register by somebody with a role, in a form of their own.

One keeper is asked, of those who serve the report's area and language; when they find nothing, the
next. A record that bears a report out, or says otherwise, is a source of its own kind: beside the
residents' answers it weighs as `conversations.verdicts` says, and moderators count it among the
independent sources.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.choosing import Whom, acquaintance, delay_of, plan_gently, subject_of
from conversations.audiences import acquainted
from conversations.roles import Serves
from conversations.sheets.validations import HaveRole
from conversations.validating.rules import YES
from conversations.verdicts.answers import Answer
from conversations.verdicts.grades import Grade
from conversations.verdicts.rule import Rule
from storage import asks, contacts, due, reach, roles
from storage.asks import Ask
from storage.reporters import Reporter
from storage.rounds import Round
from storage.store import Unit

KIND: Final = "record"
"""Of rows that ask somebody to look something up."""

NO: Final = "no"
PATIENCE: Final = timedelta(days=2)
"""So long one keeper is waited for before the next is asked."""


def after(one: Round, said: Sequence[Ask], now: datetime) -> Round:
    """Return a round as records leave it; a moderator's word stands over them."""
    counts = {choice: sum(ask.choice == choice for ask in said) for choice in (YES, NO)}
    says = one.moderator or (NO if counts[NO] else YES if counts[YES] else "")
    over = not says and now >= one.begun.expires_at
    why = "moderator" if one.moderator else "record"
    found = replace(
        one,
        says=says,
        why=why if says else "too few",
        grade=_grade(one, says),
        yes=counts[YES],
        no=counts[NO],
        disagrees=bool(one.moderator and counts[NO if one.moderator == YES else YES]),
    )
    if says:
        same = one.state == "decided" and one.says == says
        return replace(found, state="decided", decided_at=one.decided_at if same else now)
    return replace(found, state="expired" if over else "open", decided_at=None)


def answers(looked_up: Sequence[Ask], rule: Rule) -> list[Answer]:
    """Return what records say as answers to a residents' question of yes and no; else nothing."""
    if set(rule.classes) != {YES, NO}:
        return []
    first_hand = {one.says: one.name for one in rule.choices if one.first_hand and one.says}
    said = (ask.said for ask in looked_up)
    return [
        replace(one, choice=first_hand[one.choice])
        for one in said
        if one is not None and one.choice in first_hand
    ]


async def ask_keeper(unit: Unit, whom: Whom, now: datetime) -> bool:
    """Plan to ask one keeper, unless one is waited for; tell whether somebody is."""
    pending = (ask for ask in whom.asked if ask.state in {"waiting", "asked"})
    if any(ask.planned_at > now - PATIENCE for ask in pending):
        return True
    found = [await reach.of(unit, one) for one in await _keepers(unit, whom)]
    able = [one for one in found if one is not None and not one.stopped]
    if not able:
        return False
    chosen = min(able, key=lambda one: (one.asked_at is not None, one.asked_at or now))
    about = (unit, whom.round.id, chosen.reporter, chosen.language, now)
    ask_id = await asks.plan(*about, source="record")
    if ask_id is None:
        return False
    row = (whom.opened.row.name, subject_of(whom.round.id), f"{KIND}:{ask_id}", {"ask": ask_id})
    delay = delay_of(whom, chosen.reporter, now)
    await plan_gently(unit, whom.programme, chosen.reporter, KIND, row, now, delay)
    return True


async def stop(unit: Unit, ask: Ask, now: datetime) -> None:
    """Let nobody look up any more what is decided."""
    await due.cancel_under(unit, f"{KIND}:{ask.id}", now, "decided")


async def _keepers(unit: Unit, whom: Whom) -> list[Reporter]:
    """List those who may look it up: not the reporter, nor whom the reporter knows."""
    name, begun = whom.programme.name, whom.round.begun
    wanted = {one.role for one in whom.opened.row.audience if isinstance(one, HaveRole)}
    reporter = await acquaintance(unit, whom, whom.opened.reporter)
    saw = await asks.asked_about(unit, begun.instance_id, "resident")
    asked, found = saw.union(one.validator for one in whom.asked), list[Reporter]()
    for given, contact_id in await roles.holders(unit, name):
        contact = await contacts.by_id(unit, contact_id)
        if contact is None or given.role not in wanted or not _serves(given.serves, whom):
            continue
        keeper = whom.store.reporter(begun.programme, contact.chat_id)
        known = await acquaintance(unit, whom, keeper)
        if keeper not in asked and not acquainted(known, reporter):
            found.append(keeper)
    return found


def _serves(serves: Serves, whom: Whom) -> bool:
    begun = whom.round.begun
    pairs = (
        (serves.languages, begun.language),
        (serves.areas, begun.area),
        (serves.forms, begun.form_id),
    )
    return all(not wanted or one in wanted for wanted, one in pairs)


def _grade(one: Round, says: str) -> Grade:
    if one.moderator:
        return "confirmed by a moderator" if one.moderator == YES else "rejected"
    if says:
        return "confirmed by a record" if says == YES else "disputed"
    return "unconfirmed"
