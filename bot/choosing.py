"""Whom to ask in a round, and when: candidates of the database, chosen by `audiences`.

What is put to somebody may be a control instead: a report of the same question and area that a
moderator decided. Nobody can tell which is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.opened import Opened
from bot.plans import clock_of
from conversations.audiences import Audience, Candidate, Subject, choose
from conversations.courtesy import wall_of
from conversations.programme import Programme
from conversations.validating.inviting import TOKEN_SIGNS
from conversations.validating.rules import Reached, reached
from conversations.verdicts.answers import Validator
from conversations.verdicts.controls import control_for, drawn, is_control
from conversations.verdicts.reliability import Reliabilities
from storage import asks, candidates, due, reach, rounds, submissions
from storage.asks import Ask
from storage.candidates import Wanted, cells_around
from storage.due import Planned
from storage.reporters import Reporter
from storage.rounds import Round, RoundId
from storage.store import Store, Unit

KIND: Final = "validation"
"""Of rows that put a question about a report to somebody."""

CONTROLS_MAX: Final = 200
"""Reports that moderators decided, of one question and area, that serve as controls."""

SEEN_MAX: Final = 500
DELAY_MIN, DELAY_MAX = timedelta(minutes=30), timedelta(hours=3)
"""Within so long after a report others are asked about it, each at a moment of their own."""

SPARE: Final = 3
"""So many more are chosen, for those who get a control instead."""


def link_of(store: Store, person: Reporter) -> str:
    """Return the token of the link that somebody gives to others.

    It comes of the key, so the database alone does not tell whose link somebody came by.
    """
    return store.sign(f"invitation {person}")[:TOKEN_SIGNS]


@dataclass(frozen=True, slots=True)
class Whom:
    """A round for which people are wanted."""

    store: Store
    programme: Programme
    round: Round
    opened: Opened
    asked: tuple[Ask, ...]
    known: Reliabilities

    @property
    def key(self) -> bytes:
        """Return the key by which people and controls are drawn."""
        return bytes.fromhex(self.store.sign(f"validation {self.programme.name}"))


async def more_people(unit: Unit, whom: Whom, number: int, now: datetime) -> int:
    """Plan to ask so many more people; return how many were found."""
    instance = await whom.opened.instance(unit, whom.programme, now)
    wanted = reached(whom.opened.row, instance, whom.programme.areas)
    if wanted.fails:
        return 0
    keepers = await asks.asked_about(unit, whom.round.begun.instance_id, "record")
    around = await _candidates(unit, whom, wanted, now)
    found = [one for one in around if Reporter(one.validator) not in keepers]
    subject = await _subject(unit, whom, wanted)
    audience = _audience(whom, wanted)
    chosen = choose(whom.key, subject, audience, found, number + SPARE)
    planned = 0
    for validator in chosen:
        if planned == number:
            break
        if not await _test(unit, whom, Reporter(validator), now):
            planned += await _plan(unit, whom, whom.round.id, Reporter(validator), now)
    return planned


async def _candidates(
    unit: Unit, whom: Whom, wanted: Reached, now: datetime
) -> tuple[Candidate, ...]:
    name = whom.programme.name
    if wanted.role:
        chats = await candidates.holders(unit, name, wanted.role)
        people = [whom.store.reporter(name, chat) for chat in chats]
        known = await candidates.of(unit, name, people, now)
        return tuple(replace(one, roles=frozenset({wanted.role})) for one in known)
    lot = whom.store.sign(f"lot {whom.round.id} {len(whom.asked)}")[:32]
    found = await candidates.found(unit, name, _where(whom, wanted, lot), now)
    return tuple(replace(one, link=link_of(whom.store, Reporter(one.validator))) for one in found)


def _where(whom: Whom, wanted: Reached, lot: str) -> Wanted:
    if wanted.area:
        return Wanted("area", [wanted.area], lot)
    if wanted.km is not None and wanted.place is not None:
        return Wanted("cell", cells_around(wanted.place, wanted.km), lot)
    if wanted.speaks:
        return Wanted("language", [whom.round.begun.language], lot)
    return Wanted("", (), lot)


def _audience(whom: Whom, wanted: Reached) -> Audience:
    terms = whom.programme.validation
    return Audience(
        _languages(whom, wanted),
        wanted.area or None,
        wanted.km,
        wanted.role or None,
        terms.account_days,
        terms.per_week,
    )


def _languages(whom: Whom, wanted: Reached) -> frozenset[str]:
    """Return the languages in which the question can be asked."""
    if wanted.speaks:
        return frozenset({whom.round.begun.language})
    pieces = whom.opened.row.question.pieces
    spoken = (tag for tag in whom.programme.languages if "" in pieces or tag.lower() in pieces)
    return frozenset(spoken) or frozenset(whom.programme.languages)


async def _subject(unit: Unit, whom: Whom, wanted: Reached) -> Subject:
    before = [await acquaintance(unit, whom, one.validator) for one in whom.asked]
    return Subject(
        str(whom.round.id),
        await acquaintance(unit, whom, whom.opened.reporter),
        wanted.place,
        frozenset(one.validator for one in before),
        tuple(before),
    )


async def acquaintance(unit: Unit, whom: Whom, person: Reporter) -> Candidate:
    """Return somebody as far as it matters whom they know."""
    known = await reach.of(unit, person)
    return Candidate(
        *(Validator(person), None, frozenset[str](), 0),
        invitation=(known.invited_by or None) if known else None,
        link=link_of(whom.store, person),
    )


# What is planned


async def _test(unit: Unit, whom: Whom, validator: Reporter, now: datetime) -> bool:
    """Plan a control for somebody, where it is time for one and one is left."""
    number = await asks.number_of(unit, validator)
    known = whom.known.known.get(Validator(validator))
    if not is_control(whom.key, Validator(validator), number, known, whom.opened.rule):
        return False
    decided = await rounds.moderated(unit, whom.round.begun, CONTROLS_MAX)
    seen = await asks.seen(unit, validator, SEEN_MAX)
    left = await _of_others(unit, decided, validator)
    case = control_for(whom.key, Validator(validator), number, left, seen)
    if case is None:
        return False
    await _plan(unit, whom, RoundId(int(case)), validator, now, is_control=True)
    return True


async def _of_others(
    unit: Unit, decided: Mapping[str, str], validator: Reporter
) -> Mapping[str, str]:
    """Leave out what the validator reported themselves."""
    left = {}
    for case, says in decided.items():
        one = await rounds.by_id(unit, RoundId(int(case)))
        sent = await submissions.by_id(unit, one.begun.instance_id) if one else None
        if sent is not None and sent.reporter != validator:
            left[case] = says
    return left


async def _plan(  # noqa: PLR0913 - who is asked what, when, and as what.
    unit: Unit,
    whom: Whom,
    round_id: RoundId,
    validator: Reporter,
    now: datetime,
    *,
    is_control: bool = False,
) -> bool:
    known = await reach.of(unit, validator)
    language = known.language if known else ""
    ask_id = await asks.plan(unit, round_id, validator, language, now, is_control=is_control)
    if ask_id is None:
        return False
    name = whom.opened.row.name
    about = (name, subject_of(round_id), f"{KIND}:{ask_id}", {"ask": ask_id})
    delay = delay_of(whom, validator, now)
    await plan_gently(unit, whom.programme, validator, KIND, about, now, delay)
    await reach.note_asked(unit, validator, now)
    return True


def delay_of(whom: Whom, validator: Reporter, now: datetime) -> timedelta:
    """Return how long to wait, so that the moment of a question does not tell who just reported."""
    if now - whom.round.begun.began_at > DELAY_MAX:
        return timedelta(0)
    share = drawn(whom.key, "delay", str(whom.round.id), validator)
    return DELAY_MIN + share * (DELAY_MAX - DELAY_MIN)


async def plan_gently(  # noqa: PLR0913, PLR0917 - whom, what and when.
    unit: Unit,
    programme: Programme,
    person: Reporter,
    kind: str,
    about: tuple[str, str, str, Mapping[str, int]],
    now: datetime,
    delay: timedelta = timedelta(0),
) -> None:
    """Plan to say something within the hours in which a person may be written to.

    `about` is the name of the row, the subject, the dedupe key and the body.
    """
    name, subject, dedupe, body = about
    clock = await clock_of(unit, programme, person)
    due_at = clock.allowed(now + delay, None, dedupe)
    wall = wall_of(due_at, clock.zone).isoformat(timespec="minutes")
    where = (due_at, clock.zone.key, wall, dedupe)
    await due.plan(unit, [Planned(programme.name, person, kind, name, subject, *where, body=body)])


def subject_of(round_id: RoundId) -> str:
    """Name a round as the subject of what is planned about it."""
    return f"round:{round_id}"
