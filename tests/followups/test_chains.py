"""What a report asks for, and what an answer, or none, does to that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest

from conversations.followups.chains import (
    Ends,
    Goes,
    SoFar,
    alerts_in,
    answered,
    asks_of,
    unanswered,
    with_answer,
)
from conversations.sheets import read_sheets
from conversations.sheets.followups import FollowUp
from conversations.xform.form import Form
from conversations.xform.instance import Instance, Surroundings
from tests.sheets.making import NOW, form_with, report

DUE = date(2026, 12, 24)
PREGNANCY = {
    "name": "after_due",
    "form": "later",
    "anchor": "${expected_on}",
    "offset": "14 days",
    "consent": "${follow_ok}",
    "withdraw": "${answer.status} = 'stop'",
    "new_anchor": "${answer.new_due}",
    "reschedules": "2",
}
COURT = {
    "name": "hearing",
    "form": "later",
    "offset": "8 weeks",
    "repeat": "8 weeks",
    "until": "3 times; ${answer.status} = 'closed'",
    "on_no_answer": "keep",
}


def row_of(form: Form) -> FollowUp:
    """Return the only follow-up beside a form."""
    return read_sheets(form)[0].followups[0]


def answers(form: Form, given: Mapping[str, str], **filled: str) -> Instance:
    """Open a report with what was answered beside it."""
    kept = report(form, filled).finish(NOW)
    return with_answer(form, kept.xml, Surroundings(NOW, "en", "seed", "uuid:1", NOW), given)


@pytest.mark.parametrize(
    ("filled", "found"),
    [
        ({"due_date": "2026-12-24", "follow_ok": "yes"}, [DUE + timedelta(days=14)]),
        ({"due_date": "2026-12-24", "follow_ok": "no"}, []),
        ({"due_date": "2026-12-24"}, []),
        ({"follow_ok": "yes"}, []),
    ],
)
def test_what_a_report_asks_for(filled: dict[str, str], found: list[date]) -> None:
    """A row holds with its consent and its anchor; without either nothing is asked."""
    form = form_with(followups=[PREGNANCY])
    sheets = read_sheets(form)[0]
    asked = [when for _, when in asks_of(sheets, report(form, filled), NOW, {})]
    assert asked == found


@pytest.mark.parametrize(
    ("given", "moved", "outcome"),
    [
        ({"status": "stop"}, 0, Ends("withdrawn")),
        ({"status": "still", "new_due": "2027-01-10"}, 0, Goes(date(2027, 1, 24), 1)),
        ({"status": "still", "new_due": "2027-01-10"}, 1, Goes(date(2027, 1, 24), 2)),
        ({"status": "still", "new_due": "2027-01-10"}, 2, Ends("moved too often")),
        ({"status": "still", "new_due": ""}, 0, Ends("over")),
        ({"status": "born"}, 0, Ends("over")),
    ],
)
def test_what_an_answer_does(given: dict[str, str], moved: int, outcome: object) -> None:
    """It moves the day as often as the row allows, ends the row, or takes the consent back."""
    form = form_with(followups=[PREGNANCY])
    told = answers(form, given, due_date="2026-12-24", follow_ok="yes")
    assert answered(row_of(form), told, SoFar(DUE, 1, moved), NOW) == outcome


def test_a_row_that_repeats_counts_from_its_last_day() -> None:
    """Eight weeks after the day it was due, not after the answer; what is past is left out."""
    form = form_with(followups=[COURT])
    told = answers(form, {"status": "open"})
    weeks = timedelta(weeks=8)
    last = NOW.date()
    assert answered(row_of(form), told, SoFar(last, 1), NOW) == Goes(last + weeks, 0)
    long_ago = last - timedelta(weeks=40)
    goes = answered(row_of(form), told, SoFar(long_ago, 1), NOW)
    assert isinstance(goes, Goes)
    assert goes.when == last


def test_a_row_ends() -> None:
    """By its count over the whole chain, or by what was answered."""
    form = form_with(followups=[COURT])
    row, last = row_of(form), NOW.date()
    still, closed = answers(form, {"status": "open"}), answers(form, {"status": "closed"})
    assert answered(row, still, SoFar(last, 3), NOW) == Ends("asked often enough")
    assert answered(row, closed, SoFar(last, 1), NOW) == Ends("over")
    asked = list(asks_of(read_sheets(form)[0], report(form, {}), NOW, {"hearing": 3}))
    assert asked == []


def test_no_answer() -> None:
    """It ends the row, or keeps it going where the row says so, until its count."""
    kept, ended = form_with(followups=[COURT]), form_with(followups=[PREGNANCY])
    last = NOW.date()
    goes = unanswered(row_of(kept), answers(kept, {}), SoFar(last, 1), NOW)
    assert goes == Goes(last + timedelta(weeks=8), 0)
    assert unanswered(row_of(ended), answers(ended, {}), SoFar(last), NOW) == Ends("no answer")


def test_deadlines_are_told_ahead() -> None:
    """A case that is time-barred after twenty years is told of 24, 12 and 3 months before."""
    form = form_with(
        followups=[
            {
                "name": "time_bar",
                "anchor": "${due_date}",
                "offset": "20 years",
                "alert": "case worker",
                "before": "3 months, 24 months, 12 months",
                "message::English (en)": "Soon time-barred",
            }
        ]
    )
    found = alerts_in(read_sheets(form)[0], report(form, {"due_date": "2012-02-29"}), NOW)
    assert [when for _, _, when, _ in found] == [
        *(date(2030, 2, 28), date(2031, 2, 28), date(2031, 11, 29))
    ]


def test_a_moment_keeps_its_time() -> None:
    """Where a row counts from when the report was sent, it comes back at that time of day."""
    form = form_with(followups=[{**COURT, "until": "3 times"}])
    ((_, when),) = asks_of(read_sheets(form)[0], report(form, {}), NOW, {})
    assert isinstance(when, datetime)
    assert when == NOW + timedelta(weeks=8)
