"""Rows of the sheet `followups`, read and proved: every mistake of a row is told at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from typing import Final, get_args

from conversations.sheets.durations import Duration
from conversations.sheets.followups import (
    AT_ONCE,
    CONSENTS,
    Anchor,
    Deadline,
    Ending,
    FollowUp,
    NoAnswer,
    Row,
    Window,
)
from conversations.sheets.reading import RowReading
from conversations.xform.offered import names_offered
from conversations.xpath import Expression

NO_ANSWER: Final[tuple[NoAnswer, ...]] = get_args(NoAnswer)
SHOWN: Final = frozenset({"geopoint", "image"})
"""The kinds of questions whose answers may come with a question."""
SHOWN_MAX: Final = 3
TIMES_MAX: Final = 1_000
RESCHEDULES_MAX: Final = 20
REPEAT_DAYS_MIN: Final = 1.0
"""Nobody is asked the same more than once a day."""
COLUMNS: Final[Mapping[str, str]] = {
    "name": "a short name, once on the sheet",
    "form": "the form_id of the form that is asked; blank on a row with `alert`",
    "anchor": "what the time is counted from: `${due_date}`, an expression that gives a date, or "
    "blank for the moment the report was sent",
    "offset": "how long after the anchor: 14 days, 6 weeks, 2 months; -3 days is before it; "
    "blank is at the anchor",
    "repeat": "ask again so long after the last time: 8 weeks; blank is once",
    "until": "what ends the row, parted by semicolons: how often in all (6 times), a date "
    "(`${trial_date}`), a condition over the answers (`${answer.status} = 'born'`); on a row with "
    "alert only that",
    "relevant": "whether the row holds for a report: a condition; blank is always",
    "send_window": "between which hours it may be sent: 08:00-18:00; blank is the programme's",
    "reminders": "when an unanswered one is brought to mind again: 3 days, 7 days, each counted "
    "from the first message",
    "on_no_answer": "end (if blank), flag or keep, after the last reminder",
    "consent": "the question whose answer must be yes, such as `${follow_ok}`",
    "withdraw": "when an answer takes that consent back: `${answer.status} = 'stop'`",
    "new_anchor": "the date in the answers that moves the anchor: `${answer.new_due}`",
    "reschedules": "how often answers may move it; 1 if blank",
    "neutral": "yes: the message names no topic and quotes nothing, for a phone that others see",
    "show": "what of the report comes before the question, to help remember: the names of places "
    "and pictures, such as ${point}, ${photo}; blank is nothing",
    "message::Language": "what is said before the form's first question; `${name}` quotes",
    "alert": "who is told instead: reporter, or a role such as case worker",
    "before": "how long before anchor and offset they are told: 24 months, 12 months, 3 months",
}
_TIMES: Final = re.compile(r"(?:([0-9]{1,6})\s+times?|(once)|(twice))", re.IGNORECASE)
_WINDOW: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*(?:-|–|to)\s*([0-9]{1,2}):([0-9]{2})")  # noqa: RUF001 - what a spreadsheet makes of a hyphen.
_PARTED: Final = re.compile(r"[;\n]+(?=(?:[^']*'[^']*')*[^']*$)")


def read_row(row: RowReading) -> Row | None:
    """Read a row of the sheet; None where it cannot be used."""
    if row.text("form") and row.text("alert"):
        what = "This row asks a form and alerts somebody; one row does one of the two."
        row.refuse(what, "Write two rows.")
    if row.text("alert"):
        return _deadline(row)
    if not row.text("form"):
        row.refuse("This row asks no form.", "Write its form_id into form, or fill alert.")
    return _follow_up(row)


def _follow_up(row: RowReading) -> FollowUp | None:
    made = FollowUp(
        name=row.name(),
        form=row.text("form"),
        anchor=_anchor(row),
        repeat=_repeat(row),
        until=_until(row),
        relevant=row.expression("relevant", "condition"),
        send_window=_window(row),
        reminders=_reminders(row),
        on_no_answer=row.one_of("on_no_answer", NO_ANSWER, "end"),
        consent=_consent(row),
        withdraw=row.expression("withdraw", "condition", answers=True),
        new_anchor=row.expression("new_anchor", "day", answers=True),
        reschedules=row.whole("reschedules", 0, RESCHEDULES_MAX, int(bool(row.text("new_anchor")))),
        neutral=row.yes("neutral", otherwise=False),
        message=row.message("message"),
        show=_shown(row),
    )
    _look_over(row, made)
    return made if row.usable else None


def _look_over(row: RowReading, made: FollowUp) -> None:
    """Refuse what only the whole row shows."""
    if made.repeat and not made.until and row.usable:
        what = "This row repeats and never ends: until is blank."
        row.refuse(what, "Write how often in all, such as 6 times, or what ends it.")
    if made.neutral and made.message.quoted:
        names = ", ".join(one.name for one in made.message.quoted)
        row.refuse(f"A neutral message quotes answers ({names}).", "Take them out of the text.")
    if made.neutral and made.show:
        row.refuse("A neutral row shows something of the report.", "Take it out of show.")
    if made.withdraw and not made.consent:
        row.refuse("What withdraw takes back is not said: consent is blank.", "Fill consent.")
    if row.text("reschedules") and not row.text("new_anchor"):
        row.refuse("Nothing moves the anchor: new_anchor is blank.", "Fill new_anchor.")
    if row.text("before"):
        row.refuse("Only a row with alert has before.", "Take it out, or fill alert.")


def _deadline(row: RowReading) -> Deadline | None:
    for column in sorted(_OF_FOLLOW_UPS & {name.partition("::")[0] for name in row.cells}):
        row.refuse(f"A row with alert has no {column}.", "Take it out, or write another row.")
    before = row.durations("before")
    if any(one.count < 0 for one in before):
        row.refuse("The before cannot be below nought.", "Write how long before: 3 months.")
    made = Deadline(
        name=row.name(),
        alert=" ".join(row.text("alert").lower().split()),
        anchor=_anchor(row),
        before=tuple(sorted(before, key=lambda one: -one.about_days)) or (AT_ONCE,),
        relevant=row.expression("relevant", "condition"),
        send_window=_window(row),
        message=row.message("message", needed=True),
        until=_over(row),
    )
    return made if row.usable else None


def _over(row: RowReading) -> Expression | None:
    """Return which answer ends a deadline."""
    ending = _until(row)
    if ending.times is not None or ending.day is not None:
        mend = "Write a condition over the answers: ${answer.stage} = 'closed'."
        row.refuse("A row with alert ends by an answer alone.", mend)
    return ending.condition


_OF_FOLLOW_UPS: Final = frozenset(
    {
        *("form", "repeat", "reminders", "on_no_answer", "consent", "withdraw"),
        *("new_anchor", "reschedules", "neutral", "show"),
    }
)


def _anchor(row: RowReading) -> Anchor:
    return Anchor(row.expression("anchor", "day"), row.duration("offset") or AT_ONCE)


def _repeat(row: RowReading) -> Duration | None:
    repeat = row.duration("repeat")
    if repeat is not None and repeat.about_days < REPEAT_DAYS_MIN:
        row.refuse(f"The repeat {repeat} is too short.", "Ask at most once a day: 1 day.")
    return repeat


def _until(row: RowReading) -> Ending:
    ending = Ending()
    for part in filter(None, map(str.strip, _PARTED.split(row.text("until")))):
        ending = _also(row, ending, part)
    return ending


def _also(row: RowReading, ending: Ending, part: str) -> Ending:
    times, day, condition = ending.times, ending.day, ending.condition
    counted = _TIMES.fullmatch(part)
    found = None if counted else row.expression("until", "number", part, answers=True)
    if counted:
        count = int(counted[1] or (1 if counted[2] else 2))
        if not 1 <= count <= TIMES_MAX:
            row.refuse(f"The until '{part}' cannot be used.", f"Write 1 to {TIMES_MAX} times.")
        times = count if times is None else min(times, count)
    elif found is not None and found.type == "boolean" and condition is None:
        condition = row.expression("until", "condition", part, answers=True)
    elif found is not None and found.type != "boolean" and day is None:
        day = row.expression("until", "day", part, answers=True)
    elif found is not None:
        row.refuse("The until has two dates, or two conditions.", "Join conditions with or.")
    return Ending(times, day, condition)


def _window(row: RowReading) -> Window | None:
    written = row.text("send_window")
    if not written:
        return None
    found = _WINDOW.fullmatch(written)
    try:
        begins, ends = (time(int(found[at]), int(found[at + 1])) for at in (1, 3)) if found else _NO
    except ValueError:
        begins, ends = _NO
    if begins >= ends:
        mend = "Write two times of one day, the earlier first: 08:00-18:00."
        row.refuse(f"The send_window '{written[:40]}' cannot be used.", mend)
        return None
    return Window(begins, ends)


_NO: Final = (time(0), time(0))


def _reminders(row: RowReading) -> tuple[Duration, ...]:
    found = row.durations("reminders")
    days = [one.about_days for one in found]
    if any(day <= 0 for day in days) or days != sorted(set(days)):
        mend = "Write them from the first to the last: 3 days, 7 days."
        row.refuse("The reminders do not come one after the other.", mend)
    return found


def _consent(row: RowReading) -> str:
    path = row.path("consent")
    names = names_offered(row.names.form, path) if path else None
    if names is not None and not set(names) & set(CONSENTS):
        what = f"The consent {path.rpartition('/')[2]} has no choice that says yes."
        row.refuse(what, "Name a question that is answered with yes or no.")
    return path


def _shown(row: RowReading) -> tuple[str, ...]:
    """Return the paths of what is shown: places and pictures outside of repeats."""
    names = [part for part in re.split(r"[,;\s]+", row.text("show")) if part]
    found = dict.fromkeys(path for name in names if (path := row.path("show", name)))
    for path in found:
        question = row.names.question(path)
        name = path.rpartition("/")[2]
        if question is None or question.kind not in SHOWN or _is_repeated(row, path):
            what = f"The show names {name}, which is no place or picture asked once."
            row.refuse(what, "Name a geopoint or an image outside of repeats.")
    if len(found) > SHOWN_MAX:
        row.refuse(f"The show names {len(found)} questions.", f"Show at most {SHOWN_MAX}.")
    return tuple(found)


def _is_repeated(row: RowReading, path: str) -> bool:
    steps = path.split("/")
    above = ("/".join(steps[:end]) for end in range(2, len(steps)))
    return any(row.names.place(one).repeat for one in above)
