"""A workbook arrives, is checked, and is offered to its author: to try, to publish, to drop."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final, TypeAlias

from conversations.authoring.desk import Candidate, Desk
from conversations.authoring.exchange import (
    Asked,
    CheckWorkbook,
    PublishForm,
    SendText,
    WorkbookChecked,
)
from conversations.authoring.offering import Offering, next_version
from conversations.events import MediaSent
from conversations.followups.rehearsal import Rehearsal, from_plain, rehearsed, to_plain
from conversations.phrases import Problem, phrase, phrase_of_many, verbatim
from conversations.replies import Block, Button, Buttons, NoKeyboard, Revise, Send
from conversations.xform.form import Form
from conversations.xform.problems import FormProblem
from conversations.xform.renumbering import with_version

WORKBOOK_BYTES_MAX: Final = 5 * 2**20
"""As `storage.workbooks` reads; what is larger need not be fetched."""
WORKBOOK_SUFFIXES: Final = (".xlsx", ".xlsm")
OTHER_SUFFIXES: Final = (".xls", ".csv", ".ods", ".md", ".xml", ".zip", ".numbers")
"""What an author may take for a form; they are told what to send instead."""
PROBLEMS_SHOWN_MAX: Final = 8
"""In the message itself; the others come as a file."""
PROBLEM_CHARACTERS_MAX: Final = 300
NO_VERSION: Final = "?"
"""Stands for a version where the workbook gave none."""
SHEET: Final = "followups"
SLOT: Final = "offer"
TRIAL_SLOT: Final = "trial"
"""Apart from the slot of reports, whose last question may still stand further up in the chat."""

Step: TypeAlias = tuple[Desk, tuple[Asked, ...]]
Blocks: TypeAlias = tuple[Block, ...]


# It arrives


def looks_like_a_form(sent: MediaSent) -> bool:
    """Tell by its name whether a document is meant as a form."""
    name = sent.file_name.lower()
    return sent.kind == "file" and name.endswith((*WORKBOOK_SUFFIXES, *OTHER_SUFFIXES))


def received(desk: Desk, sent: MediaSent, upload: str) -> Step:
    """Take a document: have it checked, or say at once why it cannot be a form."""
    if refusal := _refused_unread(sent):
        return desk, (_said(Block(refusal.speech, "problem")),)
    ahead = tuple(_put_away(desk))
    fresh = Desk(upload, sent.file_name, board_step=desk.board_step, reading=True)
    # Translators: {file} is the name of a spreadsheet that the coordinator has just sent.
    told = _said(Block(phrase("I am reading {file}…", file=sent.file_name)))
    return fresh, (*ahead, told, CheckWorkbook(upload, sent.source, sent.file_name))


def _refused_unread(sent: MediaSent) -> Problem | None:
    if (sent.size_bytes or 0) > WORKBOOK_BYTES_MAX:
        # Translators: to a coordinator who sent a form as a spreadsheet.
        text = phrase(
            "This file is too large: a form may have 5 MB. Take out pictures and sheets that do "
            "not belong to the form, and send it again."
        )
        return Problem(text)
    if not sent.file_name.lower().endswith(WORKBOOK_SUFFIXES):
        # Translators: to a coordinator who sent a CSV, text or other file instead of a workbook.
        text = phrase(
            "Please send the form as an Excel workbook, a file that ends in .xlsx. In your "
            "spreadsheet program: File, Save as, Excel workbook (.xlsx)."
        )
        return Problem(text)
    return None


def _said(*blocks: Block) -> Send:
    return Send(blocks)


def _put_away(desk: Desk) -> Iterator[Asked]:
    """Clear the desk for a newer workbook; whoever waits for the last one, or tries it, is told."""
    if desk.trial:
        yield Revise(TRIAL_SLOT, None)
        # Translators: a coordinator sends a newer form while they try one; what they write from
        # now on is a real answer again.
        over = phrase("🧪 The trial is over. What you write from now on counts.")
        yield Send((Block(over),), NoKeyboard())
    elif desk.candidate:
        yield Revise(SLOT, None)
    elif desk.reading:
        # Translators: {file} is a spreadsheet that a coordinator sent; they have sent a newer one.
        put_aside = phrase("I put {file} aside for the one you sent now.", file=desk.file_name)
        yield _said(Block(put_aside))


# It was checked


def checked(desk: Desk, offering: Offering, event: WorkbookChecked, today: date) -> Step:
    """Say what is wrong with a workbook, or offer to try and to publish it."""
    if event.upload != desk.upload:
        return desk, ()
    desk = replace(desk, reading=False)
    if event.form is not None:
        return _usable(desk, offering, event, event.form, today)
    if event.problems is None:
        # Translators: Telegram would not hand out the file that the coordinator sent.
        sorry = phrase("I could not fetch {file}. Please send it again.", file=desk.file_name)
        return desk, (_said(Block(sorry, "problem")),)
    return desk, _unusable(desk, event.problems)


def _unusable(desk: Desk, problems: Sequence[FormProblem]) -> tuple[Asked, ...]:
    errors = [problem for problem in problems if problem.level == "error"]
    # Translators: to a coordinator; {file} is the name of the workbook; a list follows.
    told = phrase_of_many(
        "{file} cannot be used yet: {count} thing must be mended.",
        "{file} cannot be used yet: {count} things must be mended.",
        len(errors),
        file=desk.file_name,
    )
    # Translators: below a list of what is wrong in a coordinator's spreadsheet.
    ask = Block(phrase("Mend this in the workbook and send it again."), "hint")
    ordered = (*errors, *(problem for problem in problems if problem.level != "error"))
    return _listed(Block(told, "problem"), ordered, (ask,))


def _usable(
    desk: Desk, offering: Offering, event: WorkbookChecked, form: Form, today: date
) -> Step:
    standing = offering.form(form.form_id)
    if standing is not None and _is_another(form, standing):
        return desk, (_said(*_taken(form, standing)),)
    unchanged = standing is not None and _asks_the_same(form, standing)
    replaces = standing.version if standing else None
    seen = to_plain(event.seen) if event.seen and _is_news(event.seen, form, standing) else {}
    candidate = Candidate(form.form_id, form.version, form.title, replaces, unchanged, seen)
    looked_at = _looked_at(event.problems or ())
    return _offered(replace(desk, candidate=candidate), offering, today, looked_at)


def _is_news(seen: Rehearsal, form: Form, standing: Form | None) -> bool:
    """Tell whether it is worth saying what a form's follow-ups would do."""
    same = standing is not None and form.extras.get(SHEET) == standing.extras.get(SHEET)
    return seen.changes_anything if not same else seen.total("added", "moved", "cancelled") > 0


