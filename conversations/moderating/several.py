"""Several cases decided as one was: those with the same doubts, each as it was seen.

Where it is safe: a decision that says all there is to say (approve, reject for a reason, cannot be
verified), on reports of the same form with exactly the same doubts. What changed meanwhile is left
out, and all of it can be taken back at once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, TypeAlias

from conversations.moderating.bench import BENCH_STAMP, Bench
from conversations.moderating.choices import SLOT
from conversations.moderating.exchange import Asked, DoneMany
from conversations.phrases import Phrase, phrase, phrase_of_many, verbatim
from conversations.questions.base import Rows
from conversations.replies import Block, Button, Buttons, Revise, Send
from conversations.reviewing.acts import Act, Approve, NotVerifiable, Reject, Undo
from conversations.reviewing.cases import Outcome
from conversations.reviewing.words import outcome_named

ALIKE_MAX: Final = 10
"""So many cases are decided at once at most: as many as somebody can look over."""

Step: TypeAlias = tuple[Bench, tuple[Asked, ...]]


def spelled(act: Act) -> tuple[str, str, str]:
    """Write an act that can be done to several cases; blank for one that cannot."""
    match act:
        case Approve():
            return ("approved", "", "")
        case Reject(reason, words):
            return ("rejected", reason, words)
        case NotVerifiable(words):
            return ("not verifiable", "", words)
        case _:
            return ("", "", "")


def act_of(like: tuple[str, str, str]) -> Act:
    """Read what `spelled` wrote."""
    match like:
        case ("rejected", reason, words):
            return Reject(reason, words)
        case ("not verifiable", _, words):
            return NotVerifiable(words)
        case _:
            return Approve()


def noted(bench: Bench, act: Act, alike: tuple[tuple[str, int, str], ...]) -> Bench:
    """Remember which cases are like the one that was just decided."""
    like = spelled(act)
    found = alike[:ALIKE_MAX] if like[0] else ()
    return replace(bench, alike=found, like=like if found else ("", "", ""), together=())


def offer(bench: Bench) -> Rows:
    """Offer to decide the others alike, where there are any."""
    if not bench.alike:
        return ()
    # Translators: a button: other reports have the same doubts; {count} is how many.
    words = phrase_of_many("{count} more like this", "{count} more like this", len(bench.alike))
    return ((Button(words, "alike"),),)


def shown(bench: Bench) -> Step:
    """Show which cases would be decided, and how."""
    after = replace(bench, step=bench.step + 1)
    # Translators: to a moderator; a list of reports' codes follows. {outcome} is "rejected", say.
    asked = phrase("These have the same doubts and wait, too. Decide all of them alike: {outcome}?",
                   outcome=_named(bench))  # fmt: skip
    lines = [Block(verbatim("{code}", code=code), "item") for _, _, code in bench.alike]
    # Translators: a button: all reports of a list are decided in the same way.
    every = Button(phrase_of_many("Decide {count}", "Decide all {count}", len(bench.alike)), "all")
    # Translators: a button: show the next report to be looked at.
    further = Button(phrase("Next case"), "next")
    keys = Buttons(BENCH_STAMP, after.step, ((every,), (further,)))
    return after, (Revise(SLOT, None), Send((Block(asked), *lines), keys, slot=SLOT))


def done(bench: Bench, told: DoneMany) -> Step:
    """Say to how many cases something was done."""
    undone = isinstance(told.act, Undo)
    after = replace(bench, step=bench.step + 1, alike=(), together=() if undone else told.done)
    blocks = [Block(_undone(told) if undone else _decided(bench, told))]
    if told.left:
        # Translators: to a moderator who decided several reports at once.
        blocks.append(Block(phrase_of_many("{count} changed meanwhile and is left out.",
                                           "{count} changed meanwhile and are left out.",
                                           told.left)))  # fmt: skip
    # Translators: a button: show the next report to be looked at.
    further = [Button(phrase("Next case"), "next")]
    if after.together:
        # Translators: a button: take back what was decided about several reports.
        further.append(Button(phrase("Undo all"), "undoall"))
    keys = Buttons(BENCH_STAMP, after.step, (tuple(further),))
    return after, (Revise(SLOT, None), Send(tuple(blocks), keys, slot=SLOT))


def _named(bench: Bench) -> Phrase:
    outcomes: tuple[Outcome, ...] = ("approved", "rejected", "not verifiable")
    return outcome_named(next((one for one in outcomes if one == bench.like[0]), ""))


def _decided(bench: Bench, told: DoneMany) -> Phrase:
    # Translators: to a moderator who decided several reports at once; {outcome} is "rejected", say.
    return phrase_of_many("{count} decided alike: {outcome}.", "{count} decided alike: {outcome}.",
                          len(told.done), outcome=_named(bench))  # fmt: skip


def _undone(told: DoneMany) -> Phrase:
    # Translators: to a moderator who took several decisions back at once.
    return phrase_of_many("{count} decision taken back.", "{count} decisions taken back.",
                          len(told.done))  # fmt: skip
