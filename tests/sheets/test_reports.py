"""What the sheets say of a report, read back from the XML that was kept."""

from __future__ import annotations

from datetime import date, datetime

from conversations.session import Session
from conversations.sheets import (
    Duration,
    Severity,
    alerts_of,
    anchor_of,
    due_of,
    holds_for,
    may_be_asked,
    raised,
)
from conversations.sheets.occasions import moment_in
from conversations.sheets.parents import asked_by, told_of
from conversations.sheets.telling import lines_of
from conversations.sheets.validations import AtPlace, HaveRole, InArea, SpeakIt, Within
from conversations.xform.editing import read_submission
from conversations.xform.instance import Instance, Surroundings
from conversations.xform.reader import read_form
from locales.locale import locale_of
from storage.workbooks import convert
from tests.sheets.making import NAIROBI, NOW, form_with, report, sheets_with
from tests.sheets.test_problems import ALERT, ASK, FLAG, FOLLOW


def test_flags_are_raised_the_gravest_first() -> None:
    """A condition that holds raises its flag; what it read can be marked among the answers."""
    rows = [
        {**FLAG, "severity": "low"},
        {**FLAG, "name": "due", "relevant": "${due_date} < today()", "severity": "urgent"},
        {**FLAG, "name": "young", "relevant": "${age} < 15"},
    ]
    flags = sheets_with(flags=rows).flags
    found = raised(flags, report(form_with(flags=rows), {"age": "60", "due_date": "2026-01-01"}))
    assert [(flag.name, flag.severity) for flag in found] == [
        ("due", Severity.URGENT),
        ("old", Severity.LOW),
    ]
    assert found[0].about == ("/data/due_date",)


def test_a_blank_report_raises_nothing_and_anchors_nothing() -> None:
    """What was not answered is no reason for anything."""
    rows = {"flags": [FLAG], "followups": [FOLLOW, {**FOLLOW, "name": "sent", "anchor": ""}]}
    sheets, blank = sheets_with(**rows), report(form_with(**rows), {})
    assert raised(sheets.flags, blank) == ()
    assert [due_of(row, blank, NOW) for row in sheets.followups] == [
        None,
        datetime(2026, 12, 6, 12, 0, tzinfo=NAIROBI),
    ]


def test_an_anchor_is_the_day_the_report_gives() -> None:
    """A date question, a calculation, a number of days: each gives the day."""
    anchors = {
        "a": "${due_date}",
        "b": "${expected_on}",
        "c": "${due_date} + 7",
        "d": "'2027-03-01'",
        "e": "date('1600-01-01')",
        "f": "${due_date} + 9999999",
    }
    rows = [{**FOLLOW, "name": name, "anchor": anchor} for name, anchor in anchors.items()]
    sheets = sheets_with(followups=rows)
    told = report(form_with(followups=rows), {"due_date": "2026-12-20"})
    assert [anchor_of(row, told, NOW) for row in sheets.followups] == [
        date(2026, 12, 20),
        date(2026, 12, 20),
        date(2026, 12, 27),
        date(2027, 3, 1),
        date(1600, 1, 1),
        None,
    ]
    assert due_of(sheets.followups[0], told, NOW) == date(2027, 1, 3)


def test_a_follow_up_needs_its_consent_and_its_condition() -> None:
    """Without a yes nobody is asked, nor where the row is about something else."""
    row = {**FOLLOW, "relevant": "${topic} = 'pregnancy'", "consent": "${follow_ok}"}
    (follow_up,) = sheets_with(followups=[row]).followups
    for answers, holds in (
        ({"topic": "pregnancy", "follow_ok": "yes"}, True),
        ({"topic": "pregnancy", "follow_ok": "no"}, False),
        ({"topic": "pregnancy"}, False),
        ({"topic": "service", "follow_ok": "yes"}, False),
    ):
        assert holds_for(follow_up, report(form_with(followups=[row]), answers)) is holds


