"""Every transition of a moderator's bench."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias, assert_never

from conversations.events import ButtonTapped, CommandGiven, TextWritten
from conversations.moderating import figure_card, several
from conversations.moderating.bench import BENCH_STAMP, Awaits, Bench, Menu
from conversations.moderating.card import card
from conversations.moderating.choices import SLOT, back, keys, line_of
from conversations.moderating.exchange import (
    Asked,
    BlackOut,
    CaseLaid,
    Correct,
    Do,
    DoMany,
    Done,
    DoneMany,
    FigureLaid,
    LookAgain,
    MarkAs,
    NothingWaits,
    ShowFiles,
    TakeNext,
)
from conversations.phrases import Phrase, Problem, phrase
from conversations.programme import form_mark
from conversations.replies import Acknowledge, Block, Button, Buttons, Revise, Send
from conversations.reviewing.acts import (
    Act,
    AddSource,
    Approve,
    AskReporter,
    Escalate,
    NotVerifiable,
    PassOn,
    Reject,
    Release,
    RevertAnswer,
    Undo,
    Verify,
)
from conversations.reviewing.cases import ModeratorId
from conversations.reviewing.deciding import Acted
from conversations.reviewing.words import outcome_named, refusal

PASSED_MAX: Final = 20

Told: TypeAlias = (
    CommandGiven
    | ButtonTapped
    | TextWritten
    | CaseLaid
    | FigureLaid
    | NothingWaits
    | Done
    | DoneMany
)
Step: TypeAlias = tuple[Bench, tuple[Asked, ...]]


@dataclass(frozen=True, slots=True)
class Words:
    """What a programme lends a bench: reasons and questions by name, in the moderator's words."""

    reasons: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)


def moderate(bench: Bench, words: Words, told: Told) -> Step:
    """Take one fact to a moderator's bench; return the bench and what the host must do."""
    match told:
        case CommandGiven():
            return replace(bench, awaits="", menu="", passed=()), (TakeNext(),)
        case ButtonTapped():
            return _tapped(bench, words, told)
        case TextWritten(text):
            return _written(bench, text)
        case CaseLaid():
            return _laid(bench, words, told)
        case FigureLaid(view):
            away = (Revise(SLOT, None),) if bench.case else ()
            cleared = Bench(step=bench.step + 1, passed=bench.passed)
            return cleared, (*away, figure_card.shown(view))
        case NothingWaits():
            return _nothing(bench)
        case Done():
            return _done(bench, told)
        case DoneMany():
            return several.done(bench, told)
    assert_never(told)


def takes_words(bench: Bench) -> bool:
    """Tell whether what a moderator writes next is meant for their bench."""
    return bool(bench.awaits)


# The case on the bench


def _laid(bench: Bench, words: Words, laid: CaseLaid) -> Step:
    case = laid.dossier.case
    same = laid.in_place and (bench.case, bench.seen) == (case.instance_id, case.version)
    after = replace(bench, case=case.instance_id, code=laid.dossier.code, seen=case.version,
                    step=bench.step + 1, awaits="")  # fmt: skip
    if not laid.in_place:
        after = replace(after, menu="", about="")
    elif after.about.startswith("#"):
        line = line_of(laid.dossier, after.about)
        after = replace(after, about=line.reference if line else "")
    below = keys(after, laid, words.reasons, words.questions)
    if same:
        return after, (Revise(SLOT, None, below),)
    away = (Revise(SLOT, None),) if bench.case else ()
    return after, (*away, Send(card(laid.dossier, laid.waiting), below, slot=SLOT))


def _nothing(bench: Bench) -> Step:
    # Translators: to a moderator: no report has to be looked at.
    told = Send((Block(phrase("Nothing waits for you. Thank you.")),))
    away = (Revise(SLOT, None),) if bench.case else ()
    return Bench(step=bench.step + 1), (*away, told)


# Taps


