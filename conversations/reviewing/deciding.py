"""May this moderator do that with this case, and what comes of it: every transition is here.

    state     claim    ending             ask back   new evidence   undo, appeal
    open      holder   decided | second   asked      open           -
    asked     holder   decided | second   asked      open           -
    second    holder   decided | open     asked      open           -
    decided   -        -                  -          open           open

The rules
---------
1. Nobody decides about their own report, nor about one outside the languages, areas and forms that
   they serve; seniors serve all.
2. Whoever acts names the version they saw; another one is refused.
3. While one holds a claim, nobody else acts; an act renews the claim of whoever acts.
4. Where two persons must agree, the second is another person; if they differ, the case is open
   again and a senior decides alone.
5. `verified` needs independent sources recorded.
6. What was decided can be taken back for a while by whoever decided, and by seniors.
7. An appeal goes to somebody else than who decided.
8. What is blacked out in a picture is shown again by seniors alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from conversations.reviewing.acts import (
    Act,
    AddSource,
    Approve,
    AskReporter,
    Claim,
    EditAnswer,
    Ending,
    Escalate,
    MarkDuplicate,
    NotVerifiable,
    PassOn,
    RedactPicture,
    RedactText,
    Reject,
    Release,
    RestorePicture,
    RevertAnswer,
    Undo,
    Verify,
)
from conversations.reviewing.cases import NOBODY, Case, ModeratorId, Outcome, Rules

Refused: TypeAlias = Literal[
    "own report",
    "not served",
    "changed meanwhile",
    "held by another",
    "decided already",
    "not decided",
    "too late",
    "same person",
    "too few sources",
    "seniors only",
    "no words",
    "itself",
    "decided by you",
    "own doubt",
    "nothing to correct",
]
"""Why an act does not count; `words.refusal` says it."""

WORDS_MAX: Final = 2_000


@dataclass(frozen=True, slots=True)
class Moderator:
    """Who acts.

    `languages`, `areas` and `forms` are those they serve, empty for all. `own` is set where the
    report at hand is their own; the host finds out, for nothing here knows a reporter.
    """

    id: ModeratorId
    senior: bool = False
    languages: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    own: bool = False

    def serves(self, case: Case) -> bool:
        """Tell whether a case is one of theirs to see."""
        if self.senior:
            return True
        served = (
            (self.languages, case.language),
            (self.areas, case.area),
            (self.forms, case.form_id),
        )
        return all(not wanted or one in wanted for wanted, one in served)


@dataclass(frozen=True, slots=True)
class Acted:
    """The case as it is now, and what was decided with that: blank where nothing was."""

    case: Case
    outcome: Outcome = ""
    undone: Outcome = ""


def act(  # noqa: PLR0913, PLR0917 - who does what with which case, as it was seen, when, under which rules.
    case: Case, wanted: Act, by: Moderator, seen: int, now: datetime, rules: Rules
) -> Acted | Refused:
    """Do one act to a case, or say why not.

    `seen` is the version that the moderator looked at. The host keeps the case that comes back,
    with what the act itself says (an edit, a question), in one transaction.
    """
    refused = _refused(case, wanted, by, seen, now)
    if refused:
        return refused
    match wanted:
        case Release():
            return Acted(_next(case, claimed_by=NOBODY, claimed_until=None))
        case PassOn(to):
            return Acted(_held(_next(case), to, now, rules))
        case Escalate(words):
            return _escalated(case, words)
        case Undo():
            return _undone(case, by, now, rules)
        case (
            Claim()
            | EditAnswer()
            | RevertAnswer()
            | RedactText()
            | RedactPicture()
            | RestorePicture()
        ):
            return Acted(_held(_next(case), by.id, now, rules))
        case AddSource(words):
            more = _next(case, sources=case.sources + 1)
            return Acted(_held(more, by.id, now, rules)) if _said(words) else "no words"
        case AskReporter(words):
            return _asked(case, words)
        case Approve() | Verify() | Reject() | MarkDuplicate() | NotVerifiable():
            return _ended(case, wanted, by, now, rules)


def reopened(case: Case, now: datetime) -> Case:
    """Open a case again: the reporter answered, or new evidence came.

    What was decided stays in the history; the report is looked at afresh, from now on.
    """
    afresh = _next(case, state="open", first=NOBODY, proposed="")
    return replace(afresh, opened_at=now if case.state == "decided" else case.opened_at)


def appealed(case: Case, now: datetime, rules: Rules) -> Case | Refused:
    """Open a case again because its reporter appeals: once, in time, to another person."""
    if case.state != "decided" or case.decided_at is None:
        return "not decided"
    if case.appealed or now - case.decided_at > timedelta(days=rules.appeal_days):
        return "too late"
    return replace(reopened(case, now), appealed=True)


def _refused(case: Case, wanted: Act, by: Moderator, seen: int, now: datetime) -> Refused | None:
    if by.own:
        return "own report"
    if not by.serves(case):
        return "not served"
    if seen != case.version:
        return "changed meanwhile"
    if case.holder(now) not in {NOBODY, by.id} and not (by.senior and isinstance(wanted, PassOn)):
        return "held by another"
    if case.state == "decided" and not isinstance(wanted, Undo):
        return "decided already"
    left_to_seniors = case.escalated and isinstance(wanted, Ending)
    if not by.senior and (left_to_seniors or isinstance(wanted, RestorePicture)):
        return "seniors only"
    return None


def _ended(
    case: Case, wanted: Ending, by: Moderator, now: datetime, rules: Rules
) -> Acted | Refused:
    if case.appealed and case.decided_by == by.id:
        return "decided by you"
    outcome = outcome_of(wanted)
    match wanted:
        case Verify() if case.sources < rules.sources_min:
            return "too few sources"
        case MarkDuplicate(of) if of == case.instance_id:
            return "itself"
        case Reject(reason, words) if not reason and not _said(words):
            return "no words"
    alone = by.senior and case.escalated
    if not rules.two_persons or alone or outcome in {"duplicate", "not verifiable"}:
        return Acted(_decided(case, outcome, by, now), outcome)
    return _with_second(case, outcome, by, now)


def _with_second(case: Case, outcome: Outcome, by: Moderator, now: datetime) -> Acted | Refused:
    """Let two persons agree."""
    if case.state != "second":
        waiting = _next(case, state="second", first=by.id, proposed=outcome)
        return Acted(replace(waiting, claimed_by=NOBODY, claimed_until=None))
    if case.first == by.id:
        return "same person"
    if case.proposed == outcome:
        return Acted(_decided(case, outcome, by, now), outcome)
    differing = _next(case, state="open", first=NOBODY, proposed="", escalated=True)
    return Acted(replace(differing, claimed_by=NOBODY, claimed_until=None))


def _decided(case: Case, outcome: Outcome, by: Moderator, now: datetime) -> Case:
    decided = _next(case, state="decided", outcome=outcome, decided_by=by.id, decided_at=now)
    return replace(decided, claimed_by=NOBODY, claimed_until=None, escalated=False)


def _undone(case: Case, by: Moderator, now: datetime, rules: Rules) -> Acted | Refused:
    if case.state != "decided" or case.decided_at is None:
        return "not decided"
    if case.decided_by != by.id and not by.senior:
        return "seniors only"
    if now - case.decided_at > timedelta(hours=rules.undo_hours):
        return "too late"
    back = _next(case, state="open", outcome="", first=NOBODY, proposed="", decided_at=None)
    return Acted(_held(replace(back, decided_by=NOBODY), by.id, now, rules), undone=case.outcome)


def _escalated(case: Case, words: str) -> Acted | Refused:
    if not _said(words):
        return "no words"
    free = _next(case, escalated=True, claimed_by=NOBODY, claimed_until=None)
    return Acted(free)


def _asked(case: Case, words: str) -> Acted | Refused:
    if not _said(words):
        return "no words"
    waiting = _next(case, state="asked", outcome="has issues", first=NOBODY, proposed="")
    return Acted(replace(waiting, claimed_by=NOBODY, claimed_until=None), "has issues")


def outcome_of(wanted: Ending) -> Outcome:
    """Return what an ending decides."""
    match wanted:
        case Approve():
            return "approved"
        case Verify():
            return "verified"
        case Reject():
            return "rejected"
        case MarkDuplicate():
            return "duplicate"
        case NotVerifiable():
            return "not verifiable"


def _next(case: Case, **changes: object) -> Case:
    return replace(case, version=case.version + 1, **changes)  # type: ignore[arg-type]  # Members by name.


def _held(case: Case, by: ModeratorId, now: datetime, rules: Rules) -> Case:
    until = now + timedelta(minutes=rules.claim_minutes)
    return replace(case, claimed_by=by, claimed_until=until)


def _said(words: str) -> bool:
    return 0 < len(words.strip()) <= WORDS_MAX