def test_an_ending_may_be_a_count_a_day_and_an_answer() -> None:
    """Whatever comes first ends the row; answers are those to the form that was asked."""
    row = {
        **FOLLOW,
        "repeat": "8 weeks",
        "until": "6 times; ${due_date} + 365; ${answer.stage} = 'arch'",
        "new_anchor": "${answer.new_due}",
        "withdraw": "${answer.stage} = 'stop'",
        "consent": "follow_ok",
    }
    (follow_up,) = sheets_with(followups=[row]).followups
    told = report(form_with(followups=[row]), {"due_date": "2026-12-20", "follow_ok": "yes"})
    until = follow_up.until
    assert until.times == 6
    assert until.day is not None
    assert moment_in(told.worked_out(until.day), NOW) == date(2027, 12, 20)
    told.surroundings = Surroundings(
        NOW, "en", "s", "i", NOW, beside={"answer": {"stage": "arch", "new_due": "2027-01-02"}}
    )
    assert until.condition is not None
    assert told.holds(until.condition)
    assert follow_up.withdraw is not None
    assert not told.holds(follow_up.withdraw)
    assert follow_up.new_anchor is not None
    assert moment_in(told.worked_out(follow_up.new_anchor), NOW) == date(2027, 1, 2)
    assert follow_up.reschedules == 1


def test_a_deadline_is_told_ahead_of_its_day() -> None:
    """The time-bar of a case is known years ahead; whoever works on it is warned in time."""
    row = {**ALERT, "offset": "20 years", "before": "3 months, 24 months, 12 months"}
    (deadline,) = sheets_with(followups=[row]).deadlines
    told = report(form_with(followups=[row]), {"due_date": "2026-12-20"})
    falls = due_of(deadline, told, NOW)
    assert deadline.alert == "case worker"
    assert falls is not None
    assert list(alerts_of(deadline, falls)) == [
        (Duration(24, "months"), date(2044, 12, 20)),
        (Duration(12, "months"), date(2045, 12, 20)),
        (Duration(3, "months"), date(2046, 9, 20)),
    ]


def test_a_text_quotes_answers_in_words() -> None:
    """No code reaches a person: choices, days and numbers read as their language writes them."""
    row = {
        **FOLLOW,
        "message::English (en)": "${topic}, due on ${due_date}, ${age} years: ${problems}.",
        "message::Kiswahili (sw)": "${topic}, tarehe ${expected_on}: ${problems}.",
    }
    (follow_up,) = sheets_with(followups=[row]).followups
    answers = {
        "topic": "pregnancy",
        "due_date": "2026-12-20",
        "age": "30",
        "problems": "closed cost",
    }
    form = form_with(followups=[row])
    assert follow_up.message.said(report(form, answers), locale_of("en")) == (
        "A pregnancy, due on 20 December 2026, 30 years: It was closed, It cost too much."
    )
    assert follow_up.message.said(report(form, answers, "sw"), locale_of("sw")) == (
        "Ujauzito, tarehe 20 Desemba 2026: Ilifungwa, Gharama."
    )
    assert follow_up.message.language("es", "sw-KE") == "sw"


def test_others_are_asked_only_where_nothing_forbids_it() -> None:
    """One row's `never` holds for all rows; the reporter's consent for each."""
    rows = [
        {**ASK, "audience": "area, language, role Health Worker"},
        {**ASK, "name": "far", "audience": "place ${topic}, 500 m of ${point}"},
        {**ASK, "name": "never", "never": "${topic} = 'pregnancy'", "relevant": "${age} > 1"},
    ]
    validations, form = sheets_with(validations=rows).validations, form_with(validations=rows)
    assert validations[0].audience == (InArea(), SpeakIt(), HaveRole("health worker"))
    assert validations[1].audience == (AtPlace("/data/topic"), Within(0.5, "/data/point"))
    agreed = report(form, {"topic": "service", "follow_ok": "yes"})
    assert [row.name for row in may_be_asked(validations, agreed)] == ["near", "far"]
    assert may_be_asked(validations, report(form, {"topic": "service"})) == ()
    birth = report(form, {"topic": "pregnancy", "follow_ok": "yes"})
    assert may_be_asked(validations, birth) == ()


FOLLOWING = """
| survey |
| | type | name | label | default | relevant |
| | date | new_due | ${parent.receipt}: it was ${parent.due_date}. Now? | ${parent.due_date} | |
| | note | late | It is late. | | ${parent.due_date} < today() |
"""
WRITTEN_OUT = """
| survey |
| | type | name | label | calculation | default | relevant |
| | xml-external | parent | | | | |
| | calculate | parent.due_date | | instance('parent')/root/due_date | | |
| | calculate | parent.receipt | | instance('parent')/root/receipt | | |
| | date | new_due | ${parent.receipt}: it was ${parent.due_date}. Now? | | ${parent.due_date} | |
| | note | late | It is late. | | | ${parent.due_date} < today() |
"""