def _tapped(bench: Bench, words: Words, tap: ButtonTapped) -> Step:
    if tap.action == "next" and tap.session_key == BENCH_STAMP:
        return replace(bench, awaits="", menu=""), (Acknowledge(), TakeNext(bench.passed))
    if tap.step != bench.step or not bench.case:
        # Translators: shown for a moment after a tap on a button of an old message.
        return bench, (Acknowledge(phrase("This message is an old one.")),)
    after, asked = _chosen(bench, words, tap.action)
    return after, (Acknowledge(), *asked)


def _chosen(bench: Bench, words: Words, action: str) -> Step:  # noqa: C901, PLR0912 - a table.
    if (act := _at_once(bench, words, action)) is not None:
        return bench, (Do(bench.case, bench.seen, act),)
    match action:
        case "alike":
            return several.shown(bench)
        case "all":
            return bench, (DoMany(bench.alike, several.act_of(bench.like)),)
        case "undoall":
            return bench, (DoMany(bench.together, Undo()),)
        case "ask" if words.questions:
            # What the question is about stays: one answer, or the whole report.
            return replace(bench, menu="ask", awaits=""), (LookAgain(bench.case, in_place=True),)
        case "askwords":
            return _await(bench, "ask")
        case "back":
            return _menu(bench, "")
        case "reject" | "duplicate" | "change" | "pass":
            return _menu(bench, action)
        case "words":
            return _await(bench, "reject")
        case "ask" | "escalate" | "unverifiable" | "source" | "correct":
            return _await(bench, action)
        case "code":
            return _await(bench, "duplicate")
        case "blacken":
            return _await(bench, "black out")
        case "private":
            return bench, (BlackOut(bench.case, bench.seen, bench.about),)
        case "files":
            return bench, (ShowFiles(bench.case),)
        case _ if action.startswith("a") and action[1:].isdecimal():
            chosen = replace(bench, menu="answer", awaits="", about=f"#{action[1:]}")
            return chosen, (LookAgain(bench.case, in_place=True),)
        case _ if action.startswith("d"):
            return bench, (MarkAs(bench.case, bench.seen, action[1:]),)
        case _ if action.startswith("a/"):
            return bench, ()
        case _:
            return bench, (LookAgain(bench.case),)


def _at_once(bench: Bench, words: Words, action: str) -> Act | None:
    """Return the act that a button does without asking further."""
    match action:
        case "approve":
            return Approve()
        case "verify":
            return Verify()
        case "release":
            return Release()
        case "undo":
            return Undo()
        case "revert":
            return RevertAnswer(bench.about)
        case _ if action.startswith("m") and action[1:].isdecimal():
            return PassOn(ModeratorId(int(action[1:])))
        case _ if action.startswith("r"):
            named = (name for name in words.reasons if f"r{form_mark(name)}" == action)
            reason = next(named, None)
            return Reject(reason) if reason else None
        case _ if action.startswith("q"):
            named = (name for name in words.questions if f"q{form_mark(name)}" == action)
            question = next(named, None)
            return AskReporter("", bench.about, question) if question else None
        case _:
            return None


def _menu(bench: Bench, menu: Menu) -> Step:
    after = replace(bench, menu=menu, awaits="", about="")
    return after, (LookAgain(bench.case, in_place=True),)


def _await(bench: Bench, what: Awaits) -> Step:
    """Ask for words; the case's buttons stay away until they are written."""
    after = replace(bench, awaits=what, step=bench.step + 1)
    below = Buttons(BENCH_STAMP, after.step, ((back(),),))
    return after, (Revise(SLOT, None), Send((Block(_wanted(what)),), below, slot=SLOT))


def _wanted(what: Awaits) -> Phrase:
    match what:
        case "reject":
            # Translators: to a moderator who rejects a report.
            return phrase("Write the reason. The reporter reads it as you write it.")
        case "ask":
            # Translators: to a moderator who asks a reporter back.
            return phrase("Write your question. The reporter reads it as you write it, without "
                          "your name.")  # fmt: skip
        case "escalate":
            # Translators: to a moderator who leaves a report to a senior moderator.
            return phrase("Write why. The senior moderator reads it.")
        case "unverifiable":
            # Translators: to a moderator: why a report can be neither confirmed nor refuted.
            return phrase("Write why it cannot be verified. The reporter reads it.")
        case "source":
            # Translators: to a moderator who notes who else says what a report says.
            return phrase("Write what kind of source it is, such as “the clinic's register”. Name "
                          "nobody.")  # fmt: skip
        case "duplicate":
            # Translators: to a moderator; codes look like 4T7K-9WXM.
            return phrase("Write the code of the report that tells of the same thing.")
        case "black out":
            # Translators: to a moderator who hides a part of a text that somebody wrote.
            return phrase("Write the words to be blacked out, as they stand in the answer.")
        case "correct" | "":
            # Translators: to a moderator who corrects an answer of a report.
            return phrase("Write the right answer. What the reporter gave is kept beside it.")


