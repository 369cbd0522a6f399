"""What comes back later: follow-ups, reminders, expiries, clarifications, validation questions.

A row is something to be put to one reporter at one moment, or to be done about their session.
Rules. A row has a dedupe key, so planning the same twice plans it once. It carries the moment in
UTC, which is what is searched, and beside it the zone and the wall time it came of, so that a
change of the zone's rules or of the person's zone can work it out anew. A row handed out carries a
short lease in its owner's name; when the lease runs out the row comes back, and whoever held it
before has no say in it any more. What is settled stays, with what became of it: caps and response
rates are counted from it.
"""

from __future__ import annotations

from storage.due.holding import (
    PUT_OFF,
    SETTLE,
    become,
    become_asked,
    claim,
    forget_settled,
    hold,
    note,
    put_off,
    settle,
    wait_again,
)
from storage.due.looking import (
    Ahead,
    about,
    ahead,
    answered_last,
    asked_since,
    asked_times,
    became,
    by_dedupe,
    by_id,
    count_asked,
    count_waiting,
    is_alarmed,
    is_silenced,
    next_at,
    of_person,
    of_reporter,
)
from storage.due.planning import (
    cancel,
    cancel_about,
    cancel_chain,
    cancel_for,
    cancel_under,
    forget_about,
    move,
    plan,
    replan,
    revive,
)
from storage.due.rows import (
    CLARIFICATION,
    UNANSWERED,
    Due,
    DueState,
    Planned,
)

__all__ = [
    "CLARIFICATION",
    "PUT_OFF",
    "SETTLE",
    "UNANSWERED",
    "Ahead",
    "Due",
    "DueState",
    "Planned",
    "about",
    "ahead",
    "answered_last",
    "asked_since",
    "asked_times",
    "became",
    "become",
    "become_asked",
    "by_dedupe",
    "by_id",
    "cancel",
    "cancel_about",
    "cancel_chain",
    "cancel_for",
    "cancel_under",
    "claim",
    "count_asked",
    "count_waiting",
    "forget_about",
    "forget_settled",
    "hold",
    "is_alarmed",
    "is_silenced",
    "move",
    "next_at",
    "note",
    "of_person",
    "of_reporter",
    "plan",
    "put_off",
    "replan",
    "revive",
    "settle",
    "wait_again",
]
