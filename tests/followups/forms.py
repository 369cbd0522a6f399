"""The programme of a year: a report, what follows it, and what follows that."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from zoneinfo import ZoneInfo

from conversations.courtesy import Courtesy
from conversations.programme import Programme
from conversations.xform.extras import with_extras
from conversations.xform.form import Form
from conversations.xform.reader import read_form
from storage.workbooks import convert
from tests.dialogue.chat import programme_of
from tests.workbooks.making import markdown_of

CHOICES = [["list_name", "name", "label"], ["status", "still", "Still"], ["status", "born", "Born"],
           ["yes_no", "yes", "Yes"], ["yes_no", "no", "No"]]  # fmt: skip
REMINDED = {"send_window": "08:00-18:00", "reminders": "3 days, 7 days", "on_no_answer": "end"}


def _form(form_id: str, survey: list[list[str]], followups: list[dict[str, str]]) -> Form:
    head = ["type", "name", "label", "relevant"]
    rows = [[*row, *[""] * (len(head) - len(row))] for row in survey]
    cells = {
        "survey": [head, *rows],
        "choices": CHOICES,
        "settings": [["form_id", "version"], [form_id, "1"]],
    }
    xform = convert(markdown_of(cells), f"{form_id}.md").xform.decode()
    return read_form(with_extras(xform, {"followups": followups}))


@cache
def programme() -> Programme:
    """Return a programme of a report, what follows it, and what follows that."""
    after_due = {
        "name": "after_due",
        "form": "later",
        "anchor": "${due_date}",
        "offset": "14 days",
        "consent": "${follow_ok}",
        "new_anchor": "${answer.new_due}",
        "reschedules": "2",
        **REMINDED,
    }
    monthly = {
        "name": "monthly",
        "form": "news",
        "offset": "4 weeks",
        "repeat": "4 weeks",
        "until": "6 times",
        "on_no_answer": "keep",
        "reminders": "2 days",
    }
    six_weeks = {
        "name": "six_weeks",
        "form": "news",
        "offset": "42 days",
        "relevant": "${status} = 'born'",
        **REMINDED,
    }
    forms = [
        _form(
            "report",
            [["date", "due_date", "Due?"], ["select_one yes_no", "follow_ok", "May we ask?"]],
            [after_due, monthly],
        ),
        _form(
            "later",
            [
                ["select_one status", "status", "How is it?"],
                ["date", "new_due", "When now?", "${status} = 'still'"],
            ],
            [six_weeks],
        ),
        _form("news", [["text", "news", "Anything new?"]], []),
    ]
    keys = {(form.form_id, form.version): form for form in forms}
    courtesy = replace(Courtesy(), remind_hours=(24,))
    plain = replace(programme_of(), courtesy=courtesy, zone=ZoneInfo("UTC"))
    limits = replace(plain.limits, updates_a_minute=0, reports_a_day=0)
    known = replace(plain, languages=("en",), limits=limits).with_forms(keys)
    (report, later, news) = keys
    return replace(known, offered=(report,), asked=(later, news))