# Words


def _written(bench: Bench, text: str) -> Step:
    case, seen = bench.case, bench.seen
    match bench.awaits:
        case "reject":
            return bench, (Do(case, seen, Reject("", text)),)
        case "ask":
            return bench, (Do(case, seen, AskReporter(text, bench.about)),)
        case "escalate":
            return bench, (Do(case, seen, Escalate(text)),)
        case "unverifiable":
            return bench, (Do(case, seen, NotVerifiable(text)),)
        case "source":
            return bench, (Do(case, seen, AddSource(text)),)
        case "correct":
            return bench, (Correct(case, seen, bench.about, text),)
        case "black out":
            return bench, (BlackOut(case, seen, bench.about, text),)
        case "duplicate":
            return bench, (MarkAs(case, seen, text.strip().upper()),)
        case "":
            return bench, ()


# What came of an act


def _done(bench: Bench, done: Done) -> Step:
    match done.came:
        case Acted() as acted:
            return _acted(bench, done, acted)
        case Problem(speech):
            return bench, (Send((Block(speech, "problem"),)),)
        case why:
            said = Send((Block(refusal(why), "problem"),))
            if why == "no words":
                return bench, (said,)
            return replace(bench, awaits="", menu=""), (said, LookAgain(bench.case))


def _acted(bench: Bench, done: Done, acted: Acted) -> Step:
    act = done.act
    after = replace(bench, seen=acted.case.version, step=bench.step + 1, menu="", awaits="")
    if isinstance(act, Release):
        after = replace(after, passed=(*bench.passed, bench.case)[-PASSED_MAX:])
    said = _said(act, acted, bench.code)
    if said is None:
        return replace(bench, seen=acted.case.version, awaits="", menu=""), (LookAgain(bench.case),)
    # Translators: a button: show the next report to be looked at.
    further = [Button(phrase("Next case"), "next")]
    if acted.case.state == "decided":
        # Translators: a button: take back a decision.
        further.append(Button(phrase("Undo"), "undo"))
    after = several.noted(after, act, done.alike)
    below = Buttons(BENCH_STAMP, after.step, (tuple(further), *several.offer(after)))
    return after, (Revise(SLOT, None), Send((Block(said),), below, slot=SLOT))


def _said(act: Act, acted: Acted, code: str) -> Phrase | None:
    """Say what was done; None where the case itself, as it is now, says it."""
    if acted.case.state == "decided":
        # Translators: to a moderator who decided about a report; {code} is its code.
        return phrase("{code}: {outcome}.", code=code, outcome=outcome_named(acted.outcome))
    match act:
        case Release():
            # Translators: to a moderator; {code} is the code of a report.
            return phrase("{code} is back in the queue.", code=code)
        case Escalate():
            # Translators: to a moderator; {code} is the code of a report.
            return phrase("{code} is left to a senior moderator.", code=code)
        case PassOn():
            # Translators: to a moderator; {code} is the code of a report.
            return phrase("{code} is passed on.", code=code)
        case AskReporter():
            # Translators: to a moderator; {code} is the code of a report.
            return phrase("{code}: the question is on its way. The case comes back with the "
                          "answer.", code=code)  # fmt: skip
        case _ if acted.case.state == "second":
            # Translators: to a moderator; {code} is the code of a report.
            return phrase("{code}: noted. A second person must agree.", code=code)
        case _ if acted.case.escalated:
            # Translators: to a moderator: two of them decided differently about a report.
            return phrase("{code}: you two differ, so a senior moderator decides.", code=code)
        case _:
            return None
