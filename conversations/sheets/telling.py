"""A line about each row, for its author: what will happen, in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from conversations.disclosure import PEOPLE_MIN
from conversations.sheets.counts import Count
from conversations.sheets.durations import Duration
from conversations.sheets.flags import Action, Flag
from conversations.sheets.followups import Anchor, Deadline, Ending, FollowUp, NoAnswer, Window
from conversations.sheets.reader import Sheets
from conversations.sheets.validations import (
    AtPlace,
    Audience,
    HaveRole,
    InArea,
    SpeakIt,
    Validation,
    Within,
)
from conversations.xform.form import Form
from conversations.xform.quoting import in_authors_words
from conversations.xpath import Expression

_BESIDE: Final = re.compile(r"instance\('(parent|answer)'\)/root/([\w.\-]+)")
_DONE: Final[Mapping[Action, str]] = {
    "queue": "puts the report before moderators",
    "hold": "puts it before moderators and holds it out of results",
    "alert": "alerts somebody at once and stops all automatic questions about it",
}
_UNANSWERED: Final[Mapping[NoAnswer, str]] = {
    "end": "then it ends",
    "flag": "then a moderator is told",
    "keep": "then it goes on",
}


def lines_of(sheets: Sheets, form: Form) -> tuple[str, ...]:
    """Return a line about each row of the sheets beside a form, in their order."""
    teller = _Teller(form)
    return (
        *map(teller.flag, sheets.flags),
        *map(teller.follow_up, sheets.followups),
        *map(teller.deadline, sheets.deadlines),
        *map(teller.validation, sheets.validations),
        *map(teller.count, sheets.counts),
    )


@dataclass(frozen=True, slots=True)
class _Teller:
    form: Form

    def flag(self, flag: Flag) -> str:
        condition, does = self._quoted(flag.relevant), _DONE[flag.action]
        return f"flag {flag.name} ({flag.severity.name.lower()}): if {condition}, it {does}"

    def follow_up(self, row: FollowUp) -> str:
        parts = [self._when(row.anchor), *self._again(row)]
        parts += [f"if {self._quoted(row.relevant)}"] if row.relevant else []
        parts += [f"with the consent {self._name(row.consent)}"] if row.consent else []
        parts += [f"between {_hours(row.send_window)}"] if row.send_window else []
        after = [f"asks form {row.form}", *self._after(row)]
        return f"follow-up {row.name}: {', '.join(parts)}; {'; '.join(after)}"

    def deadline(self, row: Deadline) -> str:
        before = ", ".join(map(str, row.before))
        condition = f", if {self._quoted(row.relevant)}" if row.relevant else ""
        condition += f", until {self._quoted(row.until)}" if row.until else ""
        when = self._when(row.anchor)
        return f"deadline {row.name}: {when}{condition}; tells the {row.alert} {before} before"

    def validation(self, row: Validation) -> str:
        whom = ", ".join(map(self._audience, row.audience)) or "anybody"
        parts = [f"{row.least} to {row.most} people ({whom})"]
        parts += [f"if {self._quoted(row.relevant)}"] if row.relevant else []
        parts += [f"with the consent {self._name(row.consent)}"] if row.consent else []
        parts += [f"never if {self._quoted(row.never)}"] if row.never else []
        if row.lookup is not None:
            of = f"a record, looked up with form {row.lookup.form} ({whom})"
            said = f"borne out if {self._quoted(row.lookup.confirms)}"
            return f"validation {row.name}: {', '.join((of, *parts[1:], said))}"
        return f"validation {row.name}: {', '.join(parts)}; within {row.expires}"

    def count(self, row: Count) -> str:
        by = "area" if isinstance(row.by, InArea) else self._name(row.by.path)
        parts = [f"the reports of each {by} and month"]
        parts += [f"by {self._quoted(row.day)}"] if row.day else []
        parts += [f"if {self._quoted(row.relevant)}"] if row.relevant else []
        whom = f"{row.least} to {row.most} people of the place look at the number"
        rule = f"where at least {PEOPLE_MIN} people reported, within {row.expires_days:g} days"
        return f"count {row.name}: {', '.join(parts)}; {whom}, {rule}"

    def _when(self, anchor: Anchor) -> str:
        day = "the report is sent" if anchor.expression is None else self._quoted(anchor.expression)
        offset = anchor.offset
        if offset.count == 0:
            return f"when {day}" if anchor.expression is None else f"on {day}"
        return f"{-offset if offset.count < 0 else offset} {_side(offset)} {day}"

    def _again(self, row: FollowUp) -> Iterator[str]:
        if row.repeat is not None:
            yield f"every {row.repeat}"
        yield from self._ending(row.until)

    def _ending(self, until: Ending) -> Iterator[str]:
        if until.times is not None:
            yield "at most once" if until.times == 1 else f"at most {until.times} times"
        if until.day is not None:
            yield f"until {self._quoted(until.day)}"
        if until.condition is not None:
            yield f"until {self._quoted(until.condition)}"

    def _after(self, row: FollowUp) -> Iterator[str]:
        if row.reminders:
            yield f"reminds after {_listed(row.reminders)}, {_UNANSWERED[row.on_no_answer]}"
        if row.new_anchor is not None:
            times = "once" if row.reschedules == 1 else f"{row.reschedules} times"
            yield f"{self._quoted(row.new_anchor)} moves it, at most {times}"
        if row.withdraw is not None:
            yield f"{self._quoted(row.withdraw)} takes the consent back"
        if row.show:
            yield f"shows {', '.join(map(self._name, row.show))}"
        if row.neutral:
            yield "names no topic"

    def _audience(self, one: Audience) -> str:
        match one:
            case InArea():
                return "of the report's area"
            case SpeakIt():
                return "who speak its language"
            case AtPlace(path):
                return f"of the place {self._name(path)}"
            case Within(km, path):
                return f"within {km:g} km of {self._name(path)}"
            case HaveRole(role):
                return f"with the role {role}"

    def _name(self, path: str) -> str:
        return f"${{{path.rpartition('/')[2]}}}"

    def _quoted(self, expression: Expression) -> str:
        known = self.form.plan.places
        text = in_authors_words(_BESIDE.sub(r"${\1.\2}", expression.text), known)
        return " ".join(text.split())


def _side(offset: Duration) -> str:
    return "before" if offset.count < 0 else "after"


def _hours(window: Window) -> str:
    return f"{window.begins:%H:%M} and {window.ends:%H:%M}"


def _listed(durations: Sequence[Duration]) -> str:
    *first, last = map(str, durations)
    return f"{', '.join(first)} and {last}" if first else last