def test_a_follow_up_form_knows_its_report() -> None:
    """Labels, defaults and conditions read the report, whether its rows are written out or not."""
    kept = "<data id='report'><where><due_date>2026-11-20</due_date></where><meta/></data>"
    parent = told_of(kept, "K7QX2", date(2026, 11, 1))
    for table in (FOLLOWING, WRITTEN_OUT):
        form = read_form(convert(table.encode(), "again.md").xform)
        assert form.warnings == ()
        around = Surroundings(NOW, "en", "seed", "uuid:1", NOW, beside={"parent": parent})
        instance = Instance.begin(form, around)
        state = instance.state("/data/new_due")
        assert state.label == "K7QX2: it was 2026-11-20. Now?"
        assert state.value == "2026-11-20"
        assert instance.state("/data/late").relevant
        alone = Instance.begin(form, Surroundings(NOW, "en", "seed", "uuid:1", NOW))
        assert alone.state("/data/new_due").label == ": it was . Now?"


def test_a_session_carries_no_more_of_the_report_than_its_form_asks() -> None:
    """What a follow-up does not ask for stays where it is kept."""
    form = read_form(convert(FOLLOWING.encode(), "again.md").xform)
    told = {"receipt": "K7QX2", "due_date": "2026-11-20", "village": "hill"}
    assert asked_by(form, told) == (("receipt", "K7QX2"), ("due_date", "2026-11-20"))
    session = Session("0" * 32, "en", "question", parent=asked_by(form, told))
    assert Session.from_json(session.to_json()) == session


def test_a_follow_up_opened_again_still_knows_its_report() -> None:
    """Whoever changes what they sent reads the same question as before."""
    form = read_form(convert(FOLLOWING.encode(), "again.md").xform)
    parent = {"receipt": "K7QX2", "due_date": "2026-11-20"}
    around = Surroundings(NOW, "en", "seed", "uuid:1", NOW, beside={"parent": parent})
    kept = Instance.begin(form, around).finish(NOW).xml
    again = read_submission(form, kept, Surroundings(NOW, "en", "seed", "uuid:2", NOW))
    assert again.state("/data/new_due").label == "K7QX2: it was 2026-11-20. Now?"


def test_a_line_says_what_each_row_will_do() -> None:
    """`baraza check` reads the sheets back to their author."""
    rows = {
        "flags": [{**FLAG, "action": "hold", "severity": "high"}],
        "followups": [
            {
                **FOLLOW,
                "repeat": "2 weeks",
                "until": "6 times; ${answer.status} = 'born'",
                "consent": "follow_ok",
                "send_window": "08:00-18:00",
                "reminders": "3 days, 7 days",
                "new_anchor": "${answer.due}",
                "withdraw": "${answer.status} = 'stop'",
                "neutral": "yes",
            },
            {**FOLLOW, "name": "ahead", "offset": "-1 week", "relevant": "${age} < 18"},
            {**FOLLOW, "name": "sent", "anchor": "", "offset": ""},
            {**ALERT, "before": "1 month, 2 months"},
        ],
        "validations": [
            {**ASK, "audience": "area, language, place ${topic}, 2 km of ${point}, role Elder"},
            {**ASK, "name": "any", "never": "${age} < 18", "relevant": "${topic} = 'service'"},
        ],
    }
    assert lines_of(sheets_with(**rows), form_with(**rows)) == (
        "flag old (high): if ${age} > 49, it puts it before moderators and holds it out of results",
        (
            "follow-up after_due: 14 days after ${due_date}, every 2 weeks, at most 6 times, "
            "until ${answer.status} = 'born', with the consent ${follow_ok}, "
            "between 08:00 and 18:00; asks form again; reminds after 3 days and 7 days, then it "
            "ends; ${answer.due} moves it, at most once; ${answer.status} = 'stop' takes the "
            "consent back; names no topic"
        ),
        "follow-up ahead: 1 week before ${due_date}, if ${age} < 18; asks form again",
        "follow-up sent: when the report is sent; asks form again",
        "deadline bar: on ${due_date}; tells the case worker 2 months, 1 month before",
        (
            "validation near: 3 to 9 people (of the report's area, who speak its language, of the "
            "place ${topic}, within 2 km of ${point}, with the role elder), with the consent "
            "${follow_ok}; within 7 days"
        ),
        (
            "validation any: 3 to 9 people (anybody), if ${topic} = 'service', with the consent "
            "${follow_ok}, never if ${age} < 18; within 7 days"
        ),
    )