def _is_another(form: Form, standing: Form) -> bool:
    """Tell whether a form took its id from another one: another title, and other questions."""
    asked, known = set(form.elements), set(standing.elements)
    return form.title != standing.title and 2 * len(asked & known) < len(known)


def _taken(form: Form, standing: Form) -> Blocks:
    # Translators: the new form was made from a copy of another one, whose id it still has.
    told = phrase(
        "The form_id {form_id} belongs to another form, “{title}”, which asks other questions.",
        form_id=form.form_id,
        title=standing.title,
    )
    # Translators: form_id and settings are names in the spreadsheet and stay as they are.
    mend = phrase(
        "Give yours a form_id of its own on the sheet settings and send it again. If it is to "
        "take the place of the other, give it the same title."
    )
    return Block(told, "problem"), Block(mend, "hint")


def _asks_the_same(form: Form, standing: Form) -> bool:
    return with_version(form, standing.version).source == standing.source


def _looked_at(warnings: Sequence[FormProblem]) -> tuple[Asked, ...]:
    if not warnings:
        # Translators: a coordinator's spreadsheet was checked, and all is well.
        return (_said(Block(phrase("No problems found, and no translation is missing."))),)
    # Translators: to a coordinator who sent a workbook; a list of pieces of advice follows.
    told = phrase_of_many(
        "The form works. {count} thing to look at:",
        "The form works. {count} things to look at:",
        len(warnings),
    )
    return _listed(Block(told), warnings, ())


def _listed(head: Block, problems: Sequence[FormProblem], end: Blocks) -> tuple[Asked, ...]:
    """Show the first problems in the message, and all of them in a file where there are more."""
    shown = tuple(
        Block(verbatim("• {problem}", problem=_short(problem)), "item")
        for problem in problems[:PROBLEMS_SHOWN_MAX]
    )
    if len(problems) <= PROBLEMS_SHOWN_MAX:
        return (_said(head, *shown, *end),)
    # Translators: below the first of many problems; the file comes with the next message.
    rest = Block(phrase("All {count} are in the file below.", count=len(problems)))
    lines = "".join(f"{problem.level}: {problem}\n" for problem in problems)
    return (_said(head, *shown, rest, *end), SendText("problems.txt", lines))


def _short(problem: FormProblem) -> str:
    line = str(problem)
    if len(line) <= PROBLEM_CHARACTERS_MAX:
        return line
    return line[: PROBLEM_CHARACTERS_MAX - 1] + "…"


# It is offered to its author


def offered(desk: Desk, offering: Offering, today: date) -> Step:
    """Say again what may be done with the form that lies on the desk."""
    return _offered(desk, offering, today, ())


def _offered(desk: Desk, offering: Offering, today: date, ahead: tuple[Asked, ...]) -> Step:
    candidate = desk.candidate
    assert candidate is not None  # noqa: S101 - an offer without its form is our mistake.
    standing = offering.standing.get(candidate.form_id)
    put = replace(desk, step=desk.step + 1, candidate=replace(candidate, replaces=standing))
    rows = tuple((button,) for button in _buttons(candidate, offering, today))
    title = verbatim("{title} ({form_id})", title=candidate.title, form_id=candidate.form_id)
    blocks = (Block(title, "title"), *_about(candidate, standing))
    return put, (*ahead, Send(blocks, Buttons(put.stamp, put.step, rows), slot=SLOT))


def _about(candidate: Candidate, standing: str | None) -> Iterator[Block]:
    seen = from_plain(candidate.seen)
    if standing is not None and candidate.unchanged:
        # Translators: {version} is a form's version, such as 3.
        same = phrase(
            "It asks the same as version {version}, which is published.", version=_shown(standing)
        )
        yield Block(same)
        return
    if standing is None:
        # Translators: about a form that a coordinator has sent to be published.
        yield Block(phrase("This is a new form of the programme."))
    else:
        # Translators: about a form that was sent; {version} is that of the published one.
        told = phrase("It will take the place of version {version}.", version=_shown(standing))
        yield Block(told)
    if seen.reports:
        yield from rehearsed(seen)
        # Translators: two buttons follow: one publishes the form for new reports alone, the other
        # lets its follow-ups hold for the reports that there are already.
        rule = phrase(
            "If you publish it for new reports alone, what is planned stays. If earlier reports "
            "go along, they change as counted here; what has begun goes on as it began. Publish "
            "the former version the same way to go back."
        )
        yield Block(rule)
    # Translators: a form was sent to the bot and not published yet.
    yield Block(phrase("Until you publish it, only you see it."), "hint")


def _shown(version: str) -> str:
    return version or NO_VERSION


def _buttons(candidate: Candidate, offering: Offering, today: date) -> Iterator[Button]:
    # Translators: a button; the coordinator answers the new form's questions to see how they sound.
    yield Button(phrase("Try it now"), "try")
    if not candidate.unchanged:
        version = version_for(candidate, offering, today)
        # Translators: a button; {version} is a form's version, such as 3.
        yield Button(phrase("Publish as version {version}", version=version), "publish")
        if candidate.seen:
            # Translators: a button; the form is published, and its follow-ups hold for the reports
            # that there are already, too.
            yield Button(phrase("Publish, also for old reports"), "along")
    # Translators: a button; the form that was sent is thrown away and not published.
    yield Button(phrase("Throw it away"), "drop")


def version_for(candidate: Candidate, offering: Offering, today: date) -> str:
    """Return the version to publish under: the form's own, or the next where that is taken."""
    taken = offering.versions(candidate.form_id)
    if candidate.version and candidate.version not in taken:
        return candidate.version
    return next_version(taken, today)


# It is published


def publishing(desk: Desk, offering: Offering, today: date, *, along: bool = False) -> Step:
    """Publish the form that lies on the desk, unless its author does not know what it replaces."""
    candidate = desk.candidate
    assert candidate is not None  # noqa: S101 - a button without its form is our mistake.
    standing = offering.standing.get(candidate.form_id)
    if standing != candidate.replaces:
        return _overtaken(desk, offering, today)
    version = version_for(candidate, offering, today)
    done = Desk(desk.upload, desk.file_name, None, desk.step, desk.board_step, None)
    # Translators: {title} is a form's, {version} its version, such as 3.
    told = phrase(
        "“{title}”, version {version}, is published.", title=candidate.title, version=version
    )
    blocks = (
        Block(told, "title"),
        # Translators: after a new version of a form was published.
        Block(phrase("Whoever begins from now on gets it. Reports under way stay as they began.")),
        *_goes_along(along=along),
        *_closed_still(candidate, offering),
    )
    publish = PublishForm(candidate.form_id, version, along)
    return done, (Revise(SLOT, None), publish, Send(blocks))


def _goes_along(*, along: bool) -> Blocks:
    if not along:
        return ()
    # Translators: after a form was published: the bot works through the earlier reports just now.
    told = phrase("Its follow-ups hold for earlier reports, too. I tell you when all are done.")
    return (Block(told),)


def _closed_still(candidate: Candidate, offering: Offering) -> Blocks:
    if candidate.form_id not in offering.closed:
        return ()
    # Translators: a new version was published of a form that nobody can choose at present.
    return (Block(phrase("The form is closed. /programme opens it."), "hint"),)


def _overtaken(desk: Desk, offering: Offering, today: date) -> Step:
    assert desk.candidate is not None  # noqa: S101 - as in `publishing`.
    version = offering.standing.get(desk.candidate.form_id, "")
    # Translators: two coordinators publish the same form; this one comes second.
    told = phrase(
        "Meanwhile version {version} was published by somebody else. Yours does not hold what "
        "they changed. Speak with them, or publish yours all the same.",
        version=_shown(version),
    )
    ahead = (Revise(SLOT, None), _said(Block(told, "problem")))
    candidate = replace(desk.candidate, unchanged=False, seen={})
    return _offered(replace(desk, candidate=candidate), offering, today, ahead)
